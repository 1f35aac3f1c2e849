"""Which columns of a table are learned from, and what is said of the others."""

import numpy as np
import pytest

from hpsearch.data.tables.doubts import class_doubts
from tests.data.tables.reading import outcome, read

N = 60
KINDS = ["xy"[k // 5 % 2] for k in range(N)]
RNG = np.random.Generator(np.random.PCG64(1))
NOISE = RNG.normal(size=N).round(3)


def table(kinds=KINDS, **columns):
    """Return a file of a column of noise, some others, and the class."""
    header = ["noise", *columns, "kind"]
    return "\n".join(
        ",".join(map(str, row)) for row in [header, *zip(NOISE, *columns.values(), kinds, strict=True)]
    )


LEFT_OUT = {
    "constant": (["5"] * N, "every cell is the same; keep = "),
    "constant text": (["same"] * N, "every cell is the same; keep = "),
    "empty": ([""] * N, "every cell is missing"),
    "words for nothing": (["NA", "null", "?"] * 20, "every cell is missing"),
    "names": ([f"user {k}" for k in range(N)], "as good as each row has a text of its own; keep = "),
    "nearly all names": (
        ["twin", *(f"user {k}" for k in range(1, N - 1)), "twin"],
        "as good as each row has",
    ),
    "names with gaps": ([f"user {k}" if k % 3 else "" for k in range(N)], "as good as each row has a text"),
    "dates": ([f"2024-0{1 + k % 9}-01" for k in range(N)], 'it holds dates; dates = "parts" takes'),
}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_a_column_that_is_nothing_to_learn_from_is_left_out_and_said(name):
    """The note has the reason and the key that keeps it."""
    cells, why = LEFT_OUT[name]
    found = read(table(odd=cells))
    assert found.features == ("noise",)
    assert f"column 'odd' is left out: {why}" in found.notes[0]
    assert len(read(table(odd=cells), ignore=("odd",)).notes) == 0


@pytest.mark.parametrize("name", ["constant", "constant text", "names", "names with gaps", "dates"])
@pytest.mark.parametrize("key", ["keep", "categorical"])
def test_a_column_that_is_named_stays(name, key):
    """The study has the last word."""
    found = read(table(odd=LEFT_OUT[name][0]), **{key: ("odd",)})
    assert len(found.features) > 1
    assert not any("left out" in note for note in found.notes)


def test_columns_of_one_reason_are_one_note():
    """A wide table does not say the same thing a thousand times."""
    found = read(table(**{f"c{k}": ["5"] * N for k in range(50)}))
    assert len(found.notes) == 1
    assert found.notes[0].startswith("columns 'c0', 'c1', ")
    assert len(found.notes[0]) < 300


def test_a_few_rows_are_not_enough_to_call_texts_names():
    """Ten different texts in ten rows may be categories."""
    head, *rows = table(odd=LEFT_OUT["names"][0]).splitlines()
    assert len(read("\n".join([head, *rows[:10]])).features) == 11


def test_numbers_that_count_the_rows_are_an_index_in_the_first_column_only():
    """Elsewhere they are numbers, and a doubt."""
    counts = [str(k) for k in range(N)]
    found = read(table(counts=counts))
    assert found.features == ("noise", "counts")
    assert any("column 'counts' looks like an identifier" in doubt for doubt in found.doubts)


DOUBTS = {
    "rising numbers": [str(1000 + 3 * k) for k in range(N)],
    "shuffled numbers": [str(1000 + k) for k in RNG.permutation(N)],
}


@pytest.mark.parametrize("name", DOUBTS)
def test_an_identifier_is_doubted(name):
    """Whole numbers, one a row: the key that leaves them out is named."""
    found = read(table(odd=DOUBTS[name]))
    assert any("data.ignore: column 'odd' looks like an identifier" in doubt for doubt in found.doubts)
    assert any("ignore = ['odd'] leaves it out" in doubt for doubt in found.doubts)


LEAKS = {
    "the class": KINDS,
    "its code": ["01"[kind == "x"] for kind in KINDS],
    "a text for each class": ["yes" if kind == "x" else "no" for kind in KINDS],
    "several numbers for each class": [str((kind == "x") * 10 + k % 4) for k, kind in enumerate(KINDS)],
    "a number beyond a bound": [str(round((kind == "x") * 10 + NOISE[k], 3)) for k, kind in enumerate(KINDS)],
    "missing in one class": ["" if kind == "x" else str(k % 9) for k, kind in enumerate(KINDS)],
}


@pytest.mark.parametrize("name", LEAKS)
def test_a_column_that_gives_the_target_away_is_doubted(name):
    """As a text, a number, a range, or by what is missing."""
    doubts = read(table(odd=LEAKS[name])).doubts
    assert any("column 'odd' alone nearly determines the target" in doubt for doubt in doubts)
    assert not any("'noise'" in doubt for doubt in doubts)


def test_columns_that_help_are_not_doubted():
    """A column of noise, one that is right in 9 of 10 rows, and one of many values are features."""
    helps = [str(int((kind == "x") == (k % 10 > 0))) for k, kind in enumerate(KINDS)]
    many = [f"v{k % 29}" for k in range(N)]
    rare = ["y" if k % 20 else "x" for k in range(N)]
    assert read(table(helps=helps, many=many)).doubts == ()
    assert read(table(rare, flat=["1" if k % 19 else "0" for k in range(N)])).doubts == ()


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer", "digits"])
def test_no_column_of_the_built_in_sets_is_doubted(name):
    """They are what people measure; the best of them alone is right in 96 % of the irises."""
    from sklearn import datasets  # noqa: PLC0415

    bunch = getattr(datasets, f"load_{name}")()
    rows = [",".join([*(f"f{j}" for j in range(bunch.data.shape[1])), "kind"])]
    rows += [",".join([*map(str, row), f"k{k}"]) for row, k in zip(bunch.data, bunch.target, strict=True)]
    found = read("\n".join(rows))
    assert found.doubts == ()
    assert len(found.features) == bunch.data.shape[1] - (name == "digits") * 3  # corners that are always 0


def test_classes_that_differ_in_capitals_or_blanks_are_doubted():
    """They count as two; so do many whole numbers as classes without an order."""
    found = read(table([["Yes", "yes", "a  b", "a b"][k % 4] for k in range(N)]))
    assert sum("differ in capitals or blanks only" in doubt for doubt in found.doubts) == 2
    assert [doubt[:30] for doubt in class_doubts(range(11))] == ["data.target: 11 whole numbers,"]
    assert list(class_doubts(range(10))) == list(class_doubts([True, False, "a", "b"])) == []


@pytest.mark.parametrize(
    ("kinds", "shown"),
    [
        ([f"{k / 7:.3f}" for k in range(N)], 60),
        ([str(k * 1000) for k in range(N)], 60),
        ([str(k % 20) for k in range(N)], 20),
        ([str(k % 12 / 4) for k in range(N)], 12),
        ([*(str(k % 10) for k in range(N - 1)), "48"], 11),
    ],
)
def test_a_target_that_is_a_quantity_is_a_regression_and_task_overrides(kinds, shown):
    """It is not taken for classes; a note says so, unless the study has said it already."""
    found = read(table(kinds))
    note = f"the target has {shown} different numbers in 60 rows: a regression; "
    assert [text.startswith(note) for text in found.notes] == [True]
    assert (found.classes, found.y.dtype, found.label_type) == ((), np.float64, "")
    assert found.y.tolist() == [[float(kind)] for kind in kinds]
    again = read(table(kinds), task="regression")
    assert (again.notes, again.y.tolist()) == ((), found.y.tolist())
    assert len(read(table(kinds), task="classification").classes) == len(set(kinds))


@pytest.mark.parametrize(
    "kinds",
    [
        [str(k % 11) for k in range(N)],
        [*(str(k % 9) for k in range(N - 1)), "48"],
        ["1.0", "0.5"] * 30,
        [f"k{k}" for k in range(N)],
        [f"0{k}" for k in range(N)],
    ],
)
def test_a_target_of_few_numbers_or_of_texts_holds_classes(kinds):
    """Scores from 0 to 10, and names."""
    assert len(read(table(kinds)).classes) == len(set(kinds))


def test_nothing_left_to_learn_from_says_why():
    """All that was left out is in the refusal."""
    found = outcome(
        "when,name,kind\n" + "\n".join(f"2024-01-{1 + k % 28:02d},u{k},{k % 2}" for k in range(N))
    )
    assert found.startswith("t.csv: expected at least one column beside the target, found none left; column")
    assert "'name' is left out" in found
    assert "'when' is left out" in found

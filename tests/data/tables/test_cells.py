"""What a cell stands for, and the type of a column, from all its cells."""

import numpy as np
import pandas as pd
import pytest
from pandas._libs.parsers import STR_NA_VALUES

from hpsearch.data.tables.cells import MARKS
from hpsearch.errors import DataError
from tests.data.tables.reading import outcome, read

X = [2.5, -1.25, 1000.5, 7.0] * 10
KINDS = ["x", "y"] * 20
SPELLINGS = {
    "plain": "{:.2f}".format,
    "whole where it can be": "{:g}".format,
    "exponents": "{:e}".format,
    "thousands": "{:,.2f}".format,
    "thousands by apostrophes": lambda x: f"{x:,.2f}".replace(",", "'"),
    "thousands by blanks": lambda x: f"{x:,.2f}".replace(",", "\u202f"),
    "percent": "{:.2f}%".format,
    "percent after a blank": "{:.2f} %".format,
    "dollars": lambda x: f"${x:,.2f}".replace("$-", "-$"),
    "euros": "{:.2f} €".format,
    "a plus": "{:+.2f}".format,
    "decimal comma": lambda x: f"{x:.2f}".replace(".", ","),
    "decimal comma and points": lambda x: f"{x:,.2f}".translate({44: 46, 46: 44}),
    "decimal comma and percent": lambda x: f"{x:.2f} %".replace(".", ","),
}


def column(cells, *, sep=";", kinds=KINDS):
    """Return a file with one column of cells beside a number and the class."""
    rows = [
        f"{cell}{sep}{k * k % 7}{sep}{kind}" for k, (cell, kind) in enumerate(zip(cells, kinds, strict=False))
    ]
    return "\n".join([f"a{sep}b{sep}kind", *rows])


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("sep", [";", "\t", "|"])
def test_numbers_are_numbers_however_they_are_spelled(spelling, sep):
    """Thousands, units, a decimal comma: the number is the same; with and without a missing cell."""
    cells = [SPELLINGS[spelling](x) for x in X]
    found = read(column(cells, sep=sep))
    assert found.features == ("a", "b")
    assert found.X[:, 0].tolist() == X
    gone = read(column(["NA", *cells[1:-1], ""], sep=sep))
    assert np.isnan(gone.X[[0, -1], 0]).all()
    assert gone.X[1:-1, 0].tolist() == X[1:-1]


@pytest.mark.parametrize(
    ("cells", "sep", "keys", "first"),
    [
        (["1,100", "2,200"], ";", {}, 1.1),
        (['"1,100"', '"2,200"'], ",", {}, 1100.0),
        (["1,100", "2,200"], "\t", {"decimal": ","}, 1.1),
        (["1,100", "2,200"], "\t", {"decimal": "."}, 1100.0),
        (["1,100", "2,2"], "\t", {}, 1.1),
        (["1,100", "2,200.5"], "\t", {}, 1100.0),
        (["1.100", "2.200"], ";", {}, 1.1),
        (["1.100", "2.200"], ";", {"decimal": ","}, 1100.0),
        (["1.100", "2,5"], ";", {}, 1100.0),
    ],
)
def test_a_comma_is_read_as_the_file_shows_or_the_study_says(cells, sep, keys, first):
    """One number that reads one way decides; else the separator; else the study has to."""
    assert read(column(cells * 20, sep=sep), **keys).X[0, 0] == first


def test_a_comma_that_could_be_either_is_refused():
    """With the key that mends it."""
    with pytest.raises(
        DataError, match=r"column 'a': .* found '1,100'; write decimal = \",\" or decimal = \"\.\""
    ):
        read(column(["1,100", "2,200"] * 20, sep="\t"))


@pytest.mark.parametrize("mark", sorted({*MARKS, *STR_NA_VALUES}))
@pytest.mark.parametrize("cells", [["1", "2.5"], ["red", "blue"], ["10-50", "5"], ["True", "FALSE"]], ids=str)
def test_marks_of_pandas_are_missing_in_numbers_and_in_texts(mark, cells):
    """In the first row as well as in others; texts have a category for them."""
    for place in (0, 5):
        given = [*cells * 10]
        given[place] = mark
        found = read(column(given))
        held = pd.read_csv(pd.io.common.StringIO(column(given)), sep=";").a
        if found.categorical:
            assert found.categorical[0].labels[0] == ""
            assert np.flatnonzero(found.X[:, 0]).tolist() == [place]
        else:
            assert np.flatnonzero(np.isnan(found.X[:, 0])).tolist() == [place]
        assert mark in {"?", "NaT"} or held.isna().tolist() == [k == place for k in range(20)]
        assert any("'None' in 1 rows is read as missing" in note for note in found.notes) == (mark == "None")


def test_the_study_says_what_is_missing():
    """``missing`` takes the place of the usual marks; the empty cell is always missing."""
    cells = ["None", "gold", "-1", ""] * 10
    found = read(column(cells), missing=("-1",))
    assert found.categorical[0].labels == ("", "None", "gold")
    assert read(column(["5", "-1", "7", ""] * 10), missing=("-1",)).X[0, 0] == 5
    assert read(column(cells), missing=()).categorical[0].labels == ("", "-1", "None", "gold")


@pytest.mark.parametrize(
    ("cells", "labels"),
    [
        (["1", "red"], ("1", "red")),
        (["18-25", "26+"], ("18-25", "26+")),
        (["1st", "2nd"], ("1st", "2nd")),
        (["7", "A1"], ("7", "A1")),
        (["5%", "5"], ("5", "5%")),
        (["$5", "5 €"], ("$5", "5 €")),
        (["TRUE", "false"], ("False", "True")),
        (["1_000", "2"], ("1_000", "2")),
        (["0x10", "2"], ("0x10", "2")),
        (["12:30", "7:15"], ("12:30", "7:15")),
    ],
)
def test_a_column_with_any_other_cell_holds_categories(cells, labels):
    """Wherever that cell stands, first or last."""
    for given in (cells, cells[::-1]):
        assert read(column(given * 20)).categorical[0].labels == labels


def test_a_column_that_is_named_holds_its_texts():
    """Numbers and dates are categories, as they are spelled."""
    assert read(column(["01", "1"] * 20), categorical=("a",)).categorical[0].labels == ("01", "1")
    assert read(column(["2024-01-01", "1"] * 20), categorical=("a",)).categorical[0].labels[1] == "2024-01-01"


def test_codes_with_zeros_in_front_are_said():
    """They are numbers, as pandas reads them; the note has the key that makes them categories."""
    found = read(column(["01000", "80331"] * 20))
    assert found.X[:2, 0].tolist() == [1000, 80331]
    assert "'01000' looks like a code; categorical = ['a'] makes each a category" in found.notes[0]
    assert not read(column(["0", "10"] * 20)).notes


def test_all_faults_are_said_at_once():
    """Names that are not there, infinities, stray texts, a target that is no number: each with its mend."""
    cells = [[f"{k}.5", str(k), str(2 * k), str(k / 7)] for k in range(40)]
    cells[3][1], cells[5][2], cells[7][3] = "inf", "gone", "x"
    rows = [",".join(row) for row in cells]
    text = "\n".join(["a,b,c,kind", *rows])
    found = outcome(text, ignore=("e",), categorical=("f",), task="regression")
    assert "\n" not in found
    for part in (
        "ignore: expected a column 'e', found none",
        "categorical: expected a column 'f', found none",
        "column 'b', row 3: expected a finite number, found infinity in 1 rows; ignore = ['b'] leaves",
        "column 'c': expected numbers in all rows, found 'gone' in 1 rows; categorical = ['c'] makes",
        "column 'kind', row 7: expected a number, for a regression, found 'x' in 1 rows",
    ):
        assert part in found


def test_a_few_texts_among_many_numbers_are_a_fault():
    """Hundreds of categories are not what was meant: the refusal has the keys that mend it."""
    cells = [f"{k}.5" for k in range(39)]
    found = outcome(column([*cells, "unknown"]))
    assert (
        "column 'a': expected numbers in all rows, found 'unknown' in 1 rows; categorical = ['a'] makes"
        in found
    )
    assert "missing = ['unknown'] a missing one, and ignore = ['a'] leaves the column out" in found
    assert np.isnan(read(column([*cells, "unknown"]), missing=("unknown",)).X[39, 0])
    assert len(read(column([*cells, "unknown"]), categorical=("a",)).features) == 41
    assert read(column([*cells, "unknown"]), ignore=("a",)).features == ("b",)


def test_a_text_among_codes_that_repeat_is_one_more_code():
    """Patients 0 to 20 with three rows each, some of them ``12a``: categories, with a note."""
    codes = [str(k % 21) for k in range(70)]
    codes = [*codes[:66], *["12a"] * 4]
    found = read(column(codes, kinds="xy" * 35))
    assert len(found.categorical[0].labels) == 22
    assert "column 'a' is read as categories, because of '12a' among numbers; categorical" in found.notes[0]
    numbers = codes[:66]
    for others, text in (
        ([f"{code}.5" for code in numbers], "12a"),
        ([f"${code}" for code in numbers], "12a"),
        (numbers[5:60], "12a"),
        (numbers, "unknown"),
        (numbers, "90+"),
    ):
        refusal = outcome(column([*others, *[text] * 4], kinds="xy" * 35))
        assert f"expected numbers in all rows, found '{text}' in 4 rows" in refusal


def test_a_few_texts_among_few_numbers_are_said():
    """``0``, ``1``, ``2`` and ``3+`` are categories, with a note."""
    found = read(column([*"012" * 12, "0", "1", "2", "3+"]))
    assert found.categorical[0].labels == ("0", "1", "2", "3+")
    assert "column 'a' is read as categories, because of '3+' among numbers; categorical = " in found.notes[0]
    assert not read(column([*"012" * 12, "0", "1", "2", "3+"]), categorical=("a",)).notes

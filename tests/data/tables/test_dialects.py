"""A table that pandas writes in any dialect is read back as it was."""

import bz2
import csv
import gzip
import io
import lzma
import zipfile

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsearch.data.tables.unpack import unpacked
from hpsearch.errors import DataError
from hpsearch.memory import MemoryLimit
from tests.data.tables.reading import outcome, read

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
COLORS = ["red", "blue", "green"]
WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=6)
NUMBERS = st.floats(-1e9, 1e9).map(lambda x: round(x, 4)) | st.integers(-(10**6), 10**6)


def frame(n=40):
    """Return a table of numbers, texts and a class."""
    rng = np.random.Generator(np.random.PCG64(0))
    return pd.DataFrame(
        {
            "size": rng.normal(0, 300, n).round(2),
            "rank": [k * k % 11 for k in range(n)],
            "color": [COLORS[k * k % 3] for k in range(n)],
            "kind": ["xy"[k // 3 % 2] for k in range(n)],
        }
    )


def says(found, table):
    """Return whether examples hold what a table does."""
    colors = sorted(set(table.color))
    return (
        found.features == ("size", "rank", *(f"color={color}" for color in colors))
        and found.X[:, 0].tolist() == table["size"].tolist()
        and found.X[:, 1].tolist() == table["rank"].tolist()
        and [colors[place] for place in found.X[:, 2:].argmax(axis=1)] == table.color.tolist()
        and [found.classes[k] for k in found.y] == table.kind.tolist()
    )


@pytest.mark.parametrize("sep", [",", ";", "\t", "|", " "])
@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_in_any_dialect_is_read_back(sep, decimal, encoding, quoting, end):
    """Separators, decimal marks, encodings, quotes and ends of lines, each with each."""
    table = frame()
    table["color"] = table.color.replace("red", "größe")
    text = table.to_csv(index=False, sep=sep, decimal=decimal, quoting=quoting, lineterminator=end)
    found = read(text.encode(encoding))
    assert says(found, table)
    assert any("decimal comma" in note for note in found.notes) == (decimal == ",")
    assert any("cp1252" in note for note in found.notes) == (encoding == "cp1252")


@given(
    st.lists(st.tuples(NUMBERS, WORDS, WORDS), min_size=2, max_size=30),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from([".", ","]),
    st.booleans(),
)
def test_any_cells_are_read_back(rows, sep, decimal, all_quoted):
    """Numbers to the last bit and texts without the blanks around them, whatever has to be quoted."""
    texts = [(text.strip(), kind.strip()) for _, text, kind in rows]
    if (
        any(not text or not kind or text[0] in "#%/" for text, kind in texts)
        or len({k for _, k in texts}) < 2
    ):
        return
    table = pd.DataFrame(
        {"n": [float(n) for n, _, _ in rows], "t": [t for _, t in texts], "kind": [k for _, k in texts]}
    )
    quoting = csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL
    text = table.to_csv(index=False, sep=sep, decimal=decimal, quoting=quoting)
    found = read(text, keep=("n",), categorical=("t",), decimal=decimal, missing=(), task="classification")
    assert found.X[:, 0].tolist() == table.n.tolist()
    assert [str(found.classes[k]) for k in found.y] == table.kind.tolist()
    labels = found.categorical[0].labels
    assert [labels[k] for k in found.X[:, 1:].argmax(axis=1)] == table.t.tolist()


HABITS = {
    "a comment": lambda text: "# made by lab, 2024\n#\n" + text,
    "a title": lambda text: "Report of 2024\n\n" + text,
    "a title with a comma": lambda text: "Report of May, 2024\n" + text,
    "a declared separator": lambda text: "sep=;\n" + text.replace(",", ";"),
    "a declared separator in quotes": lambda text: '"sep=;"\r\n' + text.replace(",", ";"),
    "empty lines": lambda text: "\n\n" + text.replace("\n", "\n\n"),
    "blanks around": lambda text: text.replace(",", " , "),
    "many blanks": lambda text: text.replace(",", "    "),
    "blanks in front": lambda text: "\n".join("  " + line for line in text.replace(",", "  ").splitlines()),
    "a separator at the end": lambda text: text.replace("\n", ",\n"),
    "a separator at the end of the rows": lambda text: text.replace("\n", ",\n").replace(",\n", "\n", 1),
    "a mark before the header": lambda text: "#" + text,
    "no end of the last line": lambda text: text.rstrip("\n"),
    "an end of file of DOS": lambda text: text + "\x1a",
    "a byte-order mark": lambda text: "\ufeff" + text,
}


@pytest.mark.parametrize("habit", HABITS)
def test_the_habits_of_files_change_nothing(habit):
    """What people and programs add to a table is passed over, and said where it is a line of text."""
    table = frame()
    found = read(HABITS[habit](table.to_csv(index=False)))
    assert says(found, table)
    assert any("is no row" in note for note in found.notes) == habit.startswith(("a comment", "a title"))


def test_quoted_ends_of_lines_and_quotes_are_text():
    """They belong to the cell, and do not shift the rows."""
    table = frame()
    table["color"] = [f'{color},\r\n"{color}"; |\n\n' for color in table.color]
    found = read(table.to_csv(index=False))
    table["color"] = table.color.str.strip()
    assert says(found, table)


@pytest.mark.parametrize("name", ["", "Unnamed: 0", "named"])
@pytest.mark.parametrize("start", [0, 1])
def test_an_index_is_no_feature(name, start):
    """As pandas and R write it; ``keep`` learns from it all the same."""
    table = frame()
    table.index += start
    found = read(table.rename_axis(name or None).to_csv())
    assert says(found, table)
    assert found.notes == (
        f"column {name!r} is left out: it names or counts the rows; keep = [...] learns from it",
    )
    assert read(table.rename_axis(name or None).to_csv(), keep=(name,)).features[0] == name


def test_an_index_of_r_has_no_name_in_the_header():
    """The header is one field shorter than the rows; names of rows are an index as well as numbers."""
    table = frame()
    table.index = [f"row {k}" for k in range(len(table))]
    head, *rows = table.to_csv(sep=" ", quoting=csv.QUOTE_NONNUMERIC).splitlines()
    found = read("\n".join([head.removeprefix('"" '), *rows]))
    assert says(found, table)


def test_an_index_is_found_where_rows_are_left_out():
    """It counts all rows of the file."""
    table = frame()
    table.loc[3, "kind"] = None
    found = read(table.to_csv())
    assert says(found, table.dropna())
    assert "1 of 40 rows" in found.notes[0]


def test_a_file_without_a_header_is_asked_for():
    """Its columns are counted; a header of numbers is refused with the key that mends it."""
    table = frame()
    text = table.to_csv(index=False, header=False)
    with pytest.raises(DataError, match=r"expected names of columns, found .*write header = false"):
        read(text)
    found = read(text, header=False, target="x3")
    assert found.features == ("x0", "x1", "x2=blue", "x2=red")
    assert len(found.y) == len(table)


PACKERS = {".gz": gzip.compress, ".xz": lzma.compress, ".bz2": bz2.compress}


def packed(data, ending, name="t.csv"):
    """Return a file as it is packed."""
    if ending in PACKERS:
        return PACKERS[ending](data)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("__MACOSX/._t.csv", "x")
        archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("ending", [".gz", ".xz", ".bz2", ".zip"])
def test_a_packed_table_is_the_table(load, tmp_path, ending):
    """Packed and plain files have the same data; the study names the file as it is."""
    data = frame().to_csv(index=False).encode()
    (tmp_path / "t.csv").write_bytes(data)
    (tmp_path / f"u.csv{ending}").write_bytes(packed(data, ending))
    plain, found = load("t.csv", target="kind"), load(f"u.csv{ending}", target="kind")
    assert found.content_hash == plain.content_hash


@pytest.mark.parametrize("ending", [".gz", ".xz", ".bz2", ".zip"])
def test_a_packed_table_that_is_damaged_or_too_large_is_refused(ending):
    """In one line; a bomb ends at the limit of memory."""
    limit = MemoryLimit(gib=1e-5)
    for data in (b"", b"not packed", packed(b"x" * 100, ending)[:-12]):
        with pytest.raises(DataError, match=rf"^t: expected a readable {ending} file, found: "):
            unpacked(data, name=f"t.csv{ending}", where="t", limit=limit)
    with pytest.raises(DataError, match=r"^t: expected at most 1e-05 GiB in memory, found 10,738 bytes or m"):
        unpacked(packed(b"x" * 10**6, ending), name=f"t.csv{ending}", where="t", limit=limit)


def test_an_archive_of_several_files_is_refused():
    """Which of them is meant, it does not say."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", "x")
        archive.writestr("b.csv", "x")
    with pytest.raises(DataError, match=r"^t: expected an archive of one file, found 'a.csv', 'b.csv'"):
        unpacked(out.getvalue(), name="t.zip", where="t", limit=MemoryLimit())


@given(st.binary(max_size=120), st.sampled_from(["csv", "arff"]))
def test_no_bytes_of_any_encoding_do_worse_than_a_refusal(data, kind):
    """Whatever bytes a file begins with, it is read or refused in one line."""
    found = outcome(data + b"\na,kind\n1,x\n2,y\n", kind=kind)
    assert "\n" not in found if isinstance(found, str) else not np.isinf(found.X).any()

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsearch.data.table import read_table
from hpsearch.errors import DataError, ExitCode

SMALL = "a,kind,b\n1,x,2\n3,y,4\n"


def read(text, target="kind", *, categorical=(), ignore=()):
    """Read a text as the file ``t.csv``."""
    data = text if isinstance(text, bytes) else text.encode()
    return read_table(data, where="t.csv", target=target, categorical=categorical, ignore=ignore)


cells = st.text(st.characters(blacklist_categories=("Cc", "Cs")), max_size=8)
labels = st.text(
    st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), min_size=1, max_size=8
)


@given(
    st.lists(st.tuples(st.floats(allow_nan=False, allow_infinity=False), labels), min_size=2),
    st.sampled_from(",;\t"),
)
def test_what_was_written_is_read(rows, delimiter):
    """Numbers come back to the last bit and labels to the last character, whatever has to be quoted."""
    kinds = [label.strip() for _, label in rows]
    if not all(kinds) or len(set(kinds)) < 2:
        return
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([("a", "kind"), *((repr(x), label) for x, label in rows)])
    table = read(out.getvalue())
    assert table.X[:, 0].tolist() == [x for x, _ in rows]
    assert [str(table.classes[i]) for i in table.y] == kinds
    assert list(table.classes) == sorted(table.classes)


@pytest.mark.parametrize(
    "text",
    [
        SMALL,
        SMALL.replace(",", ";"),
        SMALL.replace(",", "\t"),
        SMALL.replace("\n", "\r\n"),
        "\ufeff" + SMALL,
        SMALL.rstrip(),
        SMALL + "\n\n",
        "\n" + SMALL.replace(",", " , "),
        'a,"kind",b\n"1","x",2\n3,"y",4\n',
        "a,kind,b\n1e0,x,+2.\n 3.0 ,y,.4e1\n",
    ],
)
def test_fault_39_the_usual_ways_to_write_a_table_are_read(text):
    """Delimiters, line ends, a byte-order mark, quotes and blanks do not change what a table says."""
    table = read(text)
    assert table.X.tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert table.y.tolist() == [0, 1]
    assert table.classes == ("x", "y")
    assert table.features == ("a", "b")


@pytest.mark.parametrize(
    ("written", "classes"),
    [
        (["10", "9"], (9, 10)),
        (["-1", "0"], (-1, 0)),
        (["01", "1"], ("01", "1")),
        (["1", "x"], ("1", "x")),
        (["1.0", "2"], ("1.0", "2")),
        (["9" * 19, "1"], ("1", "9" * 19)),
        (["ü", "a b"], ("a b", "ü")),
    ],
)
def test_labels_are_whole_numbers_or_texts(written, classes):
    """Labels are whole numbers when every one is written as one, and sort as what they are."""
    assert read("a,kind\n" + "".join(f"1,{label}\n" for label in written)).classes == classes


def test_fault_39_lines_are_counted_through_quoted_line_breaks():
    """A field that goes over several lines does not shift the lines of later errors."""
    with pytest.raises(DataError, match=r"^t\.csv:6: column 'a': expected a finite number, found 'bad'; if"):
        read('a,kind\n1,"x\n\ny"\n\nbad,z\n')


REFUSED = [
    ("", r"t.csv: expected a header line and rows, found an empty file"),
    ("\n\n", r"t.csv: expected a header line and rows, found an empty file"),
    ("a,kind\n", r"t.csv: expected rows below the header, found none"),
    ("a\n1\n", r"t.csv:1: expected at least 2 columns, found 'a' alone"),
    ("a,,kind\n1,2,3\n", r"t.csv:1: expected a name for column 2, found a blank"),
    ("a,kind,a\n1,2,3\n", r"t.csv:1: expected different names, found 'a' twice"),
    ("a,kind\n1,x\n1\n", r"t.csv:3: expected 2 fields, found 1"),
    ("a,kind\n1,x\n1,y,\n", r"t.csv:3: expected 2 fields, found 3"),
    ("a,kind\n1,x\nred,y\n", r"t.csv:3: column 'a': expected a finite number, found 'red'"),
    ("a,kind\n1,x\n,y\n", r"t.csv:3: column 'a': expected a finite number, found an empty cell"),
    ("a,kind\nnan,x\n2,y\n", r"t.csv:2: column 'a': expected a finite number, found 'nan'"),
    ("a,kind\n-inf,x\n2,y\n", r"t.csv:2: column 'a': expected a finite number, found '-inf'"),
    ("a,kind\n1e400,x\n2,y\n", r"t.csv:2: column 'a': expected a finite number, found '1e400'"),
    ("a,kind\n1_000,x\n2,y\n", r"t.csv:2: column 'a': expected a finite number, found '1_000'"),
    ('a;kind\n"1,5";x\n2;y\n', r"t.csv:2: column 'a': expected a finite number, found '1,5'"),
    ("a,kind\n1, \n2,y\n", r"t.csv:2: column 'kind': expected a class, found an empty cell"),
    ("a,kind\n1,x\n2,x\n", r"t.csv: expected at least 2 classes, found 1: 'x'"),
    ('a,kind\n1,"x\n', r"t.csv:2: expected comma-separated fields, found: unexpected end of data"),
    (f"a,kind\n1,{'x' * 200_000}\n", r"t.csv:2: expected comma-separated fields, found: field larger than"),
    (f"a,kind\n{'?' * 1000},x\n", r"t.csv:2: column 'a': expected a finite number, found '\?{60}…'; if it"),
    ("a,kind\n\x1b[31m,x\n", r"t.csv:2: column 'a': expected a finite number, found '\\x1b\[31m'"),
    (SMALL.encode("utf-16"), r"t.csv: expected UTF-8 text, found UTF-16 or UTF-32; save the file as UTF-8"),
    (
        SMALL.encode("utf-16-le"),
        r"t.csv:1: expected text, found a NUL character; is it a CSV file in UTF-8\?",
    ),
    (b"a,kind\n1,\xfc\n", r"t.csv:2: expected UTF-8 text, found byte 0xfc; save the file as UTF-8"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=[m[:50] for _, m in REFUSED])
def test_fault_38_39_a_table_that_cannot_be_learned_from_is_refused(text, message):
    """The refusal is one line that names file, line and column, and what was found there."""
    with pytest.raises(DataError, match=f"^{message}") as refusal:
        read(text)
    assert str(refusal.value).isprintable()
    assert refusal.value.exit_code is ExitCode.USAGE


def test_the_target_has_to_be_named():
    """Without a target the refusal lists the columns."""
    with pytest.raises(
        DataError, match=r'target = "\.\.\." to name the column of the class, one of \'a\', \'kind\', \'b\''
    ):
        read(SMALL, target=None)


def test_a_missing_target_names_the_nearest_column():
    """A target that is not there is refused with the column that was probably meant, or with all of them."""
    with pytest.raises(
        DataError, match=r"t\.csv: expected a column 'knid', found none; did you mean .kind.\?"
    ):
        read(SMALL, target="knid")
    with pytest.raises(
        DataError, match="expected a column 'zzz', found none; the columns are 'a', 'kind', 'b'"
    ):
        read(SMALL, target="zzz")


@given(
    st.binary(max_size=200)
    | st.text("a,kind\n\r\"'1.x;\t ", max_size=60).map(lambda t: f"a,kind\n{t}".encode())
)
def test_fault_39_no_bytes_do_worse_than_a_refusal(data):
    """Whatever a file holds, it is a finite table or it is refused in one line."""
    table = outcome(data)
    if isinstance(table, str):
        assert "\n" not in table
    else:
        assert np.isfinite(table.X).all()
        assert table.X.shape == (len(table.y), len(table.features))


def outcome(data):
    """Return the table, or the words of its refusal."""
    try:
        return read(data)
    except DataError as error:
        return str(error)

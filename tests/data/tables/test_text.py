import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsearch.errors import DataError, ExitCode
from hpsearch.number import read_number
from tests.data.tables.reading import outcome, read

SMALL = "a,kind,b\n1,x,2\n3,y,4\n"


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
    numbers = [read_number(kind) for kind in kinds]
    if None not in numbers and not np.isfinite(np.array(numbers, float)).all():
        return  # an infinite class is refused
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([("a", "kind"), *((repr(x), label) for x, label in rows)])
    table = read(out.getvalue(), keep=("a",), missing=())
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
    text = "a,kind\n" + "".join(f"1,{label}\n" for label in written)
    assert read(text, keep=("a",), task="classification").classes == classes


def test_fault_39_lines_are_counted_through_quoted_line_breaks():
    """A field that goes over several lines does not shift the lines of later errors."""
    with pytest.raises(DataError, match=r"^t\.csv:6: expected 2 fields, found 3; so are 1 more lines"):
        read('a,kind\n1,"x\n\ny"\n\n1,2,z\n1,y\n1,"a\nb",\n')


REFUSED = [
    ("", r"t.csv: expected a header line and rows, found an empty file"),
    ("\n\n", r"t.csv: expected a header line and rows, found an empty file"),
    ("a,kind\n", r"t.csv: expected rows below the header, found none"),
    ("a\n1\n", r"t.csv:1: expected at least 2 columns, found 'a' alone"),
    ("a,,kind,\n1,2,3,4\n", r"t.csv:1: expected a name for column 2, 4, found a blank"),
    ("a,kind,a\n1,2,3\n", r"t.csv:1: expected different names, found 'a' twice"),
    ("5,1,5\n1,2,3\n", r"t.csv:1: expected different names, found '5' twice; .* write header = false"),
    ("5.1,1,x\n1,2,y\n", r"t.csv:1: expected names of columns, found '5.1'; .* write header = false"),
    ("a,kind\n1,x\n1\n", r"t.csv:3: expected 2 fields, found 1"),
    ("a,kind\n1,x\n1,y,\n", r"t.csv:3: expected 2 fields, found 3"),
    (
        "a,kind\n-inf,x\n2,y\n",
        r"t.csv: column 'a', row 0: expected a finite number, found infinity in 1 rows; ig",
    ),
    (
        "a,b,kind\n1e400,1,x\n2,inf,y\n",
        r"t.csv: column 'a', row 0: .*; column 'b', row 1: .* leaves the column",
    ),
    ("a,kind\n1, \n2,\n", r"t.csv: column 'kind': expected classes, found every cell missing"),
    ("a,kind\n1,x\n2,x\n", r"t.csv: expected at least 2 classes, found 1: 'x'"),
    (
        "a,kind\n1,x\n2,None\n",
        r"t.csv: .* found 1: 'x'; 1 of 2 rows are left out, .*; missing = \[...\] says",
    ),
    ('a,kind\n1,"x\n', r"t.csv: expected a table of text, found: EOF inside string starting at row 1"),
    (
        "a,kind\n1,x\n1,x\n",
        r"t.csv: expected at least one column .*; column 'a' is left out: every cell is the same",
    ),
    ("a\0b,kind\n1,x\n", r"t.csv:1: expected text, found a NUL character; is it a table in UTF-8\?"),
    (b"\xff\xfea\x00,\x00b", r"t.csv: expected text, found bytes that are no utf-16 at"),
    (
        "a\tkind\n1,100\tx\n2,200\ty\n",
        r"t.csv: column 'a': expected numbers of one reading, .* decimal = \",\" or",
    ),
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
        assert not np.isinf(table.X).any()
        assert table.X.shape == (len(table.y), len(table.features))

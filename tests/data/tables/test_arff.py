"""Tables in ARFF."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.io import arff as scipy_arff

from hpsearch.errors import DataError
from tests.data.tables.reading import read

SMALL = """% A comment
@RELATION t

@ATTRIBUTE size REAL
@attribute 'the rank'  integer
@ATTRIBUTE color {red, 'dark blue',green}
@ATTRIBUTE code {1,2}
@ATTRIBUTE note STRING
@ATTRIBUTE kind {x,y}
@DATA
% another
1.5, 3, red, 1, 'it\\'s, "fine"', x
?,?,'dark blue',2,?,y
2.5,4,?,1,"plain",x
"""


def test_a_table_of_arff_is_read():
    """Names and cells in quotes, comments, missing cells; nominal columns are categories."""
    found = read(SMALL, kind="arff")
    assert found.features[:2] == ("size", "the rank")
    assert [(c.name, c.labels) for c in found.categorical] == [
        ("color", ("", "dark blue", "red")),
        ("code", ("1", "2")),
        ("note", ("", 'it\'s, "fine"', "plain")),
    ]
    assert np.isnan(found.X[1, :2]).all()
    assert found.X[[0, 2], :2].tolist() == [[1.5, 3], [2.5, 4]]
    assert found.classes == ("x", "y")


@given(
    st.lists(st.tuples(st.floats(-1e6, 1e6), st.sampled_from(["a", "b c", "d,e"])), min_size=2, max_size=9)
)
def test_scipy_reads_the_same(tmp_path_factory, rows):
    """Numbers to the last bit, and nominal values."""
    text = "@relation t\n@attribute n numeric\n@attribute t {a,'b c','d,e'}\n@attribute kind {x,y}\n@data\n"
    text += "".join(f"{n!r},'{t}',{'xy'[k % 2]}\n" for k, (n, t) in enumerate(rows))
    path = tmp_path_factory.mktemp("arff") / "t.arff"
    path.write_text(text)
    wanted, _ = scipy_arff.loadarff(path)
    found = read(text, kind="arff", keep=("n", "t"))
    assert found.X[:, 0].tolist() == wanted["n"].tolist()
    labels = found.categorical[0].labels
    assert [labels[k].encode() for k in found.X[:, 1:].argmax(axis=1)] == [t.encode() for _, t in rows]


REFUSED = [
    ("@relation t\n", r"t.arff: expected a line @data, found none"),
    ("@relation t\n@data\n1,2\n", r"t.arff: expected an ARFF file of 2 @attribute lines or more, found 0"),
    (
        "@attribute a blob\n@data\n",
        r"t.arff:1: expected @attribute NAME and {...} or one of numeric, ",
    ),
    ("a,kind\n1,x\n", r"t.arff:1: expected @attribute NAME and .*, found 'a,kind'"),
    (SMALL.replace("'the rank'", "size"), r"t.arff: expected different names, found 'size' twice"),
    (SMALL.replace("1.5, 3,", "1.5,"), r"t.arff:12: expected 6 fields, found 5"),
    (SMALL.replace('"plain"', '"plain'), r"t.arff:14: expected 6 fields, found "),
    (SMALL.replace("2.5,4,?,1,", "{0 2.5, 5 x}"), r"t.arff:14: expected a row of fields, found a sparse one"),
    (SMALL[: SMALL.index("1.5, 3")], r"t.arff: expected rows below @data, found none"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=[m[:40] for _, m in REFUSED])
def test_another_file_is_refused_with_its_line(text, message):
    """In one line."""
    with pytest.raises(DataError, match=f"^{message}") as refusal:
        read(text, kind="arff")
    assert "\n" not in str(refusal.value)

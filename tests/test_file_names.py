"""Names of files for what has a name of its own: good on every system, and never one file for two names."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hpsearch.files import file_name, replacing, whole_file

KEPT = ["digits", "small_2", "my study", "x.confirm", "openml-61", "数字", "é", "a" * 100, "試" * 33, "a.b-c"]
CLASSES = [
    ["a/b", "a\\b", "a:b", "a*b", "a_b", "a?b", "a|b", "a\tb", "a\nb", "a\x7fb"],
    ["Digits", "digits", "DIGITS", "dIGITS"],
    ["é", "e\u0301", "É", "E\u0301"],
    ["a", "a.", "a ", "a..", ".a", " a", "a .", "-a", "a\u200b", "a\u00a0"],
    ["con", "CON", "con.x", "con .x", "_con", "com1", "com¹", "nul", "NUL.txt", "conin$"],
    ["x" * 100, "x" * 101, "x" * 150 + "y", "x" * 150 + "z", "試" * 34, "試" * 35],
    ["ß", "ss", "ẞ", "SS", "ς", "\u03c3", "Σ", "\u0131", "i", "I", "İ", "ﬁ", "fi", "\u017f", "s", "K", "k"],
    ["-", "_", ".", "..", " ", "", "~", "/", "\\", "//", "\ud800"],
    ["a-0123456789ab", "a-c14cddc033f6", "a_b-c14cddc033f6", "a/b"],
]
"""Names that are one to some system, or were made one by a simpler rule."""

MOST_BYTES = 255
ENDING = ".html"
names = st.text(max_size=120) | st.text("aAbB/\\:.- _éÉ\u0301試1¹cCoOnN", max_size=12)


def as_one(name):
    """Return what a system that ignores case and composition takes a file's name for."""
    return {
        form(unicodedata.normalize("NFC", case(unicodedata.normalize("NFD", name))))
        for case in (str.lower, str.upper, str.casefold)
        for form in (str.lower, str.casefold)
    }


@pytest.mark.parametrize("name", KEPT)
def test_a_good_name_is_kept(name):
    """What is plain everywhere is the name of its file."""
    assert file_name(name, ENDING) == name + ENDING


@pytest.mark.parametrize("several", CLASSES, ids=lambda several: ascii(several[0]))
def test_fault_59_no_two_names_have_one_file(several, tmp_path):
    """Not on a system that ignores case, composition or what stands at an end; each file can be written."""
    files = [file_name(name, ENDING) for name in several]
    for n, file in enumerate(files):
        assert not any(as_one(file) & as_one(other) for other in files[:n]), (several[n], file)
        with replacing(tmp_path / file) as opened:
            opened.write(file)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(files)


@given(name=names, other=names)
@example(name="a/b", other="a_b-c14cddc033f6")
def test_fault_59_a_file_name_is_good_everywhere_and_no_other_name_has_it(name, other):
    """It holds no separator, begins and ends well, fits, is no device, and says which name it is of."""
    file = file_name(name, ENDING)
    stem = file.removesuffix(ENDING)
    assert len(file.encode()) < MOST_BYTES - len(".") - len(".0123456789abcdef.part")
    assert stem
    assert not set(stem) & set('/\\:*?"<>|')
    assert stem.isprintable()
    assert stem == stem.strip(". ")
    assert not stem.startswith("-")
    device = stem.partition(".")[0].strip().lower()
    assert device not in {"con", "prn", "aux", "nul", "com1", "lpt1", "com¹"}
    assert name == other or not as_one(file) & as_one(file_name(other, ENDING))


@pytest.mark.parametrize("name", ["試" * 80 + ".csv", "x" * 250 + ".csv", "\U0001f9ea" * 60 + ".csv"])
def test_a_long_name_leaves_room_for_the_file_beside_it(tmp_path, name):
    """A file system counts bytes, not characters."""
    path = tmp_path / name
    with whole_file(path) as beside:
        beside.write_text("whole")
    assert path.read_text() == "whole"

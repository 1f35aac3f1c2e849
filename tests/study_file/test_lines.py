import doctest
import tomllib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsearch.space.checks import key_path, key_text
from hpsearch.study_file import lines
from hpsearch.study_file.lines import key_lines, key_places

bare = st.text("abcXYZ019_-", min_size=1, max_size=6)
inside = st.text(st.characters(blacklist_categories=("Cc", "Cs")), max_size=8)
keys = bare | inside


def written_key(draw, name):
    """Write a key bare, or in one of the two kinds of quotes."""
    forms = ['"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"']
    if "'" not in name:
        forms.append(f"'{name}'")
    if key_text(name) == name:
        forms.append(name)
    return draw(st.sampled_from(forms))


def gap(draw):
    """Write what may stand between the items of a list, line breaks and comments with brackets included."""
    return draw(st.sampled_from(["", " ", "\n", "\r\n", " # ] } , = [x]\n\n"]))


def written_value(draw, path, line, found, depth=0):
    """Write a value that begins on a line, note the lines of what is in it, and return its text."""
    kinds = ["scalar", "string", "lines", "list", "inline"] if depth < 3 else ["scalar", "string"]
    kind = draw(st.sampled_from(kinds))
    if kind == "scalar":
        return draw(st.sampled_from(["1", "-0.5e3", "true", "1979-05-27 07:32:00Z", "inf", "0xFF"]))
    if kind == "string":
        return draw(st.sampled_from(['""', "''", '"a # [b] \\" , }"', r"'c:\d'", "'='"]))
    if kind == "lines":
        return draw(st.sampled_from(['"""\n[x]\na = 1"""', "'''\n\\'''''", '"""a\\""""""', '"""\r\n""b"""']))
    n_items = draw(st.integers(0, 3))
    if kind == "list":
        text = "["
        for index in range(n_items):
            text += gap(draw)
            item = f"{path}[{index}]"
            found[item] = line + text.count("\n")
            text += written_value(draw, item, found[item], found, depth + 1) + gap(draw) + ","
        return text + gap(draw) + "]"
    text = "{"
    for index, name in enumerate(draw(st.lists(keys, min_size=n_items, max_size=n_items, unique=True))):
        text += ", " if index else " "
        item = key_path(path, key_text(name))
        found[item] = line + text.count("\n")
        text += written_key(draw, name) + " = "
        text += written_value(draw, item, line + text.count("\n"), found, depth + 1)
    return text + " }"


@st.composite
def documents(draw):
    """Return a TOML text, and the line of every key in it as it was written."""
    text, found = "", {}
    tables = draw(st.lists(keys, max_size=3, unique=True))
    for number, table in enumerate(["", *tables]):
        path = key_text(table) if number else ""
        if number:
            found[path] = 1 + text.count("\n")
            text += f"[ {written_key(draw, table)} ] # = [x]\n"
        elif tables:  # a key at the top may not be a table further down
            continue
        for name in draw(st.lists(keys, max_size=4, unique=True)):
            item = key_path(path, key_text(name))
            text += draw(st.sampled_from(["", "\n", "  ", "# a = 1\r\n"]))
            found[item] = 1 + text.count("\n")
            text += written_key(draw, name)
            if draw(st.booleans()):
                inner = draw(keys)
                item = key_path(item, key_text(inner))
                found[item] = 1 + text.count("\n")
                text += f" . {written_key(draw, inner)}"
            text += " = "
            text += written_value(draw, item, 1 + text.count("\n"), found) + draw(
                st.sampled_from(["\n", " # x\n"])
            )
    return text, found


@given(documents())
def test_every_key_is_found_on_the_line_it_was_written_on(document):
    """A text with quotes, comments, lists and tables over several lines gives each key its own line."""
    text, found = document
    tomllib.loads(text)  # the text is TOML
    assert key_lines(text) == found


CASES = [
    ("a = 1", {"a": 1}),
    ("", {}),
    ("# only a comment", {}),
    ("[a.b]\nc.d = 1", {"a": 1, "a.b": 1, "a.b.c": 2, "a.b.c.d": 2}),
    ("[a]\n\n[a.b]\nx=1\n", {"a": 1, "a.b": 3, "a.b.x": 4}),
    ("[[a]]\nx=1\n[[a]]\nx=2\n[a.b]\ny=3", {
        "a": 1, "a[0]": 1, "a[0].x": 2, "a[1]": 3, "a[1].x": 4, "a[1].b": 5, "a[1].b.y": 6,
    }),
    ('"a.b" = 1\n"c\\nd" = 2', {'"a.b"': 1, '"c\\nd"': 2}),
    ('a = """x\n"""\nb = 1', {"a": 1, "b": 3}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "found"), CASES)
def test_lines_of_small_documents(text, found):
    """Sub-tables, repeated tables, quoted keys and long texts have the lines a reader would point at."""
    assert key_lines(text) == found


def test_a_key_has_the_column_that_an_editor_shows():
    """Columns count from 1 in the line of the key, behind blanks, long texts and inline tables, too."""
    _, columns = key_places('  a = """x\ny""" # b\n[t]\n  c.d = { e = [1,\n   2], f = 3 }\n')
    assert columns == {
        "a": 3, "t": 2, "t.c": 3, "t.c.d": 5, "t.c.d.e": 11, "t.c.d.e[0]": 16, "t.c.d.e[1]": 4, "t.c.d.f": 8,
    }  # fmt: skip


@given(st.text("ab.=\n\"'[]{}, #", max_size=40))
def test_a_text_that_is_not_toml_ends_too(text):
    """Where the scan does not understand a text, it stops instead of turning in place."""
    with suppress(tomllib.TOMLDecodeError):  # of a key in quotes that is none
        assert all(line <= 1 + text.count("\n") for line in key_lines(text).values())


def test_the_example_of_the_docstring_runs():
    """The example in the docstring is true."""
    assert doctest.testmod(lines).failed == 0

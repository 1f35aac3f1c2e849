"""README and docs: the names are the library's, the pages that are written from the code are current."""

import re
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest

from hpsearch import nn
from hpsearch.study_file import ConfirmSpec, SearchSpec, StopSpec, read_study
from tests.docs.blocks import blocks

ROOT = Path(__file__).parents[2]
README, CHINESE = ROOT / "README.md", ROOT / "README.zh.md"
STUDY_FILE = ROOT / "docs" / "reference" / "study-file.md"
MAPS = {
    "activation": nn.ACTIVATIONS,
    "optimizer": nn.OPTIMIZERS,
    "schedule": nn.SCHEDULES,
    "init": nn.INITIALIZERS,
    "normalization": nn.NORMALIZATIONS,
    "dropout_kind": nn.DROPOUT_KINDS,
}


@pytest.mark.parametrize("key", MAPS)
def test_the_names_on_the_page_are_those_of_the_map(key):
    """Each map has a row, in its order; nothing is missing and nothing invented."""
    page = (ROOT / "docs" / "model.md").read_text()
    names = page.split("## Names")[1].split("##")[0]
    (row,) = [line for line in names.splitlines() if line.startswith(f"| `{key}` |")]
    assert re.findall(r"(?:^|, )`([a-z_]+)`", row.split("|")[2].strip()) == list(MAPS[key])


def test_every_setting_is_on_the_page():
    """A field of ``MLPConfig`` that nobody can find does not exist."""
    page = (ROOT / "docs" / "model.md").read_text()
    assert [name for name in nn.MLPConfig.__dataclass_fields__ if f"`{name}`" not in page] == []


def test_the_readme_counts_what_there_is():
    """The numbers of activations, optimizers, schedules and kinds of dropout are those of the maps."""
    text = " ".join(README.read_text(encoding="utf-8").split())
    counts = re.findall(r"(\d+) (activations|optimizers|schedules|kinds of dropout)", text)
    maps = (nn.ACTIVATIONS, nn.OPTIMIZERS, nn.SCHEDULES, nn.DROPOUT_KINDS)
    assert [int(number) for number, _ in counts] == [len(found) for found in maps]


CONSTANT = re.compile(r"\| `([A-Z_]+)` \| ([0-9.]+) \| `([a-z_/]+)\.py` \|")


def test_the_numbers_of_the_search_are_those_of_the_code():
    """Each row of the table names a constant, its value and its module; and that is what it is."""
    rows = CONSTANT.findall((ROOT / "docs" / "explanation" / "search.md").read_text())
    assert len(rows) == 26
    for name, value, path in rows:
        module = import_module(f"hpsearch.{path.replace('/', '.')}")
        assert getattr(module, name) == float(value), name


def whole_file():
    """Return the study file on the page of its keys that has them all."""
    return next(block.text for block in blocks(STUDY_FILE.read_text()) if block.language == "toml")


def test_the_whole_study_file_names_every_key_of_the_search():
    """A setting of ``[search]``, ``[stop]`` or ``[confirm]`` that nobody can find does not exist."""
    text = whole_file()
    for record in (SearchSpec, StopSpec, ConfirmSpec):
        assert [
            f.name for f in fields(record) if not re.search(rf"^(# )?{f.name} = ", text, re.MULTILINE)
        ] == []


def test_the_whole_study_file_is_one(tmp_path):
    """It is read as it stands, and what it says of defaults is true."""
    text, path = whole_file(), tmp_path / "x.toml"
    path.write_text(text)
    spec = read_study(path)
    bare = text.replace("rounds = [32, 8]", "").replace("keep = 0.33", "").replace('start = "random"', "")
    path.write_text(bare.replace("refit = true", ""))
    default = read_study(path)
    assert default.search.rounds == (spec.parallelism + 8,)
    assert default.search.keep == pytest.approx(spec.search.keep, abs=0.01)
    assert (default.search.start, default.confirm.refit) == (spec.search.start, spec.confirm.refit)


def links(text):
    """Return where the links of a Markdown text lead, but for those to the web or within the page."""
    found = re.findall(r"\]\(([^)#\s]+)[^)]*\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return [link for link in found if "://" not in link]


@pytest.mark.parametrize("path", [README, CHINESE, ROOT / "CONTRIBUTING.md"], ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    """Sphinx looks after the links of the site; these pages are not on it."""
    text = path.read_text(encoding="utf-8")
    assert [link for link in links(text) if not (path.parent / link).exists()] == []


def test_the_chinese_readme_says_the_same():
    """Code, commands, numbers, links and pictures are equal, and so is the order of headings and tables."""
    english, chinese = README.read_text(encoding="utf-8"), CHINESE.read_text(encoding="utf-8")
    assert blocks_of(chinese) == blocks_of(english)
    for what in (r"^#+ ", r"^\|", r"^- ", r"`hpsearch [^`]*`", r"<!-- picture: \S+", r"!\[[^]]*\]\((\S+)\)"):
        pattern = re.compile(what, re.MULTILINE)
        assert pattern.findall(chinese) == pattern.findall(english), what
    assert sorted({*links(chinese)} - {README.name}) == sorted({*links(english)} - {CHINESE.name})
    assert sorted(numbers(chinese)) == sorted(numbers(english))


def blocks_of(text):
    """Return what stands in the blocks of a page."""
    return [(block.language, block.text, block.not_run) for block in blocks(text)]


def numbers(text):
    """Return the numbers of a page's prose."""
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.]*\w)", prose)


def test_the_readme_stays_short_and_has_the_two_commands():
    """What a newcomer types first, and one page to read before."""
    text = README.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 200
    assert "\npip install . && hpsearch start studies/digits.toml\n" in text
    assert "\npip install -e '.[test]' && pytest\n" in text


def test_the_comparison_gives_a_source_for_every_cell():
    """Each row of the README's table has a section, and there each of the three others a link to the web."""
    table = README.read_text().split("## Beside others")[1].split("\n## ")[0]
    rows = [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("| ")][1:]
    page = (ROOT / "docs" / "explanation" / "comparison.md").read_text()
    sections = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE))
    assert len(rows) == 8
    for row in rows:
        for peer in ("Optuna", "Ray Tune", "scikit-learn"):
            (told,) = re.findall(
                rf"^- \*\*{peer}\*\*:(.*?)(?=^- |\Z)", sections[row], re.DOTALL | re.MULTILINE
            )
            assert "](https://" in told, f"{row}: {peer}"

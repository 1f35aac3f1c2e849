"""README and docs: the examples run, and the names are the library's."""

import re
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest

from hpsearch import nn
from hpsearch.spec import ConfirmSpec, SearchSpec, read_study

ROOT = Path(__file__).parent.parent
PAGES = (ROOT / "README.md", ROOT / "docs" / "model.md", ROOT / "docs" / "search.md")
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
TOML = re.compile(r"```toml\n(.*?)```", re.DOTALL)
MAPS = {
    "activation": nn.ACTIVATIONS,
    "optimizer": nn.OPTIMIZERS,
    "schedule": nn.SCHEDULES,
    "init": nn.INITIALIZERS,
    "normalization": nn.NORMALIZATIONS,
    "dropout_kind": nn.DROPOUT_KINDS,
}


def examples():
    """Return (page, number, code) of every example in Python."""
    return [
        pytest.param(code, id=f"{page.name}-{number}")
        for page in PAGES
        for number, code in enumerate(PYTHON.findall(page.read_text()))
    ]


@pytest.mark.parametrize("code", examples())
def test_an_example_runs(code, tmp_path, monkeypatch):
    """As a reader would paste it, in a folder with the study files and a small budget."""
    (tmp_path / "studies").mkdir()
    text = (ROOT / "studies" / "digits.toml").read_text()
    small = text.replace("trials = 100 ", "trials = 40 ").replace("parallelism = 16", "parallelism = 8")
    assert small != text
    (tmp_path / "studies" / "digits.toml").write_text(small)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HPSEARCH_CACHE", str(tmp_path / "cache"))
    exec(compile(code, "example", "exec"), {"__name__": "example"})


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


CONSTANT = re.compile(r"\| `([A-Z_]+)` \| ([0-9.]+) \| `([a-z_/]+)\.py` \|")


def test_the_numbers_of_the_search_are_those_of_the_code():
    """Each row of the table names a constant, its value and its module; and that is what it is."""
    rows = CONSTANT.findall((ROOT / "docs" / "search.md").read_text())
    assert len(rows) == 20
    for name, value, path in rows:
        module = import_module(f"hpsearch.{path.replace('/', '.')}")
        assert getattr(module, name) == float(value), name


def test_the_readme_names_every_key_of_the_search():
    """A setting of ``[search]`` or ``[confirm]`` that nobody can find does not exist."""
    (text,) = [t for t in TOML.findall((ROOT / "README.md").read_text()) if "[search]" in t]
    for record in (SearchSpec, ConfirmSpec):
        assert [f.name for f in fields(record) if not re.search(rf"^{f.name} = ", text, re.MULTILINE)] == []


def test_the_readme_s_study_file_is_one(tmp_path):
    """It is read as it stands, and what it says of defaults is true."""
    (text,) = [t for t in TOML.findall((ROOT / "README.md").read_text()) if "[search]" in t]
    path = tmp_path / "x.toml"
    path.write_text(text)
    spec = read_study(path)
    bare = text.replace("rounds = [24, 4]", "").replace("keep = 0.33", "").replace('start = "random"', "")
    path.write_text(bare.replace("refit = true", ""))
    default = read_study(path)
    assert default.search.rounds == spec.search.rounds == (spec.parallelism + 8, 4)
    assert default.search.keep == pytest.approx(spec.search.keep, abs=0.01)
    assert (default.search.start, default.confirm.refit) == (spec.search.start, spec.confirm.refit)

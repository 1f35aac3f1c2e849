"""The studies that ship with hpsearch, found by their names."""

import tomllib
from pathlib import Path

import pytest

import hpsearch
from hpsearch.data import SOURCES
from hpsearch.defaults import SHIPPED
from hpsearch.errors import StudyFileError
from hpsearch.study_file import read_study, spec_to_dict

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in an empty folder, and return it."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_needs_no_other_file_ships():
    """The names, the files of ``studies/`` whose data come with a library, and what the wheel holds."""
    files = {path.stem: path for path in (ROOT / "studies").glob("*.toml")}
    alone = [name for name, path in files.items() if read_study(path).data.source in SOURCES]
    assert sorted(alone) == sorted(SHIPPED)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    shipped = {name: place for name, place in included.items() if name.startswith("studies/")}
    assert shipped == {f"studies/{name}.toml": f"hpsearch/study_file/studies/{name}.toml" for name in SHIPPED}


@pytest.mark.parametrize("name", SHIPPED)
def test_a_name_is_the_study_of_the_file(name):
    """Read by name in an empty folder it is the study of its file."""
    spec, file = hpsearch.load_study_file(name), hpsearch.load_study_file(ROOT / "studies" / f"{name}.toml")
    assert spec_to_dict(spec) == spec_to_dict(file)
    assert spec.name == name


def test_a_file_in_the_way_wins(folder):
    """A file of the very name is read; one with the ending is as likely to be meant, so neither is."""
    text = (ROOT / "studies" / "wine.toml").read_text()
    (folder / "digits").write_text(text)
    assert read_study(Path("digits")).name == "wine"
    (folder / "wine.toml").write_text(text)
    found = r"^wine: expected one study, found wine\.toml here .*; for the file type wine\.toml$"
    with pytest.raises(StudyFileError, match=found):
        read_study(Path("wine"))
    (folder / "textbook").mkdir()
    with pytest.raises(StudyFileError, match=r"found: is a directory; to start the study that ships"):
        read_study(Path("textbook"))


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        (
            "digit",
            r'; digits, optimizers, textbook and wine ship with hpsearch; did you mean "digits"\?$',
        ),
        ("flowers", r"; digits, optimizers, textbook and wine ship with hpsearch$"),
        ("sub/digits", "$"),
        ("iris", "; hpsearch init iris writes one for these data$"),
        ("digits.tom", "$"),
    ],
)
def test_an_unknown_name_is_refused_with_the_known_ones(name, hint):
    """A name of no study lists those that ship; a path lists none."""
    with pytest.raises(StudyFileError, match=f"^{name}: expected a study file, found none there{hint}"):
        read_study(Path(name))

"""A study whose folder was moved, renamed, copied or linked: ``start`` finds the data beside its file."""

import os
import re
import shutil
import sqlite3
from contextlib import closing

import pytest

from tests.cli.program import Program, ended, rows, study_text

pytestmark = pytest.mark.long

TABLE = "a,b,kind\n" + "".join(f"{n % 7}.5,{n % 5},{'xy'[n % 2]}\n" for n in range(60))
OTHER = TABLE.replace("0.5,0,x", "0.25,0,x")
BASE = "SELECT DISTINCT base FROM hpsearch_studies"


def text(source):
    """Return a study of a table: 8 trials, then 12."""
    study = study_text(name="table", trials=8, epochs=2).replace("[16, 8]", "[8]").replace("rungs = [2]", "")
    return study.replace('"digits"\ntrain = 300', f'"{source}"\ntarget = "kind"')


@pytest.fixture(scope="module")
def moved(tmp_path_factory, cache):
    """Return a folder with a settled study of ``proj/p.toml``, and what ``start`` printed of it."""
    folder = tmp_path_factory.mktemp("moved")
    program = Program(folder=folder, cache=cache)
    (folder / "proj" / "tables").mkdir(parents=True)
    program.write("proj/tables/data.csv", TABLE)
    program.write("proj/p.toml", text("tables/data.csv"))
    run = program.run("start", "proj/p.toml", "--workers", 1, "--quiet")
    assert run.code == 0, run.err
    twelve = program.run(
        "start", "proj/p.toml", "--workers", 1, "--quiet", "--trials", 12, *elsewhere(program)
    )
    assert twelve.code == 0, twelve.err
    (folder / "proj").rename(folder / "kept")
    return folder, run.out, twelve.out


def elsewhere(program):
    """Return the option of a copy of the database."""
    shutil.copy(program.folder / "hpsearch.db", program.folder / "twelve.db")
    return "--storage", "sqlite:///twelve.db"


@pytest.fixture
def there(moved, program):
    """Return the folder of a program with a copy of that study in it; the place of its making is gone."""
    folder, *_ = moved
    shutil.copytree(folder / "kept", program.folder / "proj")
    shutil.copy(folder / "hpsearch.db", program.folder)
    (program.folder / "away").mkdir()
    return program.folder


def renamed(folder):
    """Rename the folder of the study."""
    (folder / "proj").rename(folder / "renamed")
    return "renamed/p.toml"


def deeper(folder):
    """Move the study below a new folder."""
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "proj").rename(folder / "a" / "b" / "c")
    return str(folder / "a" / "b" / "c" / "p.toml")


def linked(folder):
    """Move the study, and leave a link in its place."""
    (folder / "proj").rename(folder / "real")
    (folder / "link").symlink_to("real", target_is_directory=True)
    return "link/p.toml"


def linked_table(folder):
    """Move the table alone, and leave a link to it."""
    (folder / "proj").rename(folder / "other")
    (folder / "other" / "tables" / "data.csv").rename(folder / "away" / "big.csv")
    (folder / "other" / "tables" / "data.csv").symlink_to(folder / "away" / "big.csv")
    return "other/p.toml"


def copied(folder):
    """Copy the study with its table, and damage the first one."""
    shutil.copytree(folder / "proj", folder / "copy")
    (folder / "proj" / "tables" / "data.csv").write_text(OTHER)
    return "copy/p.toml"


def renamed_file(folder):
    """Give the study file another name, in another folder; its name in it is the same."""
    (folder / "proj").rename(folder / "q")
    (folder / "q" / "p.toml").rename(folder / "q" / "another name.toml")
    return "q/another name.toml"


WAYS = [renamed, deeper, linked, linked_table, copied, renamed_file]


@pytest.mark.parametrize("way", WAYS)
def test_fault_57_a_moved_study_goes_on_to_its_end(moved, program, there, way):
    """More trials, the winner, its model, a worker on its own: all find the data where the file is now."""
    file = way(there)
    run = program.run("start", file, "--trials", 12, "--workers", 1, "--quiet")
    assert (run.code, run.out) == (0, moved[2]), run.err
    assert program.run("best").out == run.out
    winner = program.run("export", "winner", "-o", "winner.safetensors")
    assert (winner.code, (there / "winner.safetensors").exists()) == (0, True), winner.err
    bundle = program.run("export", "bundle", "-o", "table.hpsearch", "--with-data")
    assert bundle.code == 0, bundle.err
    assert rows(there / "hpsearch.db", BASE) == [(os.path.realpath((there / file).parent),)]
    assert program.run("worker", "--study", "table", "--quiet").code == 0


def test_fault_57_a_finished_study_is_told_from_its_new_folder(moved, program, there):
    """Nothing is trained; from then on every command finds the data there."""
    renamed(there)
    assert program.run("export", "winner", "-o", "x.safetensors").code == 2
    run = program.run("start", "renamed/p.toml", "--quiet")
    assert (run.code, run.out) == (0, moved[1])
    assert program.run("export", "winner", "-o", "x.safetensors").code == 0


def changed(folder):
    """Move the study; its table is another one now."""
    file = renamed(folder)
    (folder / "renamed" / "tables" / "data.csv").write_text(OTHER)
    return file, "its data .* have changed since it was created \\(other values in 'a'\\)"


def alone(folder):
    """Copy the study file without its table."""
    shutil.copy(folder / "proj" / "p.toml", folder / "away" / "p.toml")
    return "away/p.toml", "away/tables/data.csv: expected a data file, found none there"


def renamed_table(folder):
    """Give the table another name, and leave the file as it is."""
    (folder / "proj" / "tables" / "data.csv").rename(folder / "proj" / "tables" / "date.csv")
    return "proj/p.toml", 'tables/data.csv: expected a data file, found none there; did you mean "date.csv"'


def cut_link(folder):
    """Leave a link to nothing in place of the table."""
    (folder / "proj" / "tables" / "data.csv").unlink()
    (folder / "proj" / "tables" / "data.csv").symlink_to("nowhere.csv")
    return "proj/p.toml", "data.csv: expected a data file, found none there"


@pytest.mark.parametrize("way", [changed, alone, renamed_table, cut_link])
def test_fault_57_where_the_data_are_not_nothing_is_changed(moved, program, there, way):
    """Refused with 2 and one line; budget, winner and folder of the study are what they were."""
    file, words = way(there)
    before = dump(there / "hpsearch.db")
    run = program.run("start", file, "--trials", 12, "--workers", 1, "--quiet")
    assert (run.code, run.out) == (2, "")
    assert len(run.err.splitlines()) <= 2
    assert re.search(words, run.err), run.err
    assert dump(there / "hpsearch.db") == before
    assert program.run("best").out == moved[1]


def dump(database):
    """Return all rows of a database."""
    with closing(sqlite3.connect(database)) as connection:
        return list(connection.iterdump())


def test_fault_57_two_machines_with_different_paths(program, there):
    """Each start finds the data beside its own file, whichever was the last to say where they are."""
    shutil.copytree(there / "proj", there / "second")
    first = program.launch("start", "proj/p.toml", "--trials", 60, "--workers", 1, "--quiet")
    other = program.launch("start", "second/p.toml", "--trials", 60, "--workers", 1, "--quiet")
    one, two = ended(first), ended(other)
    assert (one.code, two.code) == (0, 0), one.err + two.err
    assert one.out == two.out

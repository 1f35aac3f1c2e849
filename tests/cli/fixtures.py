"""Fixtures of everything that starts processes; a ``conftest.py`` imports those it needs."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.cli.program import LONG, Program, study_text
from tests.machine.once import once


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    """Return a folder for the data cache with the digits prepared in it, once for all processes that test."""

    def prepare(folder):
        program = Program(folder=tmp_path_factory.mktemp("prepare"), cache=folder)
        program.write("small.toml", study_text())
        run = program.run("check", "small.toml", timeout_s=300)
        assert run.code == 0, run.err
        return folder

    return once(tmp_path_factory, "hpsearch-cache", prepare)


@pytest.fixture
def program(tmp_path, cache):
    """Return what runs commands in a fresh folder that holds ``small.toml``."""
    program = Program(folder=tmp_path, cache=cache)
    program.write("small.toml", study_text())
    yield program
    program.end()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A study that ran in calm: its database, what ``start`` printed, its fingerprint."""

    database: Path
    url: str
    out: str
    err: str
    fingerprint: str

    def copy_to(self, folder):
        """Copy the database into a folder under its usual name, for tests that write."""
        return Path(shutil.copy(self.database, folder / "hpsearch.db"))


def run_calmly(tmp_path_factory, cache, **settings):
    """Return what comes of a study that one worker runs to its end; the database is this process's own."""

    def run(folder):
        folder.mkdir()
        program = Program(folder=folder, cache=cache)
        program.write("calm.toml", study_text(**settings))
        run = program.run("start", "calm.toml", "--workers", 1, timeout_s=300)
        assert run.code == 0, run.err
        database = folder / "hpsearch.db"
        url = f"sqlite:///{database}"
        line = program.run("fingerprint", "--storage", url).out.strip()
        return Finished(database=database, url=url, out=run.out, err=run.err, fingerprint=line)

    made = once(tmp_path_factory, f"calm-{settings.get('name', 'small')}", run)
    database = made.copy_to(tmp_path_factory.mktemp("calm"))
    return replace(made, database=database, url=f"sqlite:///{database}")


@pytest.fixture(scope="session")
def finished(tmp_path_factory, cache):
    """Return the small study, finished by one worker."""
    return run_calmly(tmp_path_factory, cache)


@pytest.fixture(scope="session")
def finished_long(tmp_path_factory, cache):
    """Return the study that runs for seconds, finished by one worker without any disturbance."""
    return run_calmly(tmp_path_factory, cache, name="long", epochs=LONG)

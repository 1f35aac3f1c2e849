"""Fixtures of everything that starts processes; a ``conftest.py`` imports those it needs."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.program import LONG, Program, study_text


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    """Return a folder for the data cache with the digits prepared in it, once for the session."""
    folder = tmp_path_factory.getbasetemp() / "hpsearch-cache"
    if not folder.exists():
        program = Program(folder=tmp_path_factory.mktemp("prepare"), cache=folder)
        program.write("small.toml", study_text())
        run = program.run("check", "small.toml", timeout_s=120)
        assert run.code == 0, run.err
    return folder


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
    """Run a study to its end with one worker; return what came of it."""
    program = Program(folder=tmp_path_factory.mktemp("calm"), cache=cache)
    program.write("calm.toml", study_text(**settings))
    run = program.run("start", "calm.toml", "--workers", 1)
    assert run.code == 0, run.err
    database = program.folder / "hpsearch.db"
    url = f"sqlite:///{database}"
    line = program.run("fingerprint", "--storage", url).out.strip()
    return Finished(database=database, url=url, out=run.out, err=run.err, fingerprint=line)


@pytest.fixture(scope="session")
def finished(tmp_path_factory, cache):
    """Return the small study, finished by one worker."""
    return run_calmly(tmp_path_factory, cache)


@pytest.fixture(scope="session")
def finished_long(tmp_path_factory, cache):
    """Return the study that runs for seconds, finished by one worker without any disturbance."""
    return run_calmly(tmp_path_factory, cache, name="long", epochs=LONG)

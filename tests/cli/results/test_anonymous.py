"""``--anonymous``: what leaves this machine names neither it nor its processes, users and folders."""

import getpass
import json
import shutil
import socket
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from hpsearch.report.numbers.repeat import AGAIN
from tests.cli.program import rows

pytestmark = pytest.mark.long

NOTES = (
    "FileNotFoundError: no such file: '/home/anna berg/data.csv'",
    "OSError: /home/anna/data.csv is gone",
    "StorageError: postgresql+psycopg://anna@db.example.org/d: cannot use the server",
    r"OSError: C:\Users\anna\data.csv",
    "{host} 4711: killed",
)
"""What an error may say of the machine that it came from."""
FORMATS = ("html", "text", "md", "json")


@pytest.fixture
def study(program, finished):
    """Return a finished study of two machines, whose trials have errors that name places."""
    path = program.folder / "hpsearch.db"
    shutil.copy(Path(finished.url.removeprefix("sqlite:///")), path)
    with closing(sqlite3.connect(path)) as connection:
        host = connection.execute("SELECT host FROM hpsearch_workers").fetchone()[0]
        for number, note in enumerate(NOTES):
            text = note.format(host=host.partition("/")[0])
            connection.execute("UPDATE hpsearch_attempts SET note = ? WHERE number = ?", (text, number))
            reason = "UPDATE trial_user_attributes SET value_json = ? WHERE key = 'reason' AND trial_id = ?"
            connection.execute(reason, (json.dumps(text), number + 1))
        connection.execute("UPDATE hpsearch_workers SET host = 'other' || host WHERE worker_id % 2 = 0")
        connection.commit()
    return path


def secrets_of(study):
    """Return what an anonymous file must not hold: machine, processes, user and folders."""
    found = {socket.gethostname(), "anna", "example.org", "/home", "Users", str(study.parent), "sqlite:///"}
    for host, process, pid in rows(study, "SELECT host, process, pid FROM hpsearch_workers"):
        found |= {host, process, f":{pid}", f'"pid": {pid}'}
    return found | ({getpass.getuser()} - {"root"})


def content(path):
    """Return all that a bundle holds, as text."""
    with zipfile.ZipFile(path) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


def test_fault_75_a_bundle_without_names_is_the_same_study(program, study):
    """It holds no name of a machine, it can be imported, and it has the fingerprint of the study."""
    plain, bare = (program.folder / name for name in ("plain.hpsearch", "bare.hpsearch"))
    assert program.run("export", "bundle", "-o", plain).code == 0
    assert program.run("export", "bundle", "-o", bare, "--anonymous").code == 0
    assert {secret for secret in secrets_of(study) if secret in content(plain)} > {
        socket.gethostname(),
        "anna",
    }
    assert [secret for secret in secrets_of(study) if secret in content(bare)] == []
    assert "host-1" in content(bare)
    assert "host-2" in content(bare)
    assert "no such file: '(path)'" in content(bare)
    there = ("--storage", "sqlite:///there.db")
    assert program.run("import", bare, *there).code == 0
    assert program.run("fingerprint", *there).out == program.run("fingerprint").out
    assert program.run("db", "check", *there).code == 0
    again = program.folder / "again.hpsearch"
    assert program.run("export", "bundle", "-o", again, "--anonymous", *there).code == 0
    assert again.read_bytes() == bare.read_bytes()


@pytest.mark.parametrize("form", FORMATS)
def test_fault_75_a_report_without_names(program, study, form):
    """No format names a machine, a process or the address of the database; workers are told apart."""
    url = f"sqlite:///{study}"
    for options in ((), ("--anonymous",)):
        run = program.run("report", "--storage", url, "--format", form, "-o", f"told.{form}", *options)
        assert run.code == 0, run.err
        text = (program.folder / f"told.{form}").read_text().replace(AGAIN, "")
        found = [secret for secret in secrets_of(study) if secret in text]
        assert (found == []) == bool(options), found
    assert "host-1:1" in text


@pytest.mark.parametrize("what", ["trials", "curves"])
def test_a_table_names_no_machine(program, study, what):
    """An export has no column of a machine, so there is nothing to leave out."""
    assert program.run("export", what, "-o", "told.csv").code == 0
    header = (program.folder / "told.csv").read_text().partition("\n")[0]
    assert not {"host", "pid", "worker"} & set(header.split(","))
    run = program.run("export", what, "-o", "told.csv", "--anonymous")
    assert run.code == 2
    assert "--anonymous: expected a bundle" in run.err
    assert socket.gethostname() not in (program.folder / "told.csv").read_text()
    assert study.exists()

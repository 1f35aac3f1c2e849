"""Every command is given what it should not be given: it says so in a line or two, and nothing is lost."""

import os
import stat

import pytest

from hpsearch.errors import ExitCode
from tests.corpus.forks import Call, Forks
from tests.corpus.inputs import CAN_USE, DATABASES, KINDS, USUAL, commands, fill, kind, line, places

REFUSALS = {ExitCode.FAILED, ExitCode.USAGE, ExitCode.NOT_FOUND, ExitCode.STORAGE}
LONGEST = 1100
MOST_LINES = 3
ANSWERS = {"db check", "doctor"}
"""Commands whose answer, to standard output, may be that something is wrong."""


FIRST = list({id(kind(*place)): place for place in reversed(places())}.values())
"""Of the parameters that refuse the same values, the first."""
IN_FULL = {"status", "worker"}


class Bench:
    """Runs commands in one folder, and tells what is wrong with the way they end."""

    def __init__(self, forks, folder, cache):
        """Take a folder that is filled."""
        self.folder = folder
        self._forks = forks
        self._out, self._err = (folder.with_name(f"{folder.name}.{name}") for name in ("out", "err"))
        self.environment = {"PATH": os.environ["PATH"], "HPSEARCH_CACHE": str(cache), "COLUMNS": "200"}
        self._before = tree(folder)

    def run(self, arguments, *, out=None, err=None, folder=None, **environment):
        """Run a command; return its exit code and what it wrote."""
        for path in (self._out, self._err):
            path.write_bytes(b"")
        call = Call(
            arguments=arguments,
            folder=str(folder or self.folder),
            environment=self.environment | environment,
            streams=(os.devnull, str(out or self._out), str(err or self._err)),
        )
        end = self._forks.run(call)
        return end, self._out.read_text(), self._err.read_text()

    def faults(self, arguments, *, answers=False, **options):
        """Run a command that is to be refused; return what is wrong with how that is done, or nothing."""
        end, out, err = self.run(arguments, **options)
        lines = err.splitlines()
        wrong = {
            "is not refused": end.code not in REFUSALS,
            "leaves processes": end.left,
            "writes to standard output": bool(out) and not answers,
            "says nothing": not err and not out,
            "says too much": len(lines) > MOST_LINES or any(len(line) > LONGEST for line in lines),
            "is not printable": not all(line.isprintable() for line in lines),
            "is surprised": "Traceback" in err or "hpsearch: unexpected" in err,
            "shows a password": "c4nary" in err,
            "changes files": tree(self.folder) != self._before,
        }
        self._before = tree(self.folder)
        found = [what for what, is_so in wrong.items() if is_so]
        return f"{str(arguments)[:200]} {', '.join(found)}: {end.code} {err[:300]!r}" if found else None


def tree(folder):
    """Return name -> kind and content of everything in a folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        about = path.lstat()
        is_file = stat.S_ISREG(about.st_mode)
        found[path.relative_to(folder)] = (about.st_mode, path.read_bytes() if is_file else None)
    return found


@pytest.fixture(scope="module")
def bench(tmp_path_factory, cache, finished):
    """Return a bench whose folder holds a finished study and many files that are none."""
    folder = tmp_path_factory.mktemp("corpus")
    fill(folder, finished)
    with Forks() as forks:
        yield Bench(forks, folder, cache)


def test_every_parameter_of_every_command_has_a_place():
    """A new command, or a new option, fails here until somebody has said what is wrong to give it."""
    assert [f"{command} {param.name}" for command, param in places() if kind(command, param) is None] == []
    names = {param.name for _, param in places()} | {f"{command} {param.name}" for command, param in places()}
    assert set(KINDS) <= names
    assert {*USUAL, *CAN_USE} <= set(commands())


@pytest.mark.parametrize(
    ("command", "param"), places(), ids=[f"{command} {param.name}" for command, param in places()]
)
def test_a_bad_value_is_refused(bench, command, param):
    """Exit code of the table, a line or two on standard error, no traceback, every byte as it was."""
    values = kind(command, param)
    if (command, param) not in FIRST:
        values = values[:2]  # one door for all commands: it is tried in full once
    faults = [bench.faults(line(command, param, value), answers=command in ANSWERS) for value in values]
    assert [fault for fault in faults if fault] == []


@pytest.mark.parametrize(
    "command", [name for name, c in commands().items() if "storage" in {p.name for p in c.params}]
)
def test_what_is_no_study_database_is_refused(bench, command):
    """Other programs' files, folders, pipes, rings of links, half a file, a newer schema: as they were."""
    arguments = [*command.split(), *USUAL.get(command, [])]
    faults = [
        bench.faults([*arguments, "--storage", f"sqlite:///{name}"], answers=command in ANSWERS)
        for name in (DATABASES if command in IN_FULL else DATABASES[:2])
        if name not in CAN_USE.get(command, ())
    ]
    assert [fault for fault in faults if fault] == []

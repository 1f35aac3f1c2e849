"""Every command is given what it should not be given: it says so in a line or two, and nothing is lost."""

import os
import stat
import subprocess

import pytest

from hpsearch.errors import ExitCode
from hpsearch.nn.files.tensor_file import ModelFileError, write_tensors
from tests.cli.program import HPSEARCH, ROOT
from tests.corpus.inputs import CAN_USE, DATABASES, KINDS, LONG, USUAL, commands, fill, kind, line, places
from tests.machine.forks import Call, Forks

REFUSALS = {ExitCode.FAILED, ExitCode.USAGE, ExitCode.NOT_FOUND, ExitCode.STORAGE}
LONGEST = 1100
MOST_LINES = 3
ANSWERS = {"db check", "doctor"}
"""Commands whose answer, to standard output, may be that something is wrong."""


LAST = {(command, param.name) for command, param in {id(kind(*place)): place for place in places()}.values()}
"""Of the parameters that refuse the same values, the last: the first, ``start``, makes what is not there."""
IN_FULL = {"status", "worker"}
IMPORT_MOST = {"dashboard", "init"}
LARGE = ("hpsearch.dashboard.server", "sklearn.datasets")


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
        end = self._forks(arguments[0]).run(call)
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
            "changes files": (after := tree(self.folder)) != self._before,
        }
        self._before = after
        found = [what for what, is_so in wrong.items() if is_so]
        return f"{str(arguments)[:200]} {', '.join(found)}: {end.code} {err[:300]!r}" if found else None

    def all_faults(self, command, param, values):
        """Give a parameter each of these values; return what is wrong with the way the command ends."""
        runs = [self.faults(line(command, param, value), answers=command in ANSWERS) for value in values]
        return [fault for fault in runs if fault]


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
    # What is imported makes every fork slower: only the commands that need most have all of it.
    with Forks(launches=False) as light, Forks(launches=False, modules=LARGE) as heavy:
        yield Bench(lambda command: heavy if command in IMPORT_MOST else light, folder, cache)


def test_all_values_of_a_kind_are_tried_once():
    """Each list of values has one parameter that is given all of them."""
    tried = [id(kind(command, param)) for command, param in places() if (command, param.name) in LAST]
    assert sorted(tried) == sorted({id(kind(*place)) for place in places()})


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
    assert bench.all_faults(command, param, kind(command, param)[:2]) == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("command", "param"),
    [place for place in places() if (place[0], place[1].name) in LAST],
    ids=[f"{command} {param.name}" for command, param in places() if (command, param.name) in LAST],
)
def test_every_bad_value_is_refused(bench, command, param):
    """One door for all commands: each list of values is tried in full once."""
    assert bench.all_faults(command, param, kind(command, param)[2:]) == []


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


SURROUNDINGS = {
    "no home": {"HOME": "/proc/none"},
    "a dumb terminal": {"TERM": "dumb"},
    "no columns": {"COLUMNS": "0"},
    "columns that are no number": {"COLUMNS": "many"},
    "no folder for what is temporary": {"TMPDIR": "/proc/none"},
    "an empty name": {"HPSEARCH_STUDY": ""},
    "an empty address": {"HPSEARCH_STORAGE": ""},
}


@pytest.mark.parametrize("environment", SURROUNDINGS.values(), ids=SURROUNDINGS)
def test_odd_surroundings_do_not_matter(bench, environment):
    """What is not needed may be missing: a study is looked at as ever."""
    end, out, err = bench.run(["fingerprint"], **environment)
    assert (end.code, err, len(out)) == (ExitCode.DONE, "", 65)


@pytest.mark.parametrize(
    ("command", "environment"),
    [
        ("worker", {"HPSEARCH_LEASE": "soon"}),
        ("watch", {"HPSEARCH_PATIENCE": "nan"}),
        ("status", {"HPSEARCH_STUDY": "\udcff"}),
        ("status", {"HPSEARCH_STORAGE": LONG}),
    ],
)
def test_rubbish_in_the_environment_is_refused(bench, command, environment):
    """A variable is an option that was given earlier: it is refused in the same words."""
    assert bench.faults([command], **environment) is None


def test_a_folder_that_is_gone_is_told(bench, tmp_path):
    """The folder that a command runs in may have been deleted: an ordinary error."""
    process = shell(bench, 'rmdir "$PWD"; exec "$@"', "status", folder=tmp_path)
    assert (process.returncode, process.stdout) == (ExitCode.STORAGE, "")
    assert "hpsearch.db: expected a SQLite file, found: no such file or directory" in process.stderr


@pytest.mark.parametrize("command", ["fingerprint", "best", "export", "report --format json"])
def test_a_full_disk_as_output_is_told(bench, command):
    """One line, and the exit code of a failure: Python's own 120 and its last words say nothing."""
    end, _, err = bench.run(command.split(), out="/dev/full")
    assert end.code == ExitCode.FAILED
    assert (
        err
        == "hpsearch: standard output: expected room for what is printed, found: no space left on device\n"
    )


@pytest.mark.parametrize(
    ("script", "command", "code"),
    [
        ('exec "$@" >&-', "export", ExitCode.DONE),
        ('exec "$@" <&-', "watch", ExitCode.DONE),
        ('exec "$@" <&- >&- 2>&-', "status", ExitCode.DONE),
        ('exec "$@" 2>&-', "status --study x", ExitCode.NOT_FOUND),
        ('exec "$@" 2>/dev/full', "status --study x", ExitCode.NOT_FOUND),
        ('LC_ALL=C PYTHONIOENCODING=ascii exec "$@"', "status --study \udcff", ExitCode.NOT_FOUND),
    ],
    ids=lambda value: str(value.encode(errors="replace")) if isinstance(value, str) else "",
)
@pytest.mark.sampled
def test_closed_streams_and_another_encoding_do_not_matter(bench, script, command, code):
    """A service may have no standard streams, and a container no language: the exit code is the same."""
    process = shell(bench, script, *command.split())
    assert process.returncode == code
    assert len(process.stderr.splitlines()) <= 2
    assert "unexpected" not in process.stderr


def shell(bench, script, *arguments, folder=None):
    """Run a command, as a whole process, the way a line of a shell says."""
    return subprocess.run(
        ["sh", "-c", script, "sh", *HPSEARCH, *arguments],
        cwd=folder or bench.folder,
        env=bench.environment | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def test_no_device_is_renamed_over(bench):
    """A copy and a model, like every file, leave alone what is a pipe or a device: root could replace it."""
    assert bench.faults(["db", "backup", "fifo"]) is None
    with pytest.raises(ModelFileError, match="expected a file to write, found something else"):
        write_tensors(bench.folder / "fifo", {}, kind="model", card={})


def test_a_newer_file_of_the_same_name_is_replaced_but_no_database(bench):
    """``--output`` replaces an earlier report, never the studies."""
    for arguments in (["export", "-f", "csv"], ["report", "-f", "md"], ["export", "bundle"]):
        assert bench.faults([*arguments, "-o", "hpsearch.db"]) is None

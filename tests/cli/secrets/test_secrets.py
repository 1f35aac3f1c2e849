"""A password in an address is shown nowhere: every command, whether it works or fails."""

import itertools
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from hpsearch.cli.app import COMMANDS, GROUPS
from tests.cli.program import Run, group, study_text

CANARY = "c4nary-Geheim"
ALL = (*COMMANDS, *(f"{group} {name}" for group, (_, commands) in GROUPS.items() for name in commands))
ARGUMENTS = {
    "start": ["small.toml", "--workers", "1"],
    "worker": ["--quiet"],
    "check": ["small.toml"],
    "show": ["0"],
    "retry": ["0"],
    "db backup": ["copy.db"],
    "dashboard": ["--port", "{port}"],
}
"""What a command needs before it looks at its storage; the others are called without arguments."""

FAILING = {
    "no-such-port": "postgresql://user:{}@127.0.0.1:port/name",
    "port": "postgresql://user:{}@127.0.0.1:1/name?connect_timeout=2",
    "host": "postgresql+psycopg://user:{}@nowhere.invalid/name",
    "no-host": "postgresql://user:{}",
    "more-than-one": "postgresql://user:{0}@{0}@127.0.0.1:1/name",
    "a-slash": "postgresql://user:/{}@127.0.0.1:1/name",
    "option": "postgresql://user@127.0.0.1:1/name?password={}&connect_timeout=2",
    "another-kind": "mysql://user:{}@127.0.0.1/name",
    "another-driver": "postgresql+psycopg2://user:{}@127.0.0.1/name",
    "SQLite": "sqlite://user:{}@/name.db",
    "keywords": "host=127.0.0.1 port=1 password='{} {}' user=user",
    "no scheme": "user:{}@127.0.0.1:1/name",
    "jdbc": "jdbc:postgresql://127.0.0.1:1/name?user=user&password={}",
}


ADVICE = "hpsearch list --help tells more"


def command_lines(process):
    """Return process id -> command line of the processes of a command."""
    lines = {}
    for pid in group(process):
        with suppress(OSError):
            lines[pid] = Path(f"/proc/{pid}/cmdline").read_bytes()
    return lines


class Watch:
    """Looks at the list of processes: a password may be seen until its process has hidden it, never again."""

    def __init__(self, process):
        self._process = process
        self._hidden = set()

    def look(self):
        """Look once; fail when a password is seen that had been hidden, or that no argument explains."""
        own = {}
        with suppress(OSError):  # a look at all processes takes longer than some commands
            own[self._process.pid] = Path(f"/proc/{self._process.pid}/cmdline").read_bytes()
        for pid, line in (*own.items(), *command_lines(self._process).items()):
            if b"*" * len(CANARY) in line:
                self._hidden.add(pid)
            if CANARY.encode() in line:
                assert pid == self._process.pid, f"another process shows it: {line}"
                assert pid not in self._hidden, f"shown again: {line}"

    @property
    def has_hidden(self):
        """Whether the command itself shows no password any more."""
        return self._process.pid in self._hidden


def watched(program, *arguments, **environment):
    """Run a command to its end, or to its dashboard; return what it wrote and what watched it."""
    out, err = (program.folder / name for name in ("out", "err"))
    with out.open("w") as first, err.open("w") as second:
        process = subprocess.Popen(
            [sys.executable, "-m", "hpsearch", *arguments],
            cwd=program.folder,
            env=program.environment(HPSEARCH_PATIENCE="0", **environment),
            stdin=subprocess.DEVNULL,
            stdout=first,
            stderr=second,
            start_new_session=True,
        )
        program.launched.append(process)
        watch = Watch(process)

        def is_over():
            watch.look()
            if "dashboard: http" in err.read_text():
                process.send_signal(signal.SIGINT)
            return process.poll() is not None

        began = time.monotonic()
        while not is_over():  # without a pause: a command that is refused ends soon after it hides anything
            assert time.monotonic() - began < 120, f"{arguments} did not end within 120 s"
    seconds = time.monotonic() - began
    return Run(code=process.returncode, out=out.read_text(), err=err.read_text(), seconds=seconds), watch


@pytest.fixture(scope="module")
def addresses():
    """Return the addresses that fail, without those that wait for the end of their patience."""
    return {name: url.format(CANARY, CANARY) for name, url in FAILING.items()}


@pytest.mark.parametrize(
    "command",
    [
        c if c in {"start", "worker", "status", "db upgrade"} else pytest.param(c, marks=pytest.mark.long)
        for c in ALL
    ],
)
@pytest.mark.sampled
def test_no_command_that_fails_shows_a_password(program, addresses, command):
    """A server that is not there, with a traceback: output, error output, list of processes."""
    arguments = [text.format(port=1) for text in ARGUMENTS.get(command, [])]
    url = addresses["host"]
    run, watch = watched(
        program, "--debug", *command.split(), *arguments, "--storage", url, HPSEARCH_STORAGE=url
    )
    assert run.code != 0
    assert CANARY not in run.out + run.err
    assert run.err
    assert watch.has_hidden


@pytest.mark.parametrize("name", FAILING)
@pytest.mark.sampled
def test_fault_45_no_address_that_fails_shows_a_password(program, addresses, name):
    """Every way in which an address can be wrong, for one command, with a traceback."""
    run, _ = watched(program, "--debug", "list", "--storage", addresses[name])
    assert run.code == 4, run.err
    assert "Traceback" in run.err
    assert CANARY not in run.out + run.err


WRONG_PLACES = {
    "a study": ("status", "--study", "{}"),
    "a study file": ("start", "{}"),
    "a file to check": ("check", "{}"),
    "a trial": ("show", "{}"),
    "one argument too many": ("list", "{}"),
    "a command": ("{}",),
    "an option": ("list", "--{}"),
    "a misspelled option": ("list", "--storag={}"),
    "a value of another option": ("report", "--format", "{}"),
    "a number": ("dashboard", "--port", "{}"),
    "a parameter": ("enqueue", "lr={}"),
    "an export": ("export", "{}"),
    "a bundle": ("import", "{}"),
    "a model": ("export", "winner", "--output", "{}"),
    "an artifact store": ("start", "small.toml", "--artifacts", "{}"),
    "an address of a cluster": ("start", "small.toml", "--engine", "dask", "--address", "{}"),
    "an address to post to": ("start", "small.toml", "--notify", "{}"),
    "a token": ("dashboard", "--token", "{}"),
    "a token file": ("dashboard", "--token-file", "{}"),
}
ADDRESSES = (
    "postgresql://user:{}@127.0.0.1:1/name",
    "user:{}@127.0.0.1/name",
    "host=127.0.0.1 password='{}'",
    "jdbc:postgresql://127.0.0.1/name?user=user&password={}",
)
AWKWARD = (
    "c4nary-Geheim",
    "c4nary Geheim",
    "c4nary/Geheim@x",
    "c4nary  \"Geheim'",
    "c4nary%40Geheim",
    "c4nary\\Geheim",
)


@pytest.mark.parametrize("place", WRONG_PLACES)
@pytest.mark.sampled
def test_fault_73_an_address_in_the_wrong_place_hides_its_password(program, place):
    """A message that repeats an argument leaves the password out, with a traceback, too."""
    program.write("small.toml", study_text(trials=8).replace("[16, 8]", "[8]"))
    # All pairs take two minutes, so each place has its share of them.
    pairs = list(itertools.product(ADDRESSES, AWKWARD))
    for form, password in pairs[list(WRONG_PLACES).index(place) :: len(WRONG_PLACES)]:
        text = form.format(password)
        run = program.run("--debug", *(part.format(text) for part in WRONG_PLACES[place]))
        assert run.code not in {0, None}, run.err
        assert run.err
        found = run.out + run.err
        assert "c4nary" not in found, found
        assert "Geheim" not in found, found


KEPT = ("postgres:postgres", "hpsearch:password", "user:a")


@pytest.mark.parametrize("login", KEPT)
def test_a_common_word_as_a_password_leaves_messages_readable(program, login):
    """A word that every message has stays in it; in its address it is hidden."""
    url = f"postgresql://{login}@127.0.0.1:1/name"
    run = program.run("list", url)
    shown = f"{login.partition(':')[0]}:***@127.0.0.1:1/name"
    assert run.err.startswith("hpsearch list: got unexpected extra argument")
    assert run.err.endswith(f"(postgresql://{shown}); {ADVICE}\n")


def texts(url):
    """Return every value of every column of every table of a database, as text."""
    engine = sa.create_engine(url)
    tables = sa.MetaData()
    with engine.connect() as connection:
        tables.reflect(connection)
        found = [str(row) for table in tables.sorted_tables for row in connection.execute(sa.select(table))]
    engine.dispose()
    return found


@pytest.mark.long
def test_no_command_that_works_shows_a_password(program, postgres):
    """Every command on a real server: output, list of processes, every row of the database."""
    owner = f"owner_{os.getpid()}"
    postgres.execute(f"CREATE ROLE {owner} LOGIN SUPERUSER PASSWORD '{CANARY}'")
    secret = postgres.new_database()
    url = sa.make_url(secret).set(username=owner, password=CANARY).render_as_string(hide_password=False)
    program.write("small.toml", study_text(trials=8).replace("[16, 8]", "[8]"))
    try:
        first = ["start", *(name for name in ALL if name != "start")]
        for command in first:
            arguments = [
                text.format(port=20_000 + os.getpid() % 10_000) for text in ARGUMENTS.get(command, [])
            ]
            storage = [] if command == "check" else ["--storage", url]
            run, watch = watched(program, "--debug", *command.split(), *arguments, *storage)
            assert CANARY not in run.out + run.err, command
            assert watch.has_hidden == bool(storage)
            if command in {"start", "list", "status", "best", "fingerprint", "show"}:
                assert run.code == 0, run.err
        stored = texts(url)
        assert any("small" in text for text in stored)
        assert not any(CANARY in text for text in stored)
    finally:
        postgres.drop_database(secret)
        postgres.execute(f"DROP ROLE {owner}")


@pytest.mark.parametrize(
    ("argument", "shown"),
    [
        ("postgresql://u:geheim@h/d", "postgresql://u:******@h/d"),
        ("--storage=postgresql+psycopg://u:geheim@h/d", "--storage=postgresql+psycopg://u:******@h/d"),
        ("postgresql://u:ge@he:im@h/d", "postgresql://u:********@h/d"),
        ("postgresql://u@h/d?password=geheim&x=1", "postgresql://u@h/d?password=******&x=1"),
        ("postgresql://u@h/d?password=ge&he=im&sslmode=x", "postgresql://u@h/d?password=**&he=im&sslmode=x"),
        ("postgresql://u@h/d?PASSWORD=ge@im", "postgresql://u@h/d?PASSWORD=*****"),
        ("postgresql://u/geheim@h/d", "postgresql://u/******@h/d"),
        ("u:geheim@h/d", "u:******@h/d"),
        ("-su:geheim@h/d", "-su:******@h/d"),
        ("//u:ge:im@h/d", "//u:*****@h/d"),
        ("jdbc:postgresql://h/d?user=u&password=geheim", "jdbc:postgresql://h/d?user=u&password=******"),
        ("u%3Ageheim%40h/d", "u%3A******%40h/d"),
        ("host=h password=ge heim", "host=h password=*******"),
        ("--storage=PASSWORD = 'ge im' host=h", "--storage=PASSWORD = **************"),
        ("service=s sslpassword=geheim", "service=s sslpassword=******"),
        ("--password=geheim", "--password=******"),
        ("--token=geheim", "--token=******"),
        ("--notify=hooks.example.org/geheim", "--notify=************************"),
        ("--token-file=geheim", "--token-file=geheim"),
        ("host=h passfile=geheim", "host=h passfile=geheim"),
        ("postgresql://u@h:5432/d", "postgresql://u@h:5432/d"),
        ("sqlite:///a:b@c.db", "sqlite:///a:b@c.db"),
    ],
)
def test_a_process_hides_what_it_was_called_with(argument, shown):
    """The password alone is overwritten, as long as it is; the process itself still knows it."""
    script = (
        "import sys; from hpsearch.cli.passwords import hide_passwords; hide_passwords(); "
        "print(open('/proc/self/cmdline').read().split('\\0')[3]); print(sys.argv[1])"
    )
    run = subprocess.run([sys.executable, "-c", script, argument], capture_output=True, text=True, check=True)
    if not Path("/proc/self/mem").exists():
        pytest.skip("needs /proc")
    assert run.stdout.splitlines() == [shown, argument]

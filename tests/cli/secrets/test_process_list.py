"""The list of processes while commands are at work: none of their processes shows a secret."""

import os
import signal
import subprocess
import sys
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.cli.program import ROOT, eventually, group, study_text

pytestmark = pytest.mark.long

PASSWORD, HOOK = "c4nary-Prozess", "h00k-Geheimnis"

NEWER_PYTHON = """
import multiprocessing.forkserver as module
from pathlib import Path

source = Path(module.__file__).read_text()
if "sys_argv" not in source:
    for before, after in (
        ("{'main_path', 'sys_path'}", "{'main_path', 'sys_path', 'sys_argv'}"),
        ("main_path=None, sys_path=None", "main_path=None, sys_path=None, sys_argv=None"),
    ):
        assert source.count(before) == 1, before
        source = source.replace(before, after)
exec(compile(source, module.__file__, "exec"), module.__dict__)
"""
"""What Python 3.13.12 and 3.14.3 do: a fork server finds its caller's arguments on its command line."""


class Sampler:
    """Runs commands and reads the command line and the environment of each of their processes, all the time.

    Args:
        program: What runs them.
        variables: Variables of their environment.
    """

    def __init__(self, program, **variables):
        self._program, self._variables = program, variables
        self._hidden = set()
        self.seen = set()

    def run(self, *arguments, done):
        """Run a command until ``done``, or to its end; return its exit code."""
        process = subprocess.Popen(
            [sys.executable, "-m", "hpsearch", *arguments],
            cwd=self._program.folder,
            env=self._program.environment(**self._variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._program.launched.append(process)

        def is_over():
            self._look(process)
            if process.poll() is None and done():
                process.send_signal(signal.SIGTERM)
            return process.poll() is not None

        eventually(is_over, timeout_s=120, what=f"the end of {arguments[0]}")
        assert process.pid in self._hidden
        return process.returncode

    def _look(self, process):
        for pid in group(process):
            with suppress(OSError):
                line = Path(f"/proc/{pid}/cmdline").read_bytes()
                words = Path(f"/proc/{pid}/environ").read_bytes()
                shown = any(secret.encode() in line for secret in (PASSWORD, HOOK))
                if pid == process.pid and b"*" * len(PASSWORD) in line:
                    self._hidden.add(pid)
                self.seen |= {b"forkserver"} if b"forkserver" in line else set()
                # A command shows what it was called with until it has hidden it; never again, and no child.
                assert not shown or (pid == process.pid and pid not in self._hidden), line
                assert PASSWORD.encode() not in words, "in the environment of a process"


def never():
    """Let a command come to its end."""
    return False


def answers(port):
    """Return whether a dashboard answers at a port of this machine."""
    with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
        return True
    return False


@pytest.mark.parametrize("python", [pytest.param("this Python", marks=pytest.mark.long), "a newer Python"])
def test_fault_74_no_process_of_a_command_shows_a_secret(program, postgres, python):
    """A whole search, a pause and its end, a worker, a dashboard: sampled while each of them runs."""
    folder = program.folder / "newer"
    folder.mkdir()
    if python == "a newer Python":
        (folder / "sitecustomize.py").write_text(NEWER_PYTHON)
    owner = f"process_{os.getpid()}"
    postgres.execute(f"CREATE ROLE {owner} LOGIN SUPERUSER PASSWORD '{PASSWORD}'")
    database = postgres.new_database()
    url = sa.make_url(database).set(username=owner, password=PASSWORD).render_as_string(hide_password=False)
    program.write("small.toml", study_text(trials=8).replace("[16, 8]", "[8]"))
    sampler = Sampler(program, PYTHONPATH=f"{folder}{os.pathsep}{ROOT}")
    hook = f"http://127.0.0.1:1/{HOOK}"
    try:
        where = f"--storage={url}"
        start = ("start", "small.toml", "--workers", "2", "--storage", url, "--notify", hook)
        assert sampler.run(*start, done=never) == 0
        assert sampler.seen == {b"forkserver"}
        assert sampler.run("pause", where, done=never) in {0, 2}
        assert sampler.run("resume", where, done=never) in {0, 2}
        assert sampler.run(*start, "--trials", "12", done=never) == 0
        assert sampler.run("worker", where, done=never) == 0
        port = 20_000 + os.getpid() % 10_000
        arguments = ("dashboard", where, "--port", f"{port}")
        assert sampler.run(*arguments, done=lambda: answers(port)) == 143
    finally:
        postgres.drop_database(database)
        postgres.execute(f"DROP ROLE {owner}")

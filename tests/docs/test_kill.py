"""The page of PyTorch says that a killed study goes on from its checkpoints: it is killed here."""

import importlib.util
import os
import signal
from contextlib import suppress

import pytest

from tests.cli.fixtures import cache, program
from tests.cli.program import Program, eventually, group, rows, settled
from tests.docs.blocks import blocks
from tests.docs.reader import ROOT

__all__ = ["cache", "program"]

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="PyTorch is not installed"),
]
PAGE = ROOT / "docs" / "howto" / "pytorch.md"
SLOWER = ("        train(model, optimizer)\n", "        train(model, optimizer)\n        time.sleep(0.1)\n")
"""An epoch of a small network is over before a kill comes."""


def write(program, *, slow=False):
    """Write the files of the page; an epoch takes a tenth of a second longer where it is ``slow``."""
    for block in blocks(PAGE.read_text()):
        if block.file:
            text = block.text.replace(*SLOWER).replace("import os\n", "import os\nimport time\n")
            assert not block.file.endswith(".py") or text.count("time.sleep") == 1
            program.write(block.file, text if slow else block.text)


def kill(process):
    """End a command and every process below it with SIGKILL; what evaluates trials has a guard of its own."""
    below = group(process)
    os.killpg(process.pid, signal.SIGKILL)
    for pid in below:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


def logs(database):
    """Return what trials have printed."""
    found = rows(database, "SELECT value_json FROM trial_user_attributes WHERE key LIKE '%log'")
    return [text for (text,) in found]


def test_a_training_that_was_killed_goes_on_from_its_checkpoint(program, tmp_path_factory):
    """Three kills amid epochs: a trial says where it goes on, and the fingerprint is the calm one."""
    calm = Program(folder=tmp_path_factory.mktemp("calm"), cache=tmp_path_factory.mktemp("cache"))
    for one, slow in ((calm, False), (program, True)):
        write(one, slow=slow)
    run = calm.run("start", "net.toml", "--workers", 1, "--quiet")
    assert run.code == 0, run.err
    database = program.folder / "hpsearch.db"
    for n_settled in (0, 4, 9):
        before = set(program.cache.glob("trials/*/*/training.pt"))
        process = program.launch("start", "net.toml", "--workers", 2, "--quiet", "--lease", 2)
        eventually(lambda n=n_settled: settled(database, "net") >= n, what="settled trials")
        eventually(
            lambda before=before: set(program.cache.glob("trials/*/*/training.pt")) - before,
            what="a checkpoint",
        )
        kill(process)
    run = program.run("start", "net.toml", "--workers", 2, "--quiet")
    assert run.code == 0, run.err
    assert any("goes on after epoch" in log for log in logs(database))
    for study in ("net", "net.confirm"):
        lines = [one.run("fingerprint", "--study", study).out for one in (calm, program)]
        assert lines[0] == lines[1]
        assert len(lines[0]) == 65

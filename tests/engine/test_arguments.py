"""Arguments of the Python surface that are of another kind, or come from a place where none may start."""

import sys
from pathlib import Path

import pytest

import hpsearch
from hpsearch.errors import HpsearchError
from tests.engine.test_script import SCRIPT

pytestmark = pytest.mark.long

STUDY = """
name = "p"
trials = 2
parallelism = 1
[data]
source = "iris"
[model]
hidden = [4]
epochs = 1
[space]
lr = { low = 1e-3, high = 1e-1, log = true }
"""
WRONG = {
    "spec": [[("name", "p")], None, 3],
    "storage": [Path("p.db"), 3, b"sqlite:///p.db", "p.db"],
    "workers": ["2", 1.5, True, 0, -1, 10**9],
    "lease_s": ["60", float("nan"), None, 0, -1, float("inf")],
    "patience_s": ["60", float("nan"), None, -1],
    "notice_s": ["60", float("nan"), None, -1],
    "artifacts": [3, b"x"],
    "on_status": ["x", 3],
    "on_end": ["x", 3],
    "engine": ["dask", 3],
    "stop": [True, "now"],
    "progress": [1, "yes"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in WRONG for value in WRONG[name]])
def test_fault_90_an_argument_of_another_kind_is_refused(tmp_path, monkeypatch, name, value):
    """One line says which argument, what was expected and what was found; nothing is written."""
    monkeypatch.chdir(tmp_path)
    Path("p.toml").write_text(STUDY)
    given = {"spec": hpsearch.load_study_file("p.toml"), "storage": "sqlite:///p.db"} | {name: value}
    with pytest.raises(HpsearchError, match=f"^{name}: expected .*, found ") as refused:
        hpsearch.start(given.pop("spec"), **given)
    assert "\n" not in str(refused.value)
    assert [path.name for path in tmp_path.iterdir()] == ["p.toml"]


def test_fault_90_the_refusal_of_a_path_says_what_to_write(tmp_path):
    """A path without a study file is named; one in the place of an address is answered with its form."""
    with pytest.raises(HpsearchError, match=r"p\.toml: expected a study file, found none there"):
        hpsearch.start(tmp_path / "p.toml")
    with pytest.raises(HpsearchError, match="sqlite:///FILE"):
        hpsearch.open_study(storage=tmp_path / "p.db")


@pytest.mark.parametrize("where", ["thread", "coroutine"])
def test_fault_90_a_search_runs_in_any_thread(program, finished, where):
    """Threads and event loops, as notebooks and web applications have them, change nothing."""
    inside = "\n".join(f"    {line}" for line in SCRIPT.splitlines())
    program.write("inside.py", RUNS[where].format(inside=inside))
    run = program.run("inside.py", command=(sys.executable,))
    assert run.code == 0, run.err
    assert finished.fingerprint in run.out


RUNS = {
    "thread": "def run():\n{inside}\nimport threading\nthreading.Thread(target=run).start()\n",
    "coroutine": "async def run():\n{inside}\nimport asyncio\nasyncio.run(run())\n",
}

"""``start --notify``: what is told at the end, and that telling changes nothing else."""

import json
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import hpsearch
from hpsearch.engine import LocalEngine
from tests.cli.program import LONG, ended, eventually, settled, study_text
from tests.test_notify import SECRET, listening

QUIET_PROXY = {"no_proxy": "*"}


@pytest.fixture
def calm(program, finished):
    """Return a folder with the finished study and its file: starting it again ends at once."""
    finished.copy_to(program.folder)
    program.write("calm.toml", study_text())
    return program


def test_the_end_is_told_with_what_best_prints(calm):
    """One post: finished, the winner's numbers, a line for people; the address is in no list of processes."""
    with listening(200) as (host, requests):
        process = calm.launch(
            "start", "calm.toml", "--notify", f"http://u:{SECRET}@{host}/{SECRET}", **QUIET_PROXY
        )
        line = Path(f"/proc/{process.pid}/cmdline")
        eventually(lambda: SECRET.encode() not in line.read_bytes(), what="a hidden address")
        run = ended(process)
    assert run.code == 0, run.err
    ((path, _, record),) = requests
    best = json.loads(calm.run("best", "--json").out)
    assert (path, record["event"], record["study"]) == (f"/{SECRET}", "finished", "small")
    assert (record["best"], record["error"], record["schema_version"]) == (best, None, 1)
    assert record["text"].startswith("small: finished, 40 of 40 trials settled")
    assert SECRET not in run.out + run.err + json.dumps(record)


def test_an_end_that_cannot_be_told_changes_nothing(calm, finished):
    """The exit code and the result stay; one line more on standard error."""
    with listening(404) as (host, _):
        run = calm.run("start", "calm.toml", HPSEARCH_NOTIFY=f"http://{host}/{SECRET}", **QUIET_PROXY)
    assert (run.code, run.out) == (0, finished.out)
    assert run.err.count("could not be told") == 1
    assert SECRET not in run.err


def test_a_search_that_fails_is_told(calm):
    """A file that differs from the study: exit code 2, and the record says why."""
    calm.write("calm.toml", study_text().replace("seed = 6", "seed = 7"))
    with listening(200) as (host, requests):
        run = calm.run("start", "calm.toml", "--notify", f"http://{host}/", **QUIET_PROXY)
    assert run.code == 2
    ((_, _, record),) = requests
    assert (record["event"], record["best"]["study"]) == ("failed", "small")
    assert record["error"].startswith("study 'small' exists with other settings")
    assert "\n" not in record["text"]


def test_a_search_that_is_asked_to_end_is_told(program):
    """SIGTERM: exit code 143, interrupted, and the best trial so far."""
    program.write("long.toml", study_text(name="long", epochs=LONG))
    with listening(200) as (host, requests):
        process = program.launch("start", "long.toml", "-w", 1, "--notify", f"http://{host}/", **QUIET_PROXY)
        eventually(lambda: settled(program.folder / "hpsearch.db", "long") >= 1, what="a settled trial")
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGTERM)
        run = ended(process)
    assert run.code == 143, run.err
    ((_, _, record),) = requests
    assert (record["event"], record["study"]) == ("interrupted", "long")
    assert record["best"]["test_accuracy"] is None
    assert record["error"].endswith("the same command goes on")


def test_another_address_is_refused_before_anything_begins(program):
    """Exit code 2, one line, no database."""
    run = program.run("start", "small.toml", "--notify", f"ftp://u:{SECRET}@host/{SECRET}")
    assert (run.code, run.out) == (2, "")
    expected = "expected an address http://HOST/... or https://HOST/..., found the scheme 'ftp'"
    assert run.err == f"hpsearch: notify: {expected}\n"
    assert not (program.folder / "hpsearch.db").exists()


def test_a_callback_hears_the_same(calm, cache, monkeypatch):
    """``on_end`` is called once, with the record that ``--notify`` posts; an error goes on its way."""
    monkeypatch.setenv("HPSEARCH_CACHE", str(cache))
    storage = f"sqlite:///{calm.folder / 'hpsearch.db'}"
    spec = hpsearch.load_study_file(calm.folder / "calm.toml")
    told = []
    study = hpsearch.start(spec, storage=storage, engine=LocalEngine(), on_end=told.append)
    assert [(record["event"], record["best"]) for record in told] == [("finished", study.to_json())]
    with closing(sqlite3.connect(calm.folder / "hpsearch.db", isolation_level=None)) as connection:
        connection.execute("UPDATE hpsearch_alembic_version SET version_num = '9999'")
    with pytest.raises(hpsearch.HpsearchError, match="found 9999"):
        hpsearch.start(spec, storage=storage, engine=LocalEngine(), on_end=told.append)
    assert (told[1]["event"], told[1]["best"]) == ("failed", None)

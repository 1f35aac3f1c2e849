"""Results that could not be stored, kept in a file: whole or not at all, whatever happens to the file."""

import dataclasses
import json
import math
import random
from types import SimpleNamespace

import pytest

from hpsearch.search import TrialState
from hpsearch.store import Claim, Result
from hpsearch.store.database.connection import Database
from hpsearch.worker.loop import unsent_results
from hpsearch.worker.loop.unsent_results import deliver_kept, keep
from tests.cli.program import eventually
from tests.machine.nursery import Nursery

KILLS = 100


def results_of(size):
    """Return results with curves of so many points."""
    curve = tuple(n / size for n in range(size))
    claims = [Claim(trial_id=n, number=n, attempt=1, token="t", internal=(0.5,)) for n in range(2)]
    done = Result(state=TrialState.COMPLETE, value=curve[-1], curve=curve)
    return [(claim, done) for claim in claims]


def keep_for_ever(url):
    """Keep results of two sizes in the same file, again and again."""
    away = SimpleNamespace(database=Database(url))  # a file is kept because the database cannot be opened
    while True:
        for size in (400, 4000):
            keep(away, results_of(size))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return where results are kept."""
    monkeypatch.setenv("HPSEARCH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "results"


@pytest.mark.long
def test_fault_28_killed_while_it_keeps_results(ledger, folder):
    """A hundred times: the file holds the results of one keeping or of the other, all of them."""
    draw, sizes = random.Random(3), []
    with Nursery(__name__, HPSEARCH_CACHE=str(folder.parent)) as nursery:
        for _ in range(KILLS):
            for file in folder.rglob("*.json"):
                file.unlink()
            nursery.start(keep_for_ever, ledger.database.secret_url)
            (file,) = eventually(lambda: list(folder.rglob("*.json")), what="a file")
            first = file.stat().st_ino
            if draw.random() < 0.8:  # otherwise at once
                eventually(lambda f=file, n=first: f.stat().st_ino != n, what="another one")
            assert nursery.kill()
            sizes.append({len(result["curve"]) for _, result in json.loads(file.read_text())})
    assert all(size in ({400}, {4000}) for size in sizes)
    assert {400} in sizes
    assert {4000} in sizes


@pytest.fixture
def trial(ledger, study):
    """Return a function that reads the first trial."""
    return lambda: ledger.trial(study, 0)


DAMAGES = {
    "empty": lambda _text: "",
    "half": lambda text: text[: len(text) // 2],
    "a letter changed": lambda text: text.replace("curve", "kurve", 1),
    "a state that is none": lambda text: text.replace('"state": 1', '"state": 77', 1),
    "another shape": lambda _text: '{"a": [1]}',
    "no value": lambda text: text.replace('"value": 0.5', '"value": null', 1),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_fault_27_a_damaged_file_of_results(ledger, trial, claims, folder, damage):
    """Nothing of it is delivered and nothing is lost: it stays, other files are delivered, workers go on."""
    done = Result(state=TrialState.COMPLETE, value=0.5, curve=(0.25, 0.5))
    _, (first, second) = claims
    bad, good = keep(ledger, [(first, done)]), keep(ledger, [(second, done)])
    text = bad.read_text()
    bad.write_text(DAMAGES[damage](text))
    assert bad.read_text() != text
    assert deliver_kept(ledger) == [1]
    assert sorted(folder.rglob("*.*")) == [bad]
    assert not good.exists()
    assert trial().state is TrialState.RUNNING
    bad.write_text(text)
    assert deliver_kept(ledger) == [0]
    assert trial().curve == (0.25, 0.5)


@pytest.mark.usefixtures("folder")
def test_a_result_of_a_trial_that_lacks_a_parameter_is_kept_as_json(ledger):
    """The file holds no NaN, which is no JSON, and gives back the claim as it was."""
    ((claim, done), _) = results_of(2)
    lacking = dataclasses.replace(claim, internal=(0.5, math.nan))
    file = keep(ledger, [(lacking, done)])

    def refuse(word):
        raise AssertionError(word)

    json.loads(file.read_text(), parse_constant=refuse)
    ((path, results),) = unsent_results._kept(ledger)
    assert (path, results) == (file, [(lacking, done)])

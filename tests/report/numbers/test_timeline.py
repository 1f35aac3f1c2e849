"""The timeline, the surface and the noise of studies of which every number is known."""

import dataclasses

import numpy as np
import pytest

from hpsearch.report.explanation.noise import seed_noise
from hpsearch.report.numbers.study import study_report
from hpsearch.report.numbers.time import BarKind
from hpsearch.search import History, TrialState
from hpsearch.store import Ledger
from tests.report import made


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return ledger, study and report of the made study."""
    folder = tmp_path_factory.mktemp("timeline")
    ledger = Ledger(f"sqlite:///{folder}/made.db", create=True)
    try:
        study = made.make_study(ledger, made.study_spec(folder), n_trials=40)
        yield ledger, study, study_report(ledger, study)
    finally:
        ledger.close()


def test_every_attempt_is_a_bar_of_its_worker(whole):
    """Trials begin a second after each other and last two; three workers take turns."""
    _, _, report = whole
    bars = report.timeline.bars
    assert report.timeline.n_attempts == 40
    assert [bar.number for bar in bars] == list(range(40))
    assert [bar.worker for bar in bars[:4]] == [report.workers[n].name for n in (0, 1, 2, 0)]
    assert [bar.begin for bar in bars] == pytest.approx(range(40))
    assert [bar.end - bar.begin for bar in bars] == pytest.approx([2.0] * 40)
    words = {1: BarKind.COMPLETE, 2: BarKind.PRUNED, 3: BarKind.FAILED}
    assert [bar.kind for bar in bars] == [words[state] for state in report.trials.states.tolist()]


def test_of_many_attempts_some_are_read_evenly(whole):
    """The number that there are is always said; those read are a part of them, apart by the same step."""
    ledger, study, _ = whole
    n, spans = ledger.attempts(study, most=15)
    assert n == 40
    assert [span.number for span in spans] == list(range(0, 40, 3))
    assert all(span.ended_at - span.claimed_at == pytest.approx(2.0) for span in spans)


def test_an_anonymous_timeline_has_no_machine(whole):
    """Its workers have the names that the rest of an anonymous report has."""
    ledger, study, _ = whole
    report = study_report(ledger, study, anonymous=True)
    assert {bar.worker for bar in report.timeline.bars} == {worker.name for worker in report.workers}
    assert not any("node" in bar.worker for bar in report.timeline.bars)


def test_the_surface_is_highest_where_the_made_study_is(whole):
    """Its values peak at a learning rate of 0.01 and two layers; a choice has no axis."""
    _, _, report = whole
    surface = report.surface
    rates, layers = np.array([1e-4, 1e-2, 1e-1]), np.array([1.0, 2.0, 4.0])
    found = surface.at(("lr", "layers"), rates, layers)
    assert found.shape == (3, 3)
    assert np.unravel_index(found.argmax(), found.shape)[1] == 1
    assert found[:, 2].max() < found[:, 1].max()
    assert surface.varies("lr")
    assert not surface.varies("optimizer")
    assert not surface.varies("unknown")


def runs(values):
    """Return the confirming runs of settings, a list of values each."""
    points = [[float(place)] for place, mine in enumerate(values) for _ in mine]
    flat = np.array([value for mine in values for value in mine])
    states = np.full(len(flat), int(TrialState.COMPLETE))
    return History(internal=np.array(points), states=states, values=flat, curves=np.empty((len(flat), 0)))


def test_noise_is_pooled_over_settings():
    """The squares about each setting's own mean over the runs beyond the first; failed runs do not count."""
    history = runs([[0.9, 0.92, 0.94], [0.5, 0.52], [0.1]])
    noise = seed_noise(history)
    assert noise.freedom == 3
    assert noise.deviation == pytest.approx(np.sqrt((0.0008 + 0.0002) / 3))
    assert noise.margin == pytest.approx(3.182446 * np.sqrt(2) * noise.deviation, rel=1e-6)
    states = np.where(np.arange(6) == 4, int(TrialState.FAILED), history.states)
    assert seed_noise(dataclasses.replace(history, states=states)).freedom == 2


def test_no_noise_is_known_without_two_runs_that_differ():
    """One run a setting says nothing, and equal runs have no noise."""
    assert seed_noise(runs([[0.9], [0.8]])) is None
    assert seed_noise(runs([[0.9, 0.9], [0.8, 0.8]])) is None


def test_a_confirmed_study_has_noise_and_confirming_runs(whole):
    """The made study was not confirmed: it has neither."""
    _, _, report = whole
    assert report.noise is None
    assert BarKind.CONFIRMING not in {bar.kind for bar in report.timeline.bars}

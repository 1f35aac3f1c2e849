"""The numbers of a report: what they say of a study whose every trial is known."""

import math

import numpy as np
import pytest

from hpsearch.report.numbers.parameters import ScaleKind
from hpsearch.report.numbers.study import study_report
from hpsearch.search import TrialState
from hpsearch.store import Ledger
from tests.report import made


@pytest.fixture(scope="module")
def new_ledger(tmp_path_factory):
    """Return a function that gives ledgers without studies."""
    ledgers = []

    def new_ledger():
        folder = tmp_path_factory.mktemp("numbers")
        ledgers.append(Ledger(f"sqlite:///{folder}/made.db", create=True))
        return ledgers[-1], made.study_spec(folder)

    yield new_ledger
    for ledger in ledgers:
        ledger.close()


@pytest.fixture(scope="module")
def whole(new_ledger):
    """Return the ledger, the space and the report of the study with all of its trials."""
    ledger, spec = new_ledger()
    study = made.make_study(ledger, spec, n_trials=spec.trials)
    return ledger, spec, study, study_report(ledger, study)


@pytest.fixture
def report(whole):
    """Return the report alone."""
    return whole[-1]


def test_the_columns_are_the_trials_that_the_ledger_tells_one_by_one(whole):
    """State, stage, value, parameters and curve of each trial are those that ``show`` prints."""
    ledger, _, study, report = whole
    assert len(report.trials) == 40
    for number in range(40):
        row = ledger.trial(study, number)
        assert report.trials.states[number] == row.state
        assert report.trials.stages[number] == row.stage
        assert report.trials.seconds[number] == pytest.approx(2.0)
        curve = report.trials.curves[number]
        assert tuple(curve[~np.isnan(curve)]) == row.curve
        value = report.trials.values[number]
        assert (None if math.isnan(value) else value) == row.value
        for column in report.parameters:
            found = column.values[number]
            assert math.isnan(found) == (column.name not in row.params)
            if not math.isnan(found):
                told = row.params[column.name]
                assert (column.choices[int(found)] if column.choices else found) == told


def test_the_running_best_counts_complete_trials_alone(report):
    """It never falls, is nothing before the first complete trial, and ends at the highest value."""
    trials, best = report.trials, -math.inf
    for number in range(len(trials)):
        if trials.states[number] == TrialState.COMPLETE:
            best = max(best, trials.values[number])
        shown = trials.best[number]
        assert (math.isnan(shown) and best == -math.inf) or shown == best
    assert trials.best[-1] == report.summary.status.best_value


def test_the_rung_at_which_a_trial_stopped_is_told(report):
    """Pruned trials stopped at the one rung; it counts them."""
    trials = report.trials
    pruned = trials.states == TrialState.PRUNED
    assert pruned.any()
    assert set(trials.stopped_at[pruned]) == {2}
    assert not trials.stopped_at[~pruned].any()
    (rung,) = report.rungs
    assert (rung.epoch, rung.n_stopped) == (2, pruned.sum())
    asked = dict(zip(rung.numbers.tolist(), rung.least.tolist(), strict=True))
    for number in np.flatnonzero(pruned):
        assert trials.values[number] < asked[number]


def test_stages_follow_each_other(report):
    """Two rounds, then TPE; together they have all trials."""
    assert [(stage.name, stage.first_number, stage.n_trials) for stage in report.stages] == [
        ("round 0", 0, 16),
        ("round 1", 16, 8),
        ("tpe", 24, 16),
    ]


def test_parameters_of_every_kind_have_their_ranges_and_places(report):
    """Log, whole, choice, mirrored and conditional; 0 and 1 are the ends of the declared range."""
    lr, layers, optimizer, momentum = report.parameters
    scales = [column.scale for column in report.parameters]
    assert scales == [ScaleKind.LOG, ScaleKind.LINEAR, ScaleKind.CHOICE, ScaleKind.MIRRORED]
    assert lr.declared == (1e-4, 1e-1)
    assert lr.outer == pytest.approx((1e-6, 10.0))
    assert layers.whole
    assert layers.declared == (1, 4)
    assert optimizer.choices == ("sgd", "momentum")
    assert momentum.when == ('optimizer = "momentum"',)
    assert (np.isnan(momentum.values) == (optimizer.values == 0)).all()
    assert lr.places == pytest.approx(np.log10(lr.values / 1e-4) / 3)


def test_boxes_are_in_the_parameters_own_units(report):
    """A choice has no side; what the second round was decided by is with it."""
    first, second, *later = report.boxes
    assert {box.stage for box in later} == {"tpe"}
    assert [side.name for side in first.sides] == ["lr", "layers", "momentum"]
    assert (first.sides[0].low, first.sides[0].high) == pytest.approx((1e-4, 1e-1))
    assert (first.first_number, second.first_number) == (0, 16)
    assert second.reason == "kept: 15 results, 16 needed"
    assert later[-1].reason.startswith("top 6 of")
    assert {"p", "below", "above"} <= set(later[-1].sides[0].evidence)


def test_what_mattered_stands_first(report):
    """The value was made of the layers and the learning rate."""
    assert {found.name for found in report.importances} == {"lr", "layers", "optimizer", "momentum"}
    assert report.importances[0].name in {"lr", "layers"}
    shares = [found.share for found in report.importances]
    assert shares == sorted(shares, reverse=True)


def test_the_time_of_a_worker_adds_up(report):
    """What was not measured is other time; of a worker that measured nothing nothing is told."""
    first, _, silent = report.workers
    assert first.name == "node1:101"
    assert sum(first.spent.values()) + first.other_s == first.wall_s == 50
    assert (silent.spent, silent.other_s) == (None, None)


def test_differing_environments_are_named(report):
    """One worker had another Python and more cores; one said nothing, which is no difference."""
    found = report.provenance
    assert found.differing == ("cores", "python")
    assert [environment.workers for environment in found.environments] == [
        ("node1:101",),
        ("node2:102",),
        ("node3:103",),
    ]
    assert found.ended is not None
    assert (found.ended - found.created).total_seconds() == pytest.approx(41.0)
    assert found.data_hash == "d" * 64


def test_a_report_made_twice_is_the_same(whole):
    """Nothing in it is drawn anew."""
    ledger, _, study, report = whole
    again = study_report(ledger, study)
    assert again.importances == report.importances
    assert again.provenance == report.provenance


@pytest.mark.parametrize("n_trials", [0, 1, 7])
def test_a_study_that_has_just_begun_has_a_report(new_ledger, n_trials):
    """Without a trial, with one, with too few to say what mattered: what is not known is left out."""
    ledger, spec = new_ledger()
    report = study_report(ledger, made.make_study(ledger, spec, n_trials=n_trials))
    assert len(report.trials) == n_trials
    assert report.importances == ()
    assert report.provenance.ended is None
    assert report.next_steps[0].command == "hpsearch worker --study made"

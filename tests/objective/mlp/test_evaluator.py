import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hpsearch.nn import MLPConfig, SettingError
from hpsearch.objective import Ending
from hpsearch.objective.mlp import MLPEvaluator, MLPOutcome, MLPTask
from hpsearch.objective.rows.outcome_cache import OutcomeCache

tasks = st.builds(
    MLPTask,
    config=st.builds(
        MLPConfig,
        hidden=st.sampled_from([(), (4,), (8,), (4, 4)]),
        activation=st.sampled_from(["relu", "tanh"]),
        optimizer=st.sampled_from(["sgd", "adam"]),
        lr=st.sampled_from([1e-3, 1e-1, 1e3]),
        weight_decay=st.sampled_from([0.0, 1e-2]),
        dropout=st.sampled_from([0.0, 0.3]),
        batch_size=st.sampled_from([16, 25]),
        epochs=st.integers(1, 4),
    ),
    seed=st.integers(0, 2**63),
    stops=st.sampled_from([lambda _: False, lambda curve: len(curve) == 2, lambda curve: curve[-1] < 0.5]),
)


def same(one, other):
    """Tell whether two outcomes are equal to the last bit, their networks included."""
    weights = (one.network.parameters, other.network.parameters)
    return (one.ending, one.curve) == (other.ending, other.curve) and np.array_equal(*weights, equal_nan=True)


@settings(deadline=None, max_examples=40)
@given(batch=st.lists(tasks, min_size=1, max_size=7), data=st.data())
def test_a_task_has_the_same_outcome_alone_and_with_others(objective, batch, data):
    """Whatever trains beside it, in whatever order: the same bits, in the place of the task."""
    outcomes = objective.train(batch)
    order = data.draw(st.permutations(range(len(batch))))
    shuffled = objective.train([batch[i] for i in order])
    for place, i in enumerate(order):
        (alone,) = objective.train([batch[i]])
        assert same(outcomes[i], alone)
        assert same(shuffled[place], alone)
        assert alone.network.config == batch[i].config


@settings(deadline=None, max_examples=30)
@given(batch=st.lists(tasks, min_size=1, max_size=7))
def test_a_curve_is_as_long_as_its_ending_says(objective, batch):
    """Complete: all epochs; stopped: where the callback said so; diverged: the epochs before, all finite."""
    for task, outcome in zip(batch, objective.train(batch), strict=True):
        curve = outcome.curve
        assert all(np.isfinite(curve))
        assert all(0 <= accuracy <= 1 for accuracy in curve)
        if outcome.ending is Ending.COMPLETE:
            assert len(curve) == task.config.epochs
        else:
            assert len(curve) < task.config.epochs
        assert outcome.ending is not Ending.STOPPED or task.stops(curve)
        assert not any(task.stops(curve[:n]) for n in range(1, len(curve)))


def test_nothing_to_train_is_nothing(objective):
    """No tasks, no outcomes."""
    assert objective.train([]) == []


def test_tasks_are_stacked_by_structure_and_width(objective, monkeypatch):
    """Those of one structure train together, as many as the width allows, in the order of their places."""
    monkeypatch.setattr("hpsearch.nn.training.stacks.stack_width", lambda *_, **__: 2)
    hidden = [(4,), (8,), (4,), (8,), (4,), ()]
    epochs = [1, 2, 3, 1, 2, 1]
    batch = [
        MLPTask(config=MLPConfig(hidden=h, epochs=e), seed=i)
        for i, (h, e) in enumerate(zip(hidden, epochs, strict=True))
    ]
    first, stacks = set(range(len(batch))), []

    def note(end):
        stack = {*end.curves, *end.ended}
        if stack <= first:
            stacks.append(sorted(stack))
            first.difference_update(stack)

    outcomes = objective.train(batch, on_report=note)
    assert stacks == [[0, 2], [4], [1, 3], [5]]
    assert [len(outcome.curve) for outcome in outcomes] == epochs


def test_a_training_that_diverges_ends_there(objective):
    """A learning rate that blows the loss up ends the lane before its last epoch; its neighbour goes on."""
    wild, tame = (
        MLPTask(config=MLPConfig(hidden=(8,), optimizer="sgd", batch_size=16, lr=lr, epochs=3), seed=0)
        for lr in (1e6, 1e-2)
    )
    first, second = objective.train([wild, tame])
    assert first.ending is Ending.DIVERGED
    assert first.curve == ()
    assert second.ending is Ending.COMPLETE
    assert len(second.curve) == 3


@pytest.mark.parametrize("epoch", [1, 2, 3])
def test_a_callback_stops_a_training_at_its_epoch(objective, epoch):
    """Asked after each epoch but the last: stopping there is being complete."""
    asked = []

    def stops(curve):
        asked.append(len(curve))
        return len(curve) == epoch

    config = MLPConfig(hidden=(8,), epochs=3)
    full, outcome = objective.train(
        [MLPTask(config=config, seed=0), MLPTask(config=config, seed=0, stops=stops)]
    )
    assert outcome.ending is (Ending.COMPLETE if epoch == 3 else Ending.STOPPED)
    assert outcome.curve == full.curve[:epoch]
    assert asked == [1, 2][:epoch]


def test_each_epoch_is_told(objective):
    """Place and curve so far, for every task, as it grows."""
    told = {}

    def note(end):
        for place, curve in [*end.curves.items(), *((p, o.curve) for p, o in end.ended.items())]:
            told.setdefault(place, []).append(curve)

    batch = [MLPTask(config=MLPConfig(hidden=h, epochs=3), seed=0) for h in ((8,), (4,), (8,))]
    outcomes = objective.train(batch, on_report=note)
    for place, outcome in enumerate(outcomes):
        assert told[place] == [outcome.curve[:n] for n in (1, 2, 3)]


def test_what_the_listener_raises_ends_the_training(objective):
    """An abort passes through."""

    def abort(_end):
        raise KeyboardInterrupt("enough")

    with pytest.raises(KeyboardInterrupt, match="enough"):
        objective.train([MLPTask(config=MLPConfig(hidden=(8,)), seed=0)], on_report=abort)


def test_a_trial_sets_its_settings_over_the_studys(objective):
    """The study's fixed settings, then the trial's; what is neither has its default."""
    config = objective.config({"lr": 0.5, "epochs": 9})
    assert config == MLPConfig(hidden=(8,), batch_size=16, epochs=9, lr=0.5)
    with pytest.raises(SettingError, match="lr: expected a number above 0, found 0"):
        objective.config({"lr": 0.0})


def test_another_seed_is_another_network(objective):
    """Weights, batches and dropout come from the task's seed."""
    one, other = objective.train([MLPTask(config=MLPConfig(hidden=(8,)), seed=seed) for seed in (0, 1)])
    assert not np.array_equal(one.network.parameters, other.network.parameters)


def test_networks_learn_and_are_judged_on_the_test_rows(objective, dataset):
    """The mean of the networks' accuracies; an ensemble of one is the network itself."""
    batch = [MLPTask(config=MLPConfig(hidden=(8,), lr=3e-2, epochs=5), seed=seed) for seed in range(3)]
    outcomes = objective.train(batch)
    each = [np.mean(one.network.predict(dataset.X_test) == dataset.y_test) for one in outcomes]
    assert objective.judge.test_scores(outcomes)["accuracy"] == pytest.approx(np.mean(each))
    assert objective.judge.test_scores(outcomes)["accuracy"] > 0.6
    assert objective.judge.ensemble_test_scores(outcomes[:1])["accuracy"] == pytest.approx(each[0])


def test_an_ensemble_averages_probabilities(spec, dataset):
    """Two unsure networks that are right outvote a third that is a little surer and wrong."""

    @dataclasses.dataclass
    class Fixed:
        row: tuple[float, ...]

        def predict_proba(self, X):
            return np.tile(self.row, (len(X), 1))

    def fixed(*row):
        return MLPOutcome(ending=Ending.COMPLETE, curve=(), value=0.0, networks=(Fixed(row),))

    right, wrong = fixed(0.5, 0.4, 0.1), fixed(0.3, 0.6, 0.1)
    judge = MLPEvaluator(spec, dataset).judge
    assert judge.ensemble_test_scores([right, right, wrong])["accuracy"] == np.mean(dataset.y_test == 1)
    sure = fixed(0.4, 0.35, 0.25)
    assert judge.ensemble_test_scores([right, right, sure])["accuracy"] == np.mean(dataset.y_test == 0)


def test_refitting_trains_on_validation_rows_too(spec, objective, dataset):
    """The same bits as a study whose training rows are both, and no accuracy to choose by."""
    both = dataclasses.replace(
        dataset,
        X_train=np.concatenate([dataset.X_train, dataset.X_val]),
        y_train=np.concatenate([dataset.y_train, dataset.y_val]),
    )
    batch = [MLPTask(config=MLPConfig(hidden=(8,), batch_size=16, epochs=3), seed=seed) for seed in (0, 1)]
    refitted = objective.refitting().train(batch)
    for again, expected, first in zip(
        refitted, MLPEvaluator(spec, both).train(batch), objective.train(batch), strict=True
    ):
        assert again.ending is Ending.COMPLETE
        assert np.array_equal(again.network.parameters, expected.network.parameters)
        assert not np.array_equal(again.network.parameters, first.network.parameters)
        assert len(again.curve) == 3
        assert np.isnan(again.curve).all()
    assert objective.refitting().judge.test_scores(refitted[:1])["accuracy"] > 0


def test_a_refit_never_serves_for_a_trial(spec, dataset):
    """What is in the cache for a task was trained without the validation rows, and stays so."""
    objective = MLPEvaluator(spec, dataset, cache=OutcomeCache())
    task = MLPTask(config=MLPConfig(hidden=(8,), epochs=2), seed=0)
    (before,) = objective.train([task])
    (refitted,) = objective.refitting().train([task])
    (after,) = objective.train([task])
    assert not np.array_equal(refitted.network.parameters, before.network.parameters)
    assert np.array_equal(after.network.parameters, before.network.parameters)


def test_a_kept_outcome_is_what_training_gives(spec, dataset, objective, monkeypatch):
    """A second request is answered without training, with the same bits as training it again."""
    kept = MLPEvaluator(spec, dataset, cache=OutcomeCache())
    tasks = [MLPTask(config=objective.config({"lr": lr}), seed=7) for lr in (1e-3, 1e-2)]
    kept.train(tasks)
    monkeypatch.setattr("hpsearch.objective.mlp.evaluator.run_stacks", lambda missing, **_: iter(missing))
    again = kept.train(tasks)
    monkeypatch.undo()
    for mine, fresh in zip(again, objective.train(tasks), strict=True):
        assert mine.curve == fresh.curve
        assert mine.network.parameters.tobytes() == fresh.network.parameters.tobytes()

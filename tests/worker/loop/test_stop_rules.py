"""A study that a rule of its own ends: the same trial, the same study, whatever the fleet."""

import dataclasses
import threading

import optuna
import pytest
import sqlalchemy as sa

from hpsearch.objective import MLPEvaluator
from hpsearch.report import summarize
from hpsearch.search import Stopped, StopRule, TrialState, fingerprint, stop_rule
from hpsearch.store import Ledger, opened
from hpsearch.study_file import StopSpec
from hpsearch.worker import Stop, load_data, replay, search_terms, work
from tests.cli.program import assert_sound


@pytest.fixture
def past(finished):
    """Return the history of the small study, run to its whole budget."""
    with opened(finished.url) as ledger:
        study = ledger.find_study("small")
        return ledger.history(study).history


@pytest.fixture
def rules(past):
    """Return rules that end the small study in its middle: a late record as target, a plateau, and both."""
    values = [past.values[n] if past.states[n] == TrialState.COMPLETE else 0.0 for n in range(24)]
    target = StopSpec(target=max(values))
    plateaus = (StopSpec(plateau=k) for k in range(4, 30))
    plateau = next(p for p in plateaus if (end := first_to_end(p, past)) and 12 < end.number < 40)
    return {
        "target": target,
        "plateau": plateau,
        "both": StopSpec(target=target.target, plateau=plateau.plateau),
    }


@pytest.fixture
def opens(ledger, spec):
    """Return a function that opens the small study with rules, or other changes."""
    data_hash = load_data(spec, spec.base).content_hash

    def opens(stop=None, into=ledger, **changes):
        changed = dataclasses.replace(spec, stop=stop or StopSpec(), **changes)
        return into.open_study(search_terms(changed, data_hash=data_hash))

    return opens


def first_to_end(stop, past, parallelism=8):
    """Return the end that follows from a history of the whole budget: the first number that sees it."""
    found = (stop_rule(stop, past.seen_by(n, parallelism), n) for n in range(len(past)))
    return next(filter(None, found), None)


def run(ledger):
    """Work on the only study to its end; return its fingerprint."""
    settled = work(ledger, None, stop=Stop())
    return fingerprint(settled.spec.space, settled.history)


@pytest.mark.parametrize("name", ["target", "plateau", "both"])
@pytest.mark.parametrize("fleet", [(1, 2, 3), (1,)], ids=["three workers", "one worker"])
@pytest.mark.sampled
def test_the_end_is_the_first_number_that_sees_a_rule_fulfilled(past, ledger, opens, rules, name, fleet):  # noqa: PLR0917 - fixtures
    """A fleet ends where the whole history says; nothing from there on, everything below."""
    expected = first_to_end(rules[name], past)
    assert expected is not None
    assert 8 < expected.number < 40
    study = opens(rules[name])
    threads = [
        threading.Thread(target=work, args=(ledger, "small"), kwargs={"stop": Stop(), "fleet": n})
        for n in fleet
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(180)
    assert run(ledger) == fingerprint(study.space, past.up_to(expected.number))
    schedule = ledger.row(study)
    assert (schedule.stopped, schedule.admitted, schedule.finished) == (expected, expected.number, True)
    assert_sound(ledger.database.path, "small", trials=expected.number)
    assert_sound(ledger.database.path, "small.confirm", trials=6)
    assert replay(ledger, study).differences == []


def test_a_rule_that_never_fires_changes_nothing(ledger, opens, finished):
    """The whole budget is spent, and no end is stored."""
    study = opens(StopSpec(target=1.0, hours=1000.0, plateau=40))
    assert run(ledger) == finished.fingerprint
    assert ledger.snapshot(study).search.stopped is None


def test_another_rule_lets_a_study_go_on_as_if_it_had_been_there_before(ledger, opens, rules, finished):
    """Ended by a plateau, then without rules: the study is that of one run."""
    opens(rules["plateau"])
    assert run(ledger) != finished.fingerprint
    study = opens()
    assert ledger.row(study).stopped is None
    assert run(ledger) == finished.fingerprint


def test_the_hours_are_asked_on_the_database_s_clock(ledger, opens, monkeypatch, tmp_path):
    """What is in flight when they have passed is finished; ``trials`` of that number is the same study."""
    study = opens(StopSpec(hours=2.0))
    train = MLPEvaluator.train

    def train_slowly(objective, tasks, **more):
        if ledger.snapshot(study).search.settled >= 12:
            later = sa.text("UPDATE hpsearch_studies SET created_at = 0")
            ledger.database.write(lambda connection: connection.execute(later))
        return train(objective, tasks, **more)

    with monkeypatch.context() as patch:
        patch.setattr(MLPEvaluator, "train", train_slowly)
        line = run(ledger)
    stopped = ledger.row(study).stopped
    assert stopped == Stopped(
        rule=StopRule.HOURS, number=16, text="2 hours have passed since the study was created"
    )
    assert replay(ledger, study).differences == []
    other = Ledger(f"sqlite:///{tmp_path}/other.db", create=True)
    opens(into=other, trials=16)
    assert run(other) == line
    other.close()


def test_a_fleet_at_work_obeys_a_rule_that_comes_later(ledger, opens, rules, past, monkeypatch):
    """The file is changed while trials are trained: from the next claim on the new rule holds."""
    opens()
    train = MLPEvaluator.train
    expected = first_to_end(rules["target"], past)
    changed = []

    def train_and_change(objective, tasks, **more):
        if not changed:
            changed.append(opens(rules["target"]))
        return train(objective, tasks, **more)

    monkeypatch.setattr(MLPEvaluator, "train", train_and_change)
    line = run(ledger)
    assert ledger.row(changed[0]).stopped == expected
    assert line == fingerprint(changed[0].spec.space, past.up_to(expected.number))


def test_trials_that_wait_in_optuna_s_queue_do_not_begin_beyond_the_end(ledger, opens, rules, past, tmp_path):
    """They are asked for like any other: the study ends at the same number."""
    expected = first_to_end(rules["target"], past)
    study = opens(rules["target"])
    storage = optuna.storages.RDBStorage(f"sqlite:///{tmp_path}/hpsearch.db")
    waiting = optuna.load_study(study_name="small", storage=storage)
    for row in past.internal[: expected.number + 3]:
        waiting.enqueue_trial(study.spec.space.external(tuple(row)))
    storage.remove_session()
    storage.engine.dispose()
    run(ledger)
    status = ledger.snapshot(study).search
    assert (status.stopped.number, status.counts[TrialState.WAITING]) == (expected.number, 3)


def test_the_summary_says_what_ended_the_study(ledger, opens, rules, past):
    """Rule, number and sentence, in the numbers that ``best --json`` prints."""
    study = opens(rules["target"])
    run(ledger)
    expected = first_to_end(rules["target"], past)
    note = summarize(ledger, study).to_json()["stopped"]
    assert note == {"rule": "target", "number": expected.number, "text": expected.text}


def test_a_replay_finds_an_end_that_does_not_follow(ledger, opens, rules, past):
    """A number or a sentence that somebody has changed is a difference with a name."""
    study = opens(rules["target"])
    run(ledger)
    wrong = sa.text("UPDATE hpsearch_studies SET stop_text = 'trial 0 reached 1.0000' WHERE study_id = 1")
    ledger.database.write(lambda connection: connection.execute(wrong))
    (difference,) = replay(ledger, study).differences
    assert (difference.what, difference.number) == ("stop", first_to_end(rules["target"], past).number)
    assert difference.again == first_to_end(rules["target"], past)


def test_results_of_others_end_a_study_where_the_workers_own_would(ledger, opens, tmp_path):
    """Twelve trials were added through Optuna, the first at the target: the eighth does not see it yet."""
    study = opens(StopSpec(target=0.9))
    space = study.spec.space
    storage = optuna.storages.RDBStorage(f"sqlite:///{tmp_path}/hpsearch.db")
    others = optuna.load_study(study_name="small", storage=storage)
    distributions = {p.name: optuna.distributions.json_to_distribution(p.distribution()) for p in space}
    for value in (0.95, *[0.5] * 11):
        params = {"lr": 0.01, "dropout": 0.1}
        others.add_trial(optuna.trial.create_trial(params=params, distributions=distributions, value=value))
    storage.remove_session()
    storage.engine.dispose()
    run(ledger)
    schedule = ledger.row(study)
    assert (schedule.stopped.number, schedule.admitted) == (8, 8)
    assert schedule.stopped.text == "trial 0 reached 0.9500, the target is 0.9"

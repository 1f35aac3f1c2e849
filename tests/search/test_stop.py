"""The rules that end a study: pure functions of what a trial may see."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsearch.search import ConfirmPlan, History, SearchPlan, StopRule, TrialState, stop_rule, time_is_up
from hpsearch.search.sampling.box import Box
from hpsearch.search.stop import RULES, StopTerms, may_stop
from hpsearch.study_file import StopSpec

COMPLETE, PRUNED, FAILED, RUNNING = (
    TrialState.COMPLETE,
    TrialState.PRUNED,
    TrialState.FAILED,
    TrialState.RUNNING,
)
HOUR_S = 3600.0


def rule_of(stop, seen):
    """Return the rule that fires, or ``None``."""
    found = stop_rule(stop, seen, len(seen))
    return None if found is None else found.rule


@given(st.data(), st.integers(1, 12), st.floats(1e-6, 1))
def test_nothing_but_what_a_trial_may_see_decides(mixed_space, histories, data, parallelism, target):
    """Two histories that agree up to the horizon end a study alike, whatever else has finished."""
    history = data.draw(histories(mixed_space, n=(1, 40)))
    number = data.draw(st.integers(0, len(history)))
    stop = StopSpec(target=target, plateau=data.draw(st.integers(1, 20)))
    later = slice(max(0, number - parallelism + 1), None)
    values, states = history.values.copy(), history.states.copy()
    values[later], states[later] = 1.0, COMPLETE
    other = History(internal=history.internal, states=states, values=values, curves=history.curves)
    one, two = (stop_rule(stop, h.seen_by(number, parallelism), number) for h in (history, other))
    assert one == two


@given(st.data(), st.integers(1, 15))
def test_a_plateau_is_a_count_of_trials_without_a_new_best(mixed_space, histories, data, plateau):
    """It fires exactly when a count that starts anew at each new best has come so far."""
    seen = data.draw(histories(mixed_space, n=(0, 40), settled=True))
    best, since = -1.0, 0
    for state, value in zip(seen.states, seen.values, strict=True):
        is_new = state == COMPLETE and value > best
        best, since = (value, 0) if is_new else (best, since + 1)
    fires = rule_of(StopSpec(plateau=plateau), seen) is StopRule.PLATEAU
    assert fires == (since >= plateau)


@given(st.data(), st.floats(1e-6, 1))
def test_a_target_is_reached_by_a_complete_trial(mixed_space, histories, data, target):
    """It fires exactly when a complete trial has that value or a higher one; equal is enough."""
    seen = data.draw(histories(mixed_space, n=(0, 30)))
    values = seen.values[seen.complete]
    exact = float(values.max()) if values.size and values.max() > 0 else target
    assert (rule_of(StopSpec(target=target), seen) is StopRule.TARGET) == bool((values >= target).any())
    assert (rule_of(StopSpec(target=exact), seen) is StopRule.TARGET) == bool((values >= exact).any())


@given(st.data(), st.integers(1, 6), st.integers(1, 10))
def test_the_first_number_that_sees_a_rule_fulfilled_is_one(mixed_space, histories, data, parallelism, k):
    """Asked number by number, as any fleet asks, the study ends at the same trial as asked in one go."""
    history = data.draw(histories(mixed_space, n=(0, 30), settled=True))
    stop = StopSpec(plateau=k)
    fires = [stop_rule(stop, history.seen_by(n, parallelism), n) is not None for n in range(len(history) + 1)]
    again = [
        stop_rule(stop, history.up_to(n).seen_by(n, parallelism), n) is not None
        for n in range(len(history) + 1)
    ]
    assert fires == again
    if True in fires:
        assert fires.index(True) >= k + parallelism - 1


def test_the_sentences_name_trial_and_numbers(make_history):
    """What was reached and by whom; since when nothing was better; that nothing is complete."""
    seen = make_history([0.5, 0.75, 0.75, 0.25], states=[COMPLETE, COMPLETE, COMPLETE, PRUNED])
    found = stop_rule(StopSpec(target=0.75), seen, 4)
    assert found.text == "trial 1 reached 0.7500, the target is 0.75"
    assert str(found) == f"ended by target before trial 4: {found.text}"
    found = stop_rule(StopSpec(plateau=2), seen, 4)
    assert found.text == "no new best in the last 2 settled trials; the best is trial 1 with 0.7500"
    failed = make_history([None, None], states=[FAILED, FAILED])
    assert stop_rule(StopSpec(plateau=2), failed, 2).text == (
        "no new best in the last 2 settled trials; none is complete"
    )


def test_a_pruned_trial_is_tried_and_never_the_best(make_history):
    """Its value neither reaches a target nor starts the count anew; it is counted."""
    seen = make_history([0.5, 0.9], states=[COMPLETE, PRUNED])
    assert stop_rule(StopSpec(target=0.9), seen, 2) is None
    assert rule_of(StopSpec(plateau=1), seen) is StopRule.PLATEAU


def test_a_trial_under_way_is_not_counted(make_history):
    """Only settled trials make a plateau."""
    seen = make_history([0.5, None, None], states=[COMPLETE, RUNNING, RUNNING])
    assert stop_rule(StopSpec(plateau=1), seen, 3) is None


def test_the_target_is_asked_first(make_history):
    """Where two rules fire at one trial, the same one is stored by every worker."""
    seen = make_history([0.9, 0.1])
    assert rule_of(StopSpec(target=0.5, plateau=1), seen) is StopRule.TARGET
    assert stop_rule(StopSpec(hours=1e-9), seen, 2) is None


def test_hours_pass_on_the_clock_that_is_given():
    """At the full hours, not before; without the rule never."""
    stop = StopSpec(hours=1.5)
    assert time_is_up(stop, 7, elapsed_s=1.5 * HOUR_S - 1) is None
    found = time_is_up(stop, 7, elapsed_s=1.5 * HOUR_S)
    assert (found.rule, found.number) == (StopRule.HOURS, 7)
    assert found.text == "1.5 hours have passed since the study was created"
    assert time_is_up(StopSpec(target=0.5), 7, elapsed_s=1e12) is None


def test_every_rule_but_the_clock_is_in_the_map():
    """To add a rule is to say how it is asked."""
    assert {*RULES, StopRule.HOURS, StopRule.NOISELESS, StopRule.SPACE} == set(StopRule)
    assert [rule.value for rule in StopRule] == [
        "target",
        "plateau",
        "hours",
        "failures",
        "noiseless",
        "space",
    ]


def test_a_confirmation_has_no_rules(make_spec, make_history):
    """The search's own rules are its plan's; the runs of its finalists are all needed."""
    spec = make_spec(stop=StopSpec(target=0.1, hours=1, plateau=1))
    assert SearchPlan(spec).stop == StopTerms.of(spec)
    internal = [[0.01, 0.1, 8, 1, 0]] * 2
    plan = ConfirmPlan.of(spec, make_history([0.5, 0.6], internal=internal))
    assert plan.stop == StopSpec()


@pytest.mark.parametrize("number", [np.inf, np.nan])
def test_evidence_is_finite(number):
    """A number that no database keeps is refused where it is made."""
    with pytest.raises(ValueError, match="evidence of lr: expected spread p to be finite, found"):
        Box(low=(0.0,), high=(1.0,), reason="", evidence={"lr": {"spread p": number}})


@pytest.mark.parametrize(("failures", "fires"), [(2, True), (3, True), (4, False), (None, False)])
def test_a_study_that_only_fails_ends(make_history, failures, fires):
    """So many failed trials among the results that a trial may see, and none with a value."""
    seen = make_history([None] * 4, states=[TrialState.FAILED] * 3 + [TrialState.RUNNING])
    found = stop_rule(StopTerms(failures=failures), seen, 4)
    assert (found is not None) == fires
    if found is not None:
        assert (found.rule, found.text) == (StopRule.FAILURES, "all of the first 3 trials failed")


def test_one_value_keeps_a_study_going_for_good(make_history):
    """Once a trial that all later ones see has a value, the rule need not be asked any more."""
    stop = StopTerms(failures=1)
    seen = make_history([None, 0.5, None], states=[TrialState.FAILED, TrialState.PRUNED, TrialState.FAILED])
    assert stop_rule(stop, seen, 3) is None
    assert may_stop(stop, seen, 3)
    assert not may_stop(stop, seen, 2)
    assert not may_stop(StopTerms(), seen, 3)

"""The answer as one sentence: what is best, how sure that is, what it beats."""

import dataclasses
import math

import pytest

from hpsearch.metrics import METRICS, Measure
from hpsearch.report.explanation.confirming_run import RaceCandidate
from hpsearch.report.numbers.answer import answer_text, why_test_differs
from hpsearch.report.numbers.failures import Failure
from hpsearch.report.summary import Summary
from hpsearch.search import BaselineScore, TrialState, Verdict
from hpsearch.store import Control, Maker, Status

WINNER = Verdict(
    number=62,
    value=0.97,
    params={"lr": 0.1},
    mean=0.95,
    estimate=0.94,
    seeds=5,
    interval=(0.93, 0.96),
    default_mean=0.9,
    better=True,
    gain=0.04,
    test={"accuracy": 0.94},
    test_interval=(0.91, 0.96),
    constant=0.1,
)
HEAD = "The best settings found have a mean validation accuracy of 0.9500 over 5 fresh seeds"
SURE = f"{HEAD} (95 % interval 0.9300 to 0.9600)"
DEFAULT = "the default configuration (0.9000)"
RULE = "the simplest rule (the most frequent class for every row: 0.1000 on the test rows)"
NEAR = RULE.replace("0.1000", "0.9200")
NONE = "no default configuration raced against them"
NOISE = "within the noise"
SVM = "svm (0.9300 on the test rows)"
IT = ("The best settings found have", "the default configuration, which has")
TESTED = "The best settings found have a test accuracy of 0.9400 (95 % interval 0.9100 to 0.9600)"
OTHER = {"name": "svm", "test": {"accuracy": 0.93}, "lead": 0.01}
LOSS = Measure(name="value", title="error", maximize=False, bounds=(-math.inf, math.inf))


def status(settled=100, budget=100, **fields):
    """Return the status of a study all of whose settled trials are complete."""
    counts = {TrialState.COMPLETE: settled}
    return Status(**{"study": "digits", "budget": budget, "counts": counts, "workers": 2, **fields})


def answered(best, measure=METRICS["accuracy"], where=None, **more):
    """Return the sentence of a study."""
    summary = Summary(
        study="digits", status=where or status(), best=best, fingerprint="f" * 64, measure=measure
    )
    return answer_text(summary, **more)


def changed(**fields):
    """Return another winner."""
    return dataclasses.replace(WINNER, **fields)


@pytest.mark.parametrize(
    ("best", "expected"),
    [
        (WINNER, f"{SURE}; they clearly beat {DEFAULT} and {RULE}."),
        (
            changed(better=False),
            f"{SURE}; they clearly beat {RULE}, and the difference from {DEFAULT} is within the noise.",
        ),
        (
            changed(better=False, constant=0.92),
            f"{SURE}; the differences from {DEFAULT} and {NEAR} are within the noise.",
        ),
        (
            changed(default_mean=None, better=None, constant=0.95, interval=None),
            f"{HEAD}; they do not beat {RULE.replace('0.1000', '0.9500')}, and {NONE}.",
        ),
        (
            changed(default=True, number=None, default_mean=0.95, better=None),
            f"No trial was clearly better than {SURE.replace(*IT)}; it clearly beats {RULE}.",
        ),
        (
            changed(baseline=BaselineScore(**OTHER, lead_interval=(-0.02, 0.04)), better=False),
            f"{SURE}; they clearly beat {RULE}, and the differences from {DEFAULT} and {SVM} are {NOISE}.",
        ),
        (
            changed(baseline=BaselineScore(**OTHER, lead_interval=(-0.04, -0.02))),
            f"{SURE}; they clearly beat {DEFAULT} and {RULE}, and they do not beat {SVM}.",
        ),
        (
            changed(seeds=0, estimate=None, interval=None, default_mean=None, better=None),
            f"{TESTED}, without a confirmation on fresh seeds; they clearly beat {RULE}.",
        ),
    ],
    ids=[
        "better",
        "not clearly better",
        "all within the noise",
        "no better than a constant",
        "the default",
        "beside a model",
        "worse than a model",
        "unconfirmed",
    ],
)
def test_a_finished_study_says_what_is_best_and_what_it_beats(best, expected):
    """The confirmed value with its interval, then the default, the simplest rule and the baseline."""
    assert answered(best) == expected


def test_a_function_has_no_rows_and_no_simplest_rule():
    """Its metric has the user's name; without noise there is no interval, without a race no confirmation."""
    fields = {"test": {}, "test_interval": None, "constant": None, "by_values": True}
    assert answered(changed(**fields), LOSS) == (
        "The best settings found have a mean error of 0.9500 over 5 fresh seeds (95 % interval 0.9300 to "
        "0.9600); they clearly beat the default configuration (0.9000)."
    )
    quiet = changed(**fields, noiseless=True, interval=None, estimate=None, mean=0.8)
    assert answered(quiet, LOSS) == (
        "The best settings found have an error of 0.8000, and fresh seeds gave the same value: there is no "
        "noise; they clearly beat the default configuration (0.9000)."
    )
    once = changed(**fields, seeds=0, interval=None, default_mean=None)
    assert answered(once, LOSS) == (
        "The best settings found have an error of 0.9700 in one run, without a confirmation on fresh seeds."
    )


SO_FAR = Verdict(number=3, value=0.9, params={"lr": 0.1}, mean=0.9)
FOUND = "the best settings so far have a validation accuracy of 0.9000 in one run."


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"settled": 12}, f"The search goes on (12 of 100 trials are settled): {FOUND}"),
        (
            {"settled": 12, "control": Control.PAUSE},
            f"The search is not finished (12 of 100 trials are settled; it is paused): {FOUND}",
        ),
        (
            {"settled": 12, "workers": 0},
            f"The search is not finished (12 of 100 trials are settled; no worker is at work): {FOUND}",
        ),
        ({}, f"The search is finished and its winner is not decided yet: {FOUND}"),
    ],
    ids=["at work", "paused", "left", "not judged"],
)
def test_a_study_without_a_winner_says_how_far_it_is(where, expected):
    """One run on one seed is no answer: the sentence says so."""
    assert answered(SO_FAR, where=status(**where)) == expected


def test_a_study_without_a_complete_trial_says_why():
    """Before the first one it is under way; at the end the first failure is the reason."""
    assert answered(None, where=status(0)) == (
        "There is no answer yet: no trial is complete (0 of 100 trials are settled)."
    )
    failed = status(counts={TrialState.FAILED: 100})
    reason = [Failure(number=0, reason="ValueError: no such column.\nmore", error="")]
    assert answered(None, where=failed, failures=reason) == (
        "There is no answer: all 100 trials failed, the first one with: ValueError: no such column."
    )
    pruned = status(counts={TrialState.FAILED: 60, TrialState.PRUNED: 40})
    assert answered(None, where=pruned) == "There is no answer: none of the 100 trials was completed."


def test_a_study_of_optunas_was_measured_once():
    """The sentence promises nothing that Optuna does not record."""
    foreign = status(40, 40, maker=Maker.OPTUNA)
    assert answered(SO_FAR, LOSS, foreign) == (
        "The lowest error of 40 complete trials is 0.9000; it was measured in one run, and no run with a "
        "fresh seed has confirmed it."
    )
    several = status(40, 40, maker=Maker.OPTUNA, objectives=2)
    assert answered(None, LOSS, several) == "The study has 2 objectives, so no single trial is the best."


def test_a_confirmation_says_how_its_candidates_stand():
    """Its best run is one run on one seed: the best mean is what counts."""
    race = [
        RaceCandidate(candidate="default", given=3, settled=3, mean=0.9, out=False),
        RaceCandidate(candidate=7, given=3, settled=1, mean=0.95, out=False),
        RaceCandidate(candidate=8, given=0, settled=0, mean=None, out=False),
    ]
    said = "7 of 12 runs that confirm the winner of digits are settled"
    where = status(7, 12, study="digits.confirm")
    assert answered(SO_FAR, where=where, confirms="digits", race=race) == (
        f"{said}, and trial 7 has the best mean accuracy, 0.9500 over 1 run."
    )
    assert answered(None, where=where, confirms="digits") == f"{said}."


def test_the_test_figure_differs_for_two_reasons():
    """Other rows, by which no choice was made; and more rows to learn from. Equal figures need no reason."""
    summary = Summary(study="digits", status=status(), best=WINNER, fingerprint="f")
    rows = (
        "The test figure, 0.9400, differs from the confirmed one, 0.9500, because it comes from other rows. "
        "No choice was made by these rows."
    )
    assert why_test_differs(summary) == rows
    refit = dataclasses.replace(summary, best=changed(refit=True))
    assert why_test_differs(refit) == f"{rows} Its models also learned from the validation rows."
    for best in (None, SO_FAR, changed(mean=0.94), changed(seeds=0)):
        assert why_test_differs(dataclasses.replace(summary, best=best)) == ""

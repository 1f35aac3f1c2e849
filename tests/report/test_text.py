"""Numbers as lines: what a person reads, to the letter."""

import dataclasses
import json

from hpsearch.report.explanation.trial import rounds_text, rounds_to_json
from hpsearch.report.json_documents import status_to_json
from hpsearch.report.summary import Summary
from hpsearch.report.text import STATE_WORDS, counts_line, status_line, summary_text
from hpsearch.search import EnsembleScore, Stopped, StopRule, TrialState, Verdict
from hpsearch.space import ChoiceParameter, FloatParameter, Space
from hpsearch.store import Round, Status

PARAMS = {"lr": 0.0123456, "batch_size": 32, "activation": "relu"}
STATUS = Status(
    study="digits",
    budget=100,
    counts={TrialState.RUNNING: 4, TrialState.COMPLETE: 30, TrialState.PRUNED: 12, TrialState.FAILED: 1},
    best_number=17,
    best_value=0.97777,
    workers=2,
    created_at=1_700_000_000.0,
)
DONE = Status(study="digits", budget=2, counts={TrialState.COMPLETE: 2}, best_number=1, best_value=0.5)
CONFIRMED = Verdict(
    number=1,
    value=0.98765,
    params=PARAMS,
    mean=0.96543,
    estimate=0.96501,
    seeds=5,
    interval=(0.95, 0.98086),
    test={"accuracy": 0.9611},
    default_mean=0.9612,
    tied=(0, "default"),
    ensemble=EnsembleScore(size=10, test={"accuracy": 0.97222}),
)
UNJUDGED = " in the search; the winner is not judged yet"
LINE = "c0ffee" * 10 + "c0ff"

SUMMARY_TEXT = f"""\
digits: 2 of 2 trials settled (2 complete)

  winner        trial 1
    lr          0.01235
    batch_size  32
    activation  relu
  validation    0.9877 in the search
  confirmed     0.9654 on 5 fresh seeds, 95 % interval 0.9500 to 0.9809
  estimate      0.9650, that mean corrected for luck; the best estimate wins
  tied with     trial 0 and the default (within the noise)
  default       0.9612 on fresh seeds, for comparison
  test          0.9611
  ensemble      0.9722 on test, 10 models averaged
  fingerprint   {LINE}"""

SO_FAR_TEXT = f"""\
digits: 43 of 100 trials settled (30 complete, 12 pruned, 1 failed, 4 running)

  best so far   trial 17
    lr          0.01235
    batch_size  32
    activation  relu
  validation    0.9778 in the search
  fingerprint   {LINE}"""


def summary(*, status=DONE, best=CONFIRMED):
    """Return a summary; by default of a finished study."""
    return Summary(study="digits", status=status, best=best, fingerprint=LINE)


def test_a_finished_study_in_text():
    """The winner with its interval, the test accuracy, the ensemble and the fingerprint, in columns."""
    assert summary_text(summary()) == SUMMARY_TEXT


def test_a_running_study_in_text():
    """What is not known yet is left out, and the best is called the best so far."""
    best = Verdict(number=17, value=0.97777, params=PARAMS, mean=0.97777)
    assert summary_text(summary(status=STATUS, best=best)) == SO_FAR_TEXT


def test_a_study_without_a_complete_trial_in_text():
    """There is nothing to show but how far it is."""
    status = Status(study="digits", budget=3, counts={TrialState.RUNNING: 2})
    text = summary_text(summary(status=status, best=None))
    assert text == "digits: 0 of 3 trials settled (2 running)\nno trial is complete yet"


def test_one_fresh_seed_has_no_interval():
    """The line ends after the seeds, and JSON says null."""
    best = Verdict(number=1, value=0.9, params={}, mean=0.8, seeds=1, test={"accuracy": 0.7})
    assert "\n  confirmed    0.8000 on 1 fresh seed\n" in summary_text(summary(best=best))
    assert summary(best=best).to_json()["interval"] is None


def test_a_summary_as_json():
    """Every number keeps all its digits; what is not known is null, never left out."""
    assert summary().to_json() == {
        "schema_version": 1,
        "baseline": None,
        "study": "digits",
        "metric": "accuracy",
        "direction": "maximize",
        "maker": "hpsearch",
        "number": 1,
        "value": 0.98765,
        "params": PARAMS,
        "confirmed": 0.96543,
        "estimate": 0.96501,
        "interval": [0.95, 0.98086],
        "seeds": 5,
        "tied": [0, "default"],
        "noiseless": False,
        "waiting": None,
        "outside": {},
        "default": False,
        "default_mean": 0.9612,
        "better": None,
        "gain": None,
        "highest": {"number": 1, "value": 0.5},
        "test": {"accuracy": 0.9611},
        "test_interval": None,
        "test_accuracy": 0.9611,
        "classes": None,
        "confusion": None,
        "rows": None,
        "constant": None,
        "refit": False,
        "ensemble": 10,
        "ensemble_test": {"accuracy": 0.97222},
        "ensemble_test_interval": None,
        "ensemble_test_accuracy": 0.97222,
        "stopped": None,
        "fingerprint": LINE,
    }
    empty = summary(best=None).to_json()
    assert empty.keys() == summary().to_json().keys()
    assert {key for key, value in empty.items() if value is not None} == {
        "schema_version",
        "study",
        "metric",
        "direction",
        "maker",
        "fingerprint",
        "highest",
    }


DEFAULT_TEXT = f"""\
digits: 2 of 2 trials settled (2 complete)

  winner       the declared default: no trial was clearly better
    lr         0.001
  validation   the best in the search was 0.5000, of trial 1
  confirmed    0.9600 on 4 fresh seeds
  tied with    trial 1 (within the noise)
  test         0.9500, trained on the validation rows as well
  fingerprint  {LINE}"""


def test_a_default_that_was_not_beaten_is_told():
    """It has no number; the search's best stands beside it, and the default is not compared with itself."""
    best = Verdict(
        number=None,
        value=None,
        params={"lr": 0.001},
        mean=0.96,
        seeds=4,
        test={"accuracy": 0.95},
        default=True,
        default_mean=0.96,
        tied=(1,),
        refit=True,
    )
    assert summary_text(summary(best=best)) == DEFAULT_TEXT
    note = summary(best=best).to_json()
    assert (note["number"], note["value"], note["default"], note["tied"]) == (None, None, True, [1])
    assert note["highest"] == {"number": 1, "value": 0.5}


def test_a_mean_that_an_earlier_version_stored_is_named_a_shrunken_one():
    """It stored no measured one, and a note without an estimate is a note of its."""
    note = CONFIRMED.to_json()
    assert Verdict.from_json(note) == CONFIRMED
    del note["estimate"], note["shrunken"]
    old = Verdict.from_json(note)
    assert (old.shrunken, old.estimate) == (True, None)
    assert Verdict.from_json(old.to_json()) == old
    text = summary_text(summary(best=old))
    assert "  confirmed     0.9654 on 5 fresh seeds (a shrunken mean), 95 % interval 0.9500 to" in text
    assert "  default       0.9612 on fresh seeds (a shrunken mean), for comparison\n" in text
    assert "estimate" not in text
    assert not Verdict.from_json(note | {"seeds": 0}).shrunken


def test_a_finalist_that_is_the_default_is_told_as_both():
    """Its number is that of the trial that had these parameters."""
    best = Verdict(number=1, value=0.5, params={}, mean=0.9, seeds=2, test={"accuracy": 0.8}, default=True)
    text = summary_text(summary(best=best))
    assert "winner       trial 1, the declared default: no trial was clearly better\n" in text


def test_the_winner_beside_the_default_and_a_constant_prediction():
    """What is said follows the comparison on the same rows, and the interval of the test figure."""

    def text(**changes):
        return summary_text(summary(best=dataclasses.replace(CONFIRMED, **changes)))

    ends = {"test_interval": (0.93, 0.98), "constant": 0.9}
    assert "0.9612 on fresh seeds: the winner is better, by 0.0123 as expected on new rows\n" in text(
        better=True, gain=0.0123
    )
    assert "0.9612 on fresh seeds: the winner is not clearly better\n" in text(better=False, gain=0.001)
    assert "  test          0.9611, 95 % interval 0.9300 to 0.9800\n" in text(**ends)
    assert "  constant      0.9000 on test: the most frequent class for every row\n" in text(**ends)
    assert "every row; the winner is not clearly better\n" in text(**ends | {"constant": 0.94})
    assert "every row; the winner is no better\n" in text(**ends | {"constant": 0.9611})


def test_a_status_in_one_line():
    """Where the study stands and what is best so far."""
    assert counts_line(STATUS) == "43 of 100 trials settled (30 complete, 12 pruned, 1 failed, 4 running)"
    assert status_line(STATUS) == f"digits: {counts_line(STATUS)}, best 0.9778 (trial 17)"
    assert status_line(Status(study="new", budget=5)) == "new: 0 of 5 trials settled"


def test_a_study_that_a_rule_has_ended():
    """Which rule, where and why: in the line of progress, above the winner, and in JSON."""
    sentence = "trial 1 reached 0.5000, the target is 0.5"
    stopped = Stopped(rule=StopRule.TARGET, number=2, text=sentence)
    status = dataclasses.replace(DONE, budget=9, stopped=stopped)
    words = f"ended by target before trial 2: {sentence}"
    counts = "digits: 2 of 9 trials settled (2 complete)"
    assert status_line(status) == f"{counts}, best 0.5000 (trial 1){UNJUDGED}, {words}"
    assert summary_text(summary(status=status)) == "\n".join([counts, words, *SUMMARY_TEXT.split("\n")[1:]])
    note = {"rule": "target", "number": 2, "text": sentence}
    assert json.loads(json.dumps(status_to_json(status)))["stopped"] == note
    assert summary(status=status).to_json()["stopped"] == note
    assert status_to_json(status)["finished"] is True


def test_the_winner_has_one_value():
    """In a line of progress it is the mean over fresh seeds that ``best`` prints, not the estimate."""
    status = dataclasses.replace(DONE, verdict=CONFIRMED)
    assert "winner trial 1, 0.9654 on fresh seeds; best 0.5000" in status_line(status)
    assert "0.9654 on 5 fresh seeds" in summary_text(summary(status=status))


def test_a_trial_with_the_same_value_is_not_called_better():
    """To four digits the winner and the highest may be equal."""
    status = dataclasses.replace(DONE, best_number=0, best_value=0.98768)
    assert "0.9877 in the search; trial 0 had the same value\n" in summary_text(summary(status=status))


def test_rounds_in_text_and_as_json():
    """Each box in the parameters' own values, its reason and evidence; a choice of numbers is no range."""
    space = Space(
        (
            FloatParameter(name="lr", low=1e-4, high=1e-1, log=True),
            FloatParameter(name="dropout", low=0.0, high=0.5),
            ChoiceParameter(name="embedding", choices=(0, 2, 4, 8)),
        )
    )
    ends = {"low": (1 / 3, 0.0, 0.0), "high": (2 / 3, 1.0, 1.0)}
    rounds = [
        Round(first_number=0, stage="round 0", low=(0.0,) * 3, high=(1.0,) * 3, reason="the declared ranges"),
        Round(
            first_number=24,
            stage="round 1",
            **ends,
            reason="lr narrowed",
            evidence={"lr": {"spread p": 0.0031234, "gap in noise sd": 2.4}},
        ),
    ]
    assert rounds_text("digits", space, rounds) == (
        "digits: 2 boxes\n"
        "  round 0      from trial 0: the declared ranges\n"
        "    lr         0.0001 to 0.1\n"
        "    dropout    0 to 0.5\n"
        "    embedding  any of its choices\n"
        "  round 1      from trial 24: lr narrowed\n"
        "    lr         0.001 to 0.01; spread p = 0.003123, gap in noise sd = 2.4\n"
        "    dropout    0 to 0.5\n"
        "    embedding  any of its choices"
    )
    first, second = rounds_to_json(space, rounds)
    assert (first["first_number"], first["stage"], first["evidence"]) == (0, "round 0", {})
    assert second["evidence"] == {"lr": {"spread p": 0.0031234, "gap in noise sd": 2.4}}
    assert second["box"]["dropout"] == (0.0, 0.5)
    assert rounds_text("new", space, []) == "new: 0 boxes"


def test_every_state_has_a_word():
    """To add a state is to name it."""
    assert set(STATE_WORDS) == set(TrialState)
    assert len(set(STATE_WORDS.values())) == len(STATE_WORDS)

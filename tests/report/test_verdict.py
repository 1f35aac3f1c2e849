"""What is said of a study while its winner is being judged."""

import dataclasses

from hpsearch.metrics import METRICS
from hpsearch.report.text import counts_line, status_line, summary_text
from hpsearch.search import Verdict
from tests.report.test_text import CONFIRMED, DONE, UNJUDGED, summary


def test_a_study_whose_winner_is_being_judged():
    """The lucky maximum is named as what it is; a confirmation has no winner of its own."""
    counts, best = counts_line(DONE), "best 0.5000 (trial 1)"
    assert status_line(DONE) == f"digits: {counts}, {best}{UNJUDGED}"
    at_work = dataclasses.replace(DONE, workers=2)
    assert status_line(at_work) == f"digits: {counts}, {best} in the search; the winner is being judged"
    assert status_line(dataclasses.replace(DONE, confirms=True)) == f"digits: {counts}, {best}"
    judged = dataclasses.replace(at_work, verdict=CONFIRMED)
    assert "being judged" not in status_line(judged)
    so_far = Verdict(number=1, value=0.5, params={}, mean=0.5)
    text = summary_text(summary(status=at_work, best=so_far))
    assert "\n  highest      trial 1 in the search; the winner is being judged\n" in text
    lower = dataclasses.replace(summary(status=at_work, best=so_far), measure=METRICS["log_loss"])
    assert "\n  lowest       trial 1 in the search" in summary_text(lower)

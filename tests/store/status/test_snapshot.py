"""A snapshot is of one moment: a study that goes on while it is read is shown as it was, or as it is."""

import sqlalchemy as sa

from hpsearch.report import summarize
from hpsearch.report.numbers.study import study_report
from hpsearch.search import study_digest


class Interruption:
    """Settles a trial between two statements of a reader.

    Args:
        ledger: The reader's ledger.
        place: Before which of its statements, from 0.
        settle: Settles the trial, through another connection.
    """

    def __init__(self, ledger, place, settle):
        self.left, self.settle = place, settle
        sa.event.listen(ledger.database.engine, "before_cursor_execute", self)

    def __call__(self, *_):
        """Count a statement; settle the trial before the chosen one."""
        self.left -= 1
        if self.left == -1:
            self.settle()


def interrupted(url, study, worker, read):
    """Yield what ``read`` returns when a trial is settled before its first statement, its second, ..."""
    from hpsearch.store import opened  # noqa: PLC0415 - beside its use

    with opened(url) as ledger:
        for place in range(200):
            number = ledger.row(study).admitted
            (claim,) = worker.claim(number)
            interruption = Interruption(ledger, place, lambda claim=claim: worker.finish(claim))
            found = read(ledger)
            came, interruption.left = interruption.left < 0, -1
            yield found
            if not came:
                worker.finish(claim)
                return
    raise AssertionError("expected fewer statements, found 200")


def fingerprint_of(ledger, study, n_settled):
    """Return the fingerprint of the first settled trials."""
    return study_digest(study.space.names, ledger.digests(study)[:n_settled])


def test_a_summary_is_of_one_moment(ledger, terms, hire):
    """Counts, best trial and fingerprint agree, whatever is settled between two statements."""
    study = ledger.open_study(terms(budget=300, parallelism=300))
    worker = hire(ledger, study)
    summaries = list(interrupted(ledger.database.secret_url, study, worker, lambda r: summarize(r, study)))
    assert len(summaries) > 5
    for summary in summaries:
        assert summary.fingerprint == fingerprint_of(ledger, study, summary.status.settled)
        assert (summary.best is not None) == (summary.status.settled > 0)


def test_a_report_is_of_one_moment(ledger, terms, hire):
    """The trials of a report are those that its summary counts."""
    study = ledger.open_study(terms(budget=300, parallelism=300))
    worker = hire(ledger, study)
    reports = list(interrupted(ledger.database.secret_url, study, worker, lambda r: study_report(r, study)))
    assert len(reports) > 10
    for report in reports:
        states = report.trials.states.tolist()
        counts = report.summary.status.counts
        assert {state: states.count(state) for state in counts} == dict(counts)
        assert report.summary.fingerprint == fingerprint_of(ledger, study, report.summary.status.settled)

"""A study's report, as a page of this site."""

from hpsearch.report.numbers.study import study_report
from hpsearch.report.page.document import report_page
from hpsearch.store import Ledger, Study

REFRESH_S = 15
"""Seconds after which a browser asks again for the report of a study that is at work."""


def study_page(ledger: Ledger, study: Study, *, flags: str = "") -> str:
    """Return the page of a study's report.

    Args:
        ledger: Where it is.
        study: The study.
        flags: What commands need to find the database.
    """
    report = study_report(ledger, study, flags=flags)
    found = ledger.snapshot(study)
    return report_page(report, refresh_s=REFRESH_S if found.fleet and not found.done else None)

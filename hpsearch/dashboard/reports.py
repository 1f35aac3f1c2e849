"""A study's report, as a page of this site."""

from hpsearch.report.numbers.study import study_report
from hpsearch.report.page.document import report_page
from hpsearch.store import Ledger, Study


def study_page(ledger: Ledger, study: Study, *, flags: str = "") -> str:
    """Return the page of a study's report.

    Args:
        ledger: Where it is.
        study: The study.
        flags: What commands need to find the database.
    """
    return report_page(study_report(ledger, study, flags=flags))

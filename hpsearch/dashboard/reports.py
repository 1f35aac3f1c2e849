"""A study's report as a page."""

from html import escape

from hpsearch.dashboard.pages import page
from hpsearch.report import summarize, summary_text
from hpsearch.store import Ledger, Study
from hpsearch.worker import spec_of


def report_page(ledger: Ledger, study: Study) -> str:
    """Return the page of a study's report."""
    text = summary_text(summarize(ledger, study, spec_of(study)))
    return page(study.name, f'<div class="card"><pre>{escape(text)}</pre></div>')

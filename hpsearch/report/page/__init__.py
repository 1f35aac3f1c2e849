"""A report as one HTML file that needs neither network nor script."""

from hpsearch.report.page.answer import answer
from hpsearch.report.page.document import document, report_page, study_card
from hpsearch.report.page.style import PAGE_STYLE

__all__ = ["PAGE_STYLE", "answer", "document", "report_page", "study_card"]

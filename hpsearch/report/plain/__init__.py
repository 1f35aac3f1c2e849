"""A whole report as text, Markdown and JSON."""

from hpsearch.report.plain.report_json import report_to_json
from hpsearch.report.plain.report_text import report_markdown, report_text
from hpsearch.report.plain.sections import Section, sections_of

__all__ = ["Section", "report_markdown", "report_text", "report_to_json", "sections_of"]

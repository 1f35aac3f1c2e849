"""A whole report as text, Markdown and JSON."""

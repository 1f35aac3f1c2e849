"""Trials as columns, as rows to export, and where they came from."""

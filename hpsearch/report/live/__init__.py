"""A running study as text and JSON: its progress, and its end."""

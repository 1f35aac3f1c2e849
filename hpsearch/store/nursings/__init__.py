"""Nursings: made, taken over, written to, read."""

"""The life of an attempt: claimed, reported on, finished, released or expired."""

"""Evaluations in processes of their own: groups that are started cleanly, watched, and ended as a whole."""

"""Explanations: why a trial has its parameters, and why a candidate was given a confirming run."""

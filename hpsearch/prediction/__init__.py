"""Predictions of a model file for the rows of a data file."""

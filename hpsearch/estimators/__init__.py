"""Estimators of other libraries: made by name, fitted in the process of a trial, asked for predictions.

The package imports nothing else of hpsearch: the process of a trial is to start soon.
"""

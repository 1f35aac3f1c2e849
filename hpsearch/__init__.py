"""Hyperparameter search as a pure function over a ledger; trials as lanes of one network."""

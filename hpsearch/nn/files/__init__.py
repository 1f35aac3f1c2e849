"""Networks, ensembles and checkpoints as files."""

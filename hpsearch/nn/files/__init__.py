"""Files: models, ensembles and checkpoints, and what is stored beside their weights."""

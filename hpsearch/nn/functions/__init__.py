"""Functions of arrays: dropout, normalization, losses, initializers."""

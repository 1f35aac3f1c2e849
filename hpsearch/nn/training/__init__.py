"""Training of a stack: lanes, epochs, checkpoints."""

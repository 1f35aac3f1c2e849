"""Training: the runner of stacks, the trainer of one stack, the state of its lanes, checkpoints."""

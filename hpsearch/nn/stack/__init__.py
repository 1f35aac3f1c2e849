"""The stack: layers over all lanes at once, one training step, one update, the scores."""

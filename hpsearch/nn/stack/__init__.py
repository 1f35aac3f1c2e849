"""The layers of a network over all lanes at once, and one training step of them."""

"""How numbers enter a network: the smooth clip, and bins."""

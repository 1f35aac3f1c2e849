"""Loading, splitting, scaling and sharing the examples."""

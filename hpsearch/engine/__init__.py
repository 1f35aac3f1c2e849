"""Who launches workers."""

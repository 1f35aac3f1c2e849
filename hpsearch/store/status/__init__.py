"""The state of studies as people are shown it."""

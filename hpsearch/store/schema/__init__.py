"""The tables, their versions, and whether they are sound."""

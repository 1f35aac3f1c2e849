"""A study as plain records, out of one database and into another."""

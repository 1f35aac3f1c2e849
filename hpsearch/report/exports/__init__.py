"""Studies as tables in files."""

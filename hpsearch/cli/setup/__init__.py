"""Commands around a study: its file, this machine, the database, the dashboard."""

"""Tables of a study: as CSV, JSON lines and Parquet files, and as a pandas table."""

"""The connection to a database: SQLite or PostgreSQL, with retries and limits."""

"""A table of numbers, for transactions that must be done once."""

import sqlalchemy as sa

PID = sa.text("SELECT pg_backend_pid()")


def insert(n):
    """Return work that adds a number, once however often it is called."""
    statement = sa.text("INSERT INTO numbers VALUES (:n, 0) ON CONFLICT DO NOTHING")
    return lambda c: c.execute(statement, {"n": n})


def count(database):
    """Return how many numbers there are."""
    return database.read(lambda c: c.scalar(sa.text("SELECT count(*) FROM numbers")))

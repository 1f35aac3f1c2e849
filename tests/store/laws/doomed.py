"""A ledger's verbs in processes that are killed at a chosen moment."""

import os
import signal
from contextlib import closing

import sqlalchemy as sa

from hpsearch.store import Ledger
from hpsearch.worker.identity import this_worker

COMMIT = "commit"
"""All is written, nothing is committed."""
ANSWER = "answer"
"""All is committed, and nobody has heard of it."""


def run(url, verb, arguments, moment):
    """Call a verb, and die of it.

    Args:
        url: The database.
        verb: The ledger's method; ``claim`` is that of a worker of this process.
        arguments: What the method is given.
        moment: ``COMMIT``, ``ANSWER``, or a number: before the statement of that number, from 1.
    """
    with closing(Ledger(url)) as ledger:
        if verb == "claim":
            arguments |= {"worker_id": ledger.enlist(arguments["study"], this_worker())}
        set_moment(ledger.database.engine, moment)
        getattr(ledger, verb)(**arguments)


def set_moment(engine, moment):
    """Let the process be killed at a moment of its next transaction."""
    done = {"statements": 0, "committed": False}

    def die():
        os.kill(os.getpid(), signal.SIGKILL)

    def before_statement(*_):
        done["statements"] += 1
        if done["statements"] == moment:
            die()

    def before_commit(_connection):
        done["committed"] = True
        if moment == COMMIT:
            die()

    def after_transaction(*_):
        if moment == ANSWER and done["committed"]:
            die()

    sa.event.listen(engine, "before_cursor_execute", before_statement)
    sa.event.listen(engine, "commit", before_commit)
    sa.event.listen(engine, "checkin", after_transaction)

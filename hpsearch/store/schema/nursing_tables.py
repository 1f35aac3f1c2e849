"""The tables of nursings: trainings that a person steers, their interventions, their epochs."""

from collections.abc import Mapping
from enum import StrEnum

import sqlalchemy as sa

from hpsearch.store.schema import cells
from hpsearch.store.schema.cells import CellRule
from hpsearch.store.schema.tables import OWN


class NursingState(StrEnum):
    """Where a nursing stands; each of them can go on."""

    OPEN = "open"
    COMPLETE = "complete"
    STOPPED = "stopped"
    DIVERGED = "diverged"


class InterventionKind(StrEnum):
    """What a person does to a training between two of its epochs."""

    SET = "set"
    REWIND = "rewind"
    BRANCH = "branch"
    PAUSE = "pause"
    STOP = "stop"


NURSINGS = sa.Table(
    "hpsearch_nursings",
    OWN,
    sa.Column("study_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("trial", sa.Integer),
    sa.Column("parent", sa.Integer),
    sa.Column("branched", sa.Integer),
    sa.Column("first_epoch", sa.Integer, nullable=False),
    sa.Column("epochs", sa.Integer, nullable=False),
    sa.Column("script", sa.JSON, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("created_at", sa.Float(53), nullable=False),
    sa.Column("token", sa.String(32), nullable=False),
    sa.Column("host", sa.String(256), nullable=False),
    sa.Column("process", sa.String(128), nullable=False),
)
"""One row a nursing: a training that a person steers.

It continues trial ``trial``, or begins with the declared defaults where that is NULL. A branch has the
number of its ``parent`` as well, and ``branched``, the sequence number of the intervention that made it. A
person steers from ``first_epoch`` on; ``epochs`` is where it ends. ``script`` lists the interventions that
were given before it began. ``state`` is ``open`` until it is ``complete``, ``stopped`` or ``diverged``. Only
the process with the latest ``token`` writes; ``host`` and ``process`` name it.
"""

INTERVENTIONS = sa.Table(
    "hpsearch_interventions",
    OWN,
    sa.Column("study_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("part", sa.Integer, nullable=False),
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("settings", sa.JSON, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("scripted", sa.Integer),
    sa.Column("made_at", sa.Float(53), nullable=False),
)
"""One row an intervention, in the order in which they were made; none is ever changed.

It was made after ``epoch`` in ``part``. ``settings`` holds the new values of a ``set``, the epoch ``to`` of a
``rewind`` and the ``number`` of a ``branch``. ``scripted`` is its place in the script, NULL for one that was
typed or made from Python.
"""

NURSED_EPOCHS = sa.Table(
    "hpsearch_nursed_epochs",
    OWN,
    sa.Column("study_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("part", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("epoch", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("loss", sa.Float(53)),
    sa.Column("value", sa.Float(53)),
    sa.Column("digest", sa.String(64), nullable=False),
)
"""One row an epoch of a nursing; a new ``part`` begins after each rewind and after an epoch that diverged.

``loss`` is the mean training loss, ``value`` the metric on the validation rows; both are NULL where the
training diverged. ``digest`` is the SHA-256 of the parameters after the epoch, empty where it diverged.
"""

NURSING_CELLS: Mapping[str, Mapping[str, CellRule]] = {
    "hpsearch_nursings": {
        "number": cells.whole(),
        "trial": cells.whole(optional=True),
        "parent": cells.whole(optional=True),
        "branched": cells.whole(optional=True),
        "first_epoch": cells.whole(),
        "epochs": cells.whole(),
        "script": CellRule(expected="a list", fits=lambda v: isinstance(v, list), parsed=True),
        "state": cells.one_of(*NursingState),
        "created_at": cells.seconds(),
        "token": cells.TEXT,
        "host": cells.TEXT,
        "process": cells.TEXT,
    },
    "hpsearch_interventions": {
        "number": cells.whole(),
        "sequence": cells.whole(),
        "part": cells.whole(),
        "epoch": cells.whole(),
        "kind": cells.one_of(*InterventionKind),
        "settings": CellRule(expected="settings by name", fits=lambda v: isinstance(v, dict), parsed=True),
        "reason": cells.TEXT,
        "scripted": cells.whole(optional=True),
        "made_at": cells.seconds(),
    },
    "hpsearch_nursed_epochs": {
        "number": cells.whole(),
        "part": cells.whole(),
        "epoch": cells.whole(1),
        "loss": cells.RESULT,
        "value": cells.RESULT,
        "digest": cells.TEXT,
    },
}
"""Table -> column -> rule, as in ``CELLS``."""

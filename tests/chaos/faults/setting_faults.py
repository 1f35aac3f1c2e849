"""Faults of an operator: settings of the database that change while a study runs."""

import sqlalchemy as sa

from tests.chaos.faults.database_faults import TerminateBackends
from tests.chaos.faults.fault import ON_POSTGRESQL

SETTINGS = {
    "extra_float_digits": ("-15", "0"),
    "client_encoding": ("SQL_ASCII", "LATIN1"),
    "DateStyle": ("'German, DMY'", "'SQL, MDY'"),
    "TimeZone": ("'Asia/Kathmandu'",),
    "standard_conforming_strings": ("off",),
    "quote_all_identifiers": ("on",),
    "bytea_output": ("escape",),
    "array_nulls": ("off",),
    "default_transaction_isolation": ("serializable", "'repeatable read'"),
    "default_transaction_deferrable": ("on",),
    "idle_in_transaction_session_timeout": ("30",),
    "idle_session_timeout": ("200",),
    "statement_timeout": ("20",),
    "lock_timeout": ("1",),
    "transaction_timeout": ("20",),
    "enable_seqscan": ("off",),
    "enable_sort": ("off",),
    "work_mem": ("64",),
}
"""Setting -> what an operator may set it to."""
FEWEST, MOST = 2, 6


class ChangeSettings(TerminateBackends):
    """Settings change and every session is ended, so that new ones meet them; later all is undone."""

    databases = ON_POSTGRESQL
    lasts_s = (0.3, 3.0)

    def settings(self, scene):
        """Return some settings with a value each."""
        names = scene.rng.sample(list(SETTINGS), scene.rng.randint(FEWEST, MOST))
        return {name: scene.rng.choice(SETTINGS[name]) for name in names}

    def inject(self, scene):
        """Set them; return whether a session was ended that will come back to them."""
        for name, value in self.settings(scene).items():
            order(scene, f"SET {name} = {value}")
        ended = super().inject(scene)
        if not ended:
            order(scene, "RESET ALL")
        return ended

    def heal(self, scene):
        """Undo them, and end the sessions that know them."""
        order(scene, "RESET ALL")
        super().inject(scene)
        return True


class ForbidWrites(ChangeSettings):
    """The database may only be read for a while."""

    lasts_s = (0.1, 1.5)

    def settings(self, scene):
        """Return the one setting."""
        del scene
        return {"default_transaction_read_only": "on"}


def order(scene, what):
    """Alter the database of a run."""
    name = sa.make_url(scene.place.direct).database
    scene.place.server.execute(f"ALTER DATABASE {name} {what}")

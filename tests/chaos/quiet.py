"""The calm run as tests share it: one a session."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.books import Calm
from tests.chaos.run import run_calmly
from tests.chaos.study import STUDIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """The calm run, its database and the prepared data."""

    calm: Calm
    file: Path
    cache: Path

    def copy_to(self, folder):
        """Copy the database into a folder, for tests that write."""
        return Path(shutil.copy(self.file, folder / "hpsearch.db"))


def make_quiet(folder, kind="network"):
    """Return the study of a kind of objective as one undisturbed worker leaves it."""
    cache = folder / "cache"
    calm = run_calmly(STUDIES[kind], folder, cache)
    return Quiet(calm=calm, file=folder / "hpsearch.db", cache=cache)

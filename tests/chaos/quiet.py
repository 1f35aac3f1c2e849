"""The calm run as tests share it: one a session."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.books import Calm
from tests.chaos.run import run_calmly


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """The calm run, its database and the prepared data."""

    calm: Calm
    file: Path
    cache: Path

    def copy_to(self, folder):
        """Copy the database into a folder, for tests that write."""
        return Path(shutil.copy(self.file, folder / "hpsearch.db"))


def make_quiet(folder):
    """Return the study as one undisturbed worker leaves it."""
    cache = folder / "cache"
    calm = run_calmly(folder, cache)
    return Quiet(calm=calm, file=folder / "hpsearch.db", cache=cache)

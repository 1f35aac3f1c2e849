import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

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


@pytest.fixture(scope="session")
def quiet(tmp_path_factory):
    """Return the study as one undisturbed worker leaves it."""
    folder = tmp_path_factory.mktemp("quiet")
    cache = folder / "cache"
    calm = run_calmly(folder, cache)
    return Quiet(calm=calm, file=folder / "hpsearch.db", cache=cache)

"""The folders that the attempts of a trial share on this machine."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from hpsearch.artifacts import artifacts_folder
from hpsearch.data import cache_root
from hpsearch.store import Claim, Study
from hpsearch.study_file import contract_hash


class TrialFolders:
    """A folder for each trial of a study: made by the trial when it wants one, removed when it is settled.

    They lie in the study's artifact store where that is a folder, so that every machine sees them; else in
    this machine's cache, where a later attempt on another machine does not find them.

    Args:
        study: The study.
        artifacts: Where the study's files are, as seen from this machine; where the study says if ``None``.
    """

    def __init__(self, study: Study, *, artifacts: str | None = None) -> None:
        shared = artifacts_folder(artifacts or study.artifacts)
        own = contract_hash({"contract": study.contract, "created_at": study.created_at})[:16]
        self._root = (shared or cache_root()) / "trials" / own

    def path(self, claim: Claim) -> Path:
        """Return the folder of a trial, which need not be there."""
        return self._root / str(claim.number)

    def forget(self, claims: Sequence[Claim]) -> None:
        """Remove the folders of trials that are settled."""
        if self._root.is_dir():
            for claim in claims:
                shutil.rmtree(self.path(claim), ignore_errors=True)

"""What the trials of a study are evaluated on: rows of data, or code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hpsearch.data import Dataset
from hpsearch.errors import ContractError, ExitCode, HpsearchError
from hpsearch.objective import OBJECTIVES, Code, CodeError, find_code
from hpsearch.store import Study
from hpsearch.study_file import LEARNED, StudySpec, code_changes
from hpsearch.worker.data.locate import carry_data, find_data, with_data
from hpsearch.worker.data.start import NOTHING_FITS, find_start


class LeaveError(HpsearchError):
    """A worker was not permitted to run code that a database names: start it with ``--allow``."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundInputs:
    """What a study's trials are evaluated on, on the machine that starts it.

    Attributes:
        spec: The study, with the task that its target has, and with what a portfolio gives it.
        dataset: Its data; ``None`` where its trials learn from no rows that hpsearch reads.
        code: Its code; ``None`` where its trials run none but that of packages.
    """

    spec: StudySpec
    dataset: Dataset | None = None
    code: Code | None = None

    @property
    def identity(self) -> dict[str, Any]:
        """What the contract holds of them, key -> JSON."""
        found: dict[str, Any] = {}
        if self.dataset is not None:
            found["data_hash"] = self.dataset.content_hash
        if self.code is not None:
            found["code"] = dict(self.code.hashes)
        return found

    @property
    def remarks(self) -> list[str]:
        """What a person should know of them before the study begins, a line each."""
        objective, learned = OBJECTIVES[self.spec.objective.kind], self.spec.learned
        idle = [] if learned is None or learned.settings else [NOTHING_FITS]
        if self.dataset is None:
            return idle
        return [*self.dataset.notes, *objective.warnings(self.spec, self.dataset), *idle]

    def carry(self, address: str, contract: Mapping[str, Any]) -> None:
        """Put the data into an artifact store, unless they are there; code is carried nowhere.

        Args:
            address: The store.
            contract: What the study is opened with.

        Raises:
            ArtifactError: The store cannot be used.
        """
        if self.dataset is not None:
            carry_data(address, contract, self.dataset)


def read_inputs(spec: StudySpec) -> FoundInputs:
    """Return what the trials of a study are evaluated on.

    Raises:
        DataError: The data cannot be read.
        CodeError: The code is not there.
        PortfolioError: The study starts with a portfolio, and there is none for it.
    """
    code = find_code(spec.objective, spec.base.resolve()) if spec.objective.has_code else None
    dataset = None
    if spec.has_data:
        spec, dataset = with_data(spec)
    if spec.search.start == LEARNED and spec.learned is None:
        spec = replace(spec, learned=find_start(spec, dataset))
    return FoundInputs(spec=spec, dataset=dataset, code=code)


class StudyInputs:
    """What the trials of a study in the ledger are evaluated on, found on this machine.

    Args:
        study: A search.
        artifacts: Where its files are, as seen from this machine; where the study says if ``None``.
        base: The folder that data and code are looked for in first.
        allow: Whether code that the database names may be run here.
        say: Where news go, a line each.
    """

    def __init__(
        self,
        study: Study,
        *,
        artifacts: str | None = None,
        base: str | None = None,
        allow: bool = False,
        say: Callable[[str], None] = lambda _line: None,
    ) -> None:
        self._study, self._artifacts, self._base = study, artifacts, base
        self._allow, self._say = allow, say

    def data(self) -> Dataset:
        """Return the data that the study was created with; ``find_data`` has the errors."""
        return find_data(self._study, artifacts=self._artifacts, base=self._base, say=self._say)

    def code(self) -> Code:
        """Return the code that the study was created with; ``study_code`` has the errors."""
        return study_code(self._study, base=self._base, allow=self._allow)


def study_code(study: Study, *, base: str | None = None, allow: bool = False) -> Code:
    """Return the code that a study was created with, from the first folder that has it.

    Args:
        study: A search whose trials run code that is part of it.
        base: The folder to look in first.
        allow: Whether code that the database names may be run here.

    Raises:
        LeaveError: It may not.
        CodeError: No folder has it.
        ContractError: What is found is other code.
    """
    objective = study.spec.objective
    what = f"runs {list(objective.command or ())}"
    if named := objective.call or objective.estimator:
        what = f"{'calls' if objective.call else 'fits'} {named}"
    if not allow:
        raise LeaveError(
            f"study {study.name!r} {what}: expected permission to run code that a database names, "
            "found none\n"
            "give it with --allow where you trust the study and its database"
        )
    wanted: Mapping[str, str] = study.contract["code"]
    problem: HpsearchError | None = None
    for folder in dict.fromkeys(Path(one) for one in (base, study.base, Path.cwd()) if one is not None):
        try:
            found = find_code(objective, folder)
        except CodeError as error:
            problem = problem or error
            continue
        if dict(found.hashes) == dict(wanted):
            return found
        changes = code_changes(wanted, found.hashes)
        problem = ContractError(f"study {study.name!r}: in {folder} {changes}")
    assert problem is not None
    raise problem

"""The admission: trials get the next free numbers, as far as budget and horizon reach."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import sqlalchemy as sa

from hpsearch.store.attempts.adopt import adopt
from hpsearch.store.attempts.attempts import ClaimContext, insert_params
from hpsearch.store.attempts.finish import attribute, to_datetime
from hpsearch.store.database.columns import add_rows
from hpsearch.store.records.records import Claim
from hpsearch.store.schema.deleted import forget_deleted
from hpsearch.store.schema.tables import ROUNDS, STUDIES

if TYPE_CHECKING:
    from hpsearch.search import Proposal

Further: TypeAlias = Callable[[int], Sequence["Proposal"]]
"""Gives the proposals of a worker for the numbers below another one, as far as they may start."""

_STUDY = sa.update(STUDIES).where(STUDIES.c.study_id == sa.bindparam("study"))

_ROUND = sa.insert(ROUNDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Trials that have just been given their numbers, and what is still to be written of them.

    Attributes:
        claims: The trials.
        proposals: The proposals that became trials, or filled in an enqueued trial.
        admitted: Trials of the study that have a number.
        newest_trial_id: The newest key that the ledger knows; 0 where nothing has changed.
        adopted: Whether the trials were added through Optuna, which has written their parameters.
        rows: The rows of trials that are not written yet.
    """

    claims: Sequence[Claim]
    proposals: Sequence["Proposal"]
    admitted: int
    newest_trial_id: int
    adopted: bool = False
    rows: Sequence[Mapping[str, Any]] = ()

    @classmethod
    def nothing(cls) -> Self:
        """Return the admission of no trial."""
        return cls(claims=(), proposals=(), admitted=0, newest_trial_id=0)

    def write(self, context: ClaimContext) -> None:
        """Write trials, parameters, stages and rounds, and how many trials the study has now."""
        if self.rows:
            context.tx.add(context.tx.tables.trials, self.rows)
        if self.newest_trial_id:
            change = {"admitted": self.admitted, "newest_trial_id": self.newest_trial_id}
            if self.adopted:
                change["adopted"] = self.admitted
            context.tx.write(_STUDY, {"study": context.study.study_id, **change})
        if self.claims and not self.adopted:
            insert_params(context, [(claim.trial_id, claim.internal) for claim in self.claims])
            pairs = zip(self.claims, self.proposals, strict=True)
            stages = [attribute(claim.trial_id, "stage", proposal.stage) for claim, proposal in pairs]
            context.tx.add(context.tx.tables.trial_user_attributes, stages)
        _open_rounds(context, self.proposals)


def admit(
    context: ClaimContext,
    proposals: Sequence["Proposal"],
    *,
    limit: int,
    further: Further | None = None,
) -> Admission:
    """Give the next free numbers to at most ``limit`` trials.

    Trials that were added through Optuna have their numbers already and come first; the proposals were made
    without a look at them, so they wait for the next claim. Where others have taken the numbers of all
    proposals meanwhile, ``further`` is asked for the next ones.
    """
    row = context.row
    # External trials have their numbers: a proposal that did not see them would be another one after them.
    if row.external:
        found = adopt(context, proposals, limit=limit)
        numbers = {claim.number for claim in found.claims}
        return Admission(
            claims=found.claims,
            proposals=[p for p in proposals if p.number in numbers],
            admitted=found.admitted,
            newest_trial_id=found.newest_trial_id,
            adopted=True,
        )
    # All numbers were taken since the worker looked: coming back with a new look would cost all workers more.
    if further is not None and proposals and proposals[-1].number < row.admitted:
        proposals = further(row.admitted + limit)
    admissible = _admissible(context, proposals)[:limit]
    rows, keys = _numbered(context, admissible), row.keys[: len(admissible)]
    # With keys taken beforehand the trials are written at once with all that refers to them.
    if len(keys) == len(rows):
        rows = [columns | {"trial_id": key} for columns, key in zip(rows, keys, strict=True)]
    else:  # SQLite gives the keys as it writes
        rows, keys = [], _write(context, rows)
    claims = [context.claim(key, p.number, 1, p.internal) for key, p in zip(keys, admissible, strict=True)]
    return Admission(
        claims=claims,
        proposals=admissible,
        admitted=row.admitted + len(claims),
        newest_trial_id=max(keys, default=0),
        rows=rows,
    )


def _admissible(context: ClaimContext, proposals: Sequence["Proposal"]) -> list["Proposal"]:
    """Return the proposals for the next free numbers that may start."""
    found: list[Proposal] = []
    # Each proposal was made from all trials below it. One below the first of them that was adopted since was
    # not tried as proposed, so none of the proposals is what its number says.
    if proposals and proposals[0].number < context.row.adopted:
        return found
    for proposal in proposals:
        number = context.row.admitted + len(found)
        if proposal.number == number < context.row.end and context.may_start(number):
            found.append(proposal)
    return found


def _numbered(context: ClaimContext, proposals: Sequence["Proposal"]) -> list[dict[str, Any]]:
    """Return the rows of trials that run from now on, without their keys."""
    common = {
        "study_id": context.study.study_id,
        "state": "RUNNING",
        "datetime_start": to_datetime(context.clock),
    }
    return [common | {"number": p.number} for p in proposals]


def _write(context: ClaimContext, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Write rows of trials; return their keys."""
    if context.row.left and rows:
        forget_deleted(context.tx)
    written = add_rows(context.tx.connection, context.tx.tables.trials, rows, "number", "trial_id")
    keys = {int(row.number): int(row.trial_id) for row in written}
    return [keys[row["number"]] for row in rows]


def _open_rounds(context: ClaimContext, proposals: Sequence["Proposal"]) -> None:
    rows = [
        {
            "study_id": context.study.study_id,
            "first_number": p.number,
            "stage": p.stage,
            "low": list(p.opens.low),
            "high": list(p.opens.high),
            "reason": p.opens.reason,
            "evidence": {name: dict(numbers) for name, numbers in p.opens.evidence.items()},
        }
        for p in proposals
        if p.opens is not None
    ]
    for row in rows:
        context.tx.write(_ROUND, row)

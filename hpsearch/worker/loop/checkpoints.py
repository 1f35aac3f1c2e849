"""Checkpoints of trials, on their way to the ledger and back."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256

from hpsearch.artifacts import ArtifactStore, open_artifacts
from hpsearch.errors import ArtifactError
from hpsearch.objective import Evaluator, ResumeError, Task, TaskState
from hpsearch.store import Claim, Ledger, StoredCheckpoint, Study

INLINE_BYTES = 4 * 2**20
"""A state up to this size goes into the database: 350,000 parameters with both moments of Adam.

A fleet of a thousand lanes then adds at most 4 GiB to a database that a study otherwise fills with megabytes.
"""


class Checkpoints:
    """Stores where trials of one study have got to, and lets their next attempts go on from there.

    Args:
        ledger: Where the study is.
        study: The study.
        evaluator: What evaluates its trials.
        say: Where news go, a line each.
        artifacts: Where the study's files are, as seen from this machine; where the study says if ``None``.
    """

    def __init__(
        self,
        ledger: Ledger,
        study: Study,
        evaluator: Evaluator,
        say: Callable[[str], None],
        *,
        artifacts: str | None = None,
    ) -> None:
        self._ledger, self._study, self._evaluator, self._say = ledger, study, evaluator, say
        self._artifacts = artifacts or study.artifacts
        self._saved: dict[int, StoredCheckpoint] = {}
        self._refused: set[int] = set()

    def save(self, midway: Mapping[Claim, TaskState]) -> None:
        """Store where trials have got to, as far as that is new and they are held here.

        Raises:
            StorageError: The database cannot be used.
        """
        packed = {
            claim: self._pack(claim, where)
            for claim, where in midway.items()
            if len(where.curve) > self.epoch(claim)
        }
        new = [(claim, saved) for claim, saved in packed.items() if saved is not None]
        taken = self._ledger.save_checkpoints(self._study, new) if new else []
        for claim, saved in new:
            if claim in taken:
                self._drop(self._saved.get(claim.trial_id))
                self._saved[claim.trial_id] = saved
            else:
                self._drop(saved)

    def resume(self, claims: Sequence[Claim], tasks: Sequence[Task]) -> list[Task]:
        """Return the tasks of claims, each from where an earlier attempt has got to; else from the start."""
        again = [claim for claim in claims if claim.attempt > 1]
        found = self._ledger.checkpoints(again) if again else {}
        for claim in again:
            self._saved.pop(claim.trial_id, None)
        self._saved |= {claim.trial_id: saved for claim, saved in found.items()}
        return [
            self._resume(claim, task) if claim in again else task
            for claim, task in zip(claims, tasks, strict=True)
        ]

    def epoch(self, claim: Claim) -> int:
        """Return the epoch that the next attempt of a trial goes on from; 0 for its start."""
        saved = self._saved.get(claim.trial_id)
        return len(saved.curve) if saved else 0

    def forget(self, claims: Sequence[Claim]) -> None:
        """Let go of what the artifact store holds of trials that are settled."""
        for claim in claims:
            self._drop(self._saved.pop(claim.trial_id, None))

    def _store(self) -> ArtifactStore | None:
        return open_artifacts(self._artifacts) if self._artifacts else None

    def _pack(self, claim: Claim, where: TaskState) -> StoredCheckpoint | None:
        """Return what is stored of a trial; its state goes to the artifact store where it is large."""
        data = where.pack()
        saved = StoredCheckpoint(
            trial_id=claim.trial_id,
            attempt=claim.attempt,
            curve=where.curve,
            digest=sha256(data).hexdigest(),
            data=data if len(data) <= INLINE_BYTES else None,
        )
        if saved.data is not None:
            return saved
        try:
            store = self._store()
            if store is None:
                size = f"{len(data)} bytes are more than the {INLINE_BYTES} that a database takes"
                self._refuse(claim, f"{size}, and the study has no artifact store")
                return None
            store.put(saved.artifact, data)
        except ArtifactError as error:
            self._refuse(claim, str(error))
            return None
        return saved

    def _refuse(self, claim: Claim, why: str) -> None:
        """Say once that the state of a trial is not kept."""
        if claim.trial_id not in self._refused:
            self._refused.add(claim.trial_id)
            self._say(f"trial {claim.number}: its checkpoint is not kept: {why}")

    def _resume(self, claim: Claim, task: Task) -> Task:
        saved = self._saved.get(claim.trial_id)
        if saved is None:
            return task
        try:
            source = f"checkpoint of trial {claim.number}"
            data = self._read(saved, source)
            resumed = self._evaluator.resume(task, curve=saved.curve, data=data, source=source)
        except (ResumeError, ArtifactError) as error:
            return self._anew(claim, task, str(error))
        self._say(f"trial {claim.number} goes on from epoch {len(saved.curve)}")
        return resumed

    def _read(self, saved: StoredCheckpoint, source: str) -> bytes:
        data = saved.data
        if data is None and (store := self._store()) is not None:
            data = store.get(saved.artifact)
        if data is None:
            raise ResumeError(f"{source}: expected it in the artifact store, found none")
        if sha256(data).hexdigest() != saved.digest:
            raise ResumeError(f"{source}: expected the bytes that were saved, found others")
        return data

    def _anew(self, claim: Claim, task: Task, why: str) -> Task:
        self._drop(self._saved.pop(claim.trial_id))
        self._say(f"trial {claim.number} starts anew: {why}")
        return task

    def _drop(self, saved: StoredCheckpoint | None) -> None:
        """Remove a state from the artifact store; one that stays there does no harm."""
        if saved is not None and saved.data is None:
            with suppress(ArtifactError):
                if (store := self._store()) is not None:
                    store.drop(saved.artifact)

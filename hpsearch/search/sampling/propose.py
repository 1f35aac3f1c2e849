"""What trial number ``n`` tries: a pure function of the study, its history and ``n``."""

from dataclasses import dataclass

import numpy as np

from hpsearch.search.history import History
from hpsearch.search.sampling.box import Box, next_box
from hpsearch.search.sampling.draws import Draws
from hpsearch.study_file import Purpose, StudySpec, child_seed


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The parameters of one trial and where they come from.

    Attributes:
        number: The trial's number.
        internal: Internal parameter values, in the order of the space; NaN where one is not active.
        stage: ``"round 0"``, ``"round 1"``, ..., ``"random"`` (while TPE has too few results),
            ``"tpe"`` or ``"confirm"``.
        opens: The box of the round that this trial is the first of, else ``None``.
    """

    number: int
    internal: tuple[float, ...]
    stage: str
    opens: Box | None = None


class Proposer:
    """``propose`` with a memory of what it has computed; the memory never changes an answer.

    Args:
        spec: The study.
    """

    def __init__(self, spec: StudySpec) -> None:
        self._spec = spec
        self._starts = tuple(int(s) for s in np.cumsum((0, *spec.search.rounds)))
        self._boxes: list[Box] = []
        self._proposals: dict[int, tuple[bytes, Proposal]] = {}
        self._draws = Draws(spec.search.start, len(spec.space), seed=spec.seed)

    def propose(self, history: History, number: int) -> Proposal:
        """Return the proposal for trial ``number``.

        Args:
            history: At least all trials below ``number``, those it may see settled.
            number: A trial's number.
        """
        blind = slice(max(0, number - self._spec.parallelism + 1), number)
        pending = history.internal[blind].tobytes()  # a trial may have been tried otherwise than proposed
        if number not in self._proposals or self._proposals[number][0] != pending:
            self._proposals = {
                n: p for n, p in self._proposals.items() if n > number - self._spec.parallelism
            }
            self._proposals[number] = pending, self._compute(history, number)
        return self._proposals[number][1]

    def _compute(self, history: History, number: int) -> Proposal:
        space = self._spec.space
        round_ = int(np.searchsorted(self._starts, number, side="right")) - 1
        if round_ < len(self._spec.search.rounds):
            box = self._box(history, round_)
            return Proposal(
                number=number,
                internal=space.from_unit(self._draws.inside(box, number)),
                stage=f"round {round_}",
                opens=box if number == self._starts[round_] else None,
            )
        internal = self._ask(history, number)
        if internal is None:
            drawn = space.from_unit(self._draws.inside(Box.declared(space), number))
            return Proposal(number=number, internal=drawn, stage="random")
        return Proposal(number=number, internal=internal, stage="tpe")

    def _ask(self, history: History, number: int) -> tuple[float, ...] | None:
        # SciPy's special functions take 0.1 s to import, and the random rounds do without them.
        from hpsearch.search.sampling.tpe import ask  # noqa: PLC0415

        spec = self._spec
        seed = child_seed(spec.seed, Purpose.PROPOSE, number)
        return ask(spec.space, history.seen_by(number, spec.parallelism), seed=seed)

    def _box(self, history: History, round_: int) -> Box:
        """Return the box of a round, from the history that the round's first trial may see."""
        spec = self._spec
        if not self._boxes:
            self._boxes.append(Box.declared(spec.space))
        while len(self._boxes) <= round_:
            first = self._starts[len(self._boxes)]
            seen = history.seen_by(first, spec.parallelism)
            seed = child_seed(spec.seed, Purpose.BOX, first)
            self._boxes.append(next_box(self._boxes[-1], spec.space, seen, seed=seed))
        return self._boxes[round_]


def propose(spec: StudySpec, history: History, number: int) -> Proposal:
    """Return what trial ``number`` of a study tries.

    The first trials are log-uniform draws in the boxes of the random rounds; then TPE proposes from every
    result that the trial may see.

    Args:
        spec: The study.
        history: At least all trials below ``number``, those it may see settled.
        number: A trial's number.

    Source: J. Bergstra and Y. Bengio, "Random Search for Hyper-Parameter Optimization", 2012;
    J. Bergstra et al., "Algorithms for Hyper-Parameter Optimization", 2011 (TPE).
    """
    return Proposer(spec).propose(history, number)

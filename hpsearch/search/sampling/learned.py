"""The first trials of a search that starts with settings of a portfolio."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from hpsearch.search.history import History
from hpsearch.search.sampling.box import Box
from hpsearch.search.sampling.draws import Draws
from hpsearch.search.sampling.stages import Proposal, Stages
from hpsearch.search.stage import Stage
from hpsearch.space import Space, Value


class LearnedStages:
    """The stages of a search behind the settings of a portfolio, which its first trials try.

    The rounds and TPE have the numbers that they would have without them, and draw the same points.

    Args:
        stages: The stages behind them.
        space: The search space.
        rounds: Sizes of the random rounds.
        settings: The settings, best first; a parameter that one leaves out is drawn.
        seed: The study's seed.
    """

    def __init__(
        self,
        stages: Stages,
        space: Space,
        rounds: Sequence[int],
        settings: Sequence[Mapping[str, Value]],
        *,
        seed: int,
    ) -> None:
        self._stages, self._space = stages, space
        self._starts = (0, *accumulate(rounds))
        self._draws = Draws("random", len(space), seed=seed)
        places = {parameter.name: (j, parameter) for j, parameter in enumerate(space)}
        self._settings = [
            {places[name][0]: places[name][1].internal(value) for name, value in setting.items()}
            for setting in settings
        ]

    def propose(self, number: int, seen_by: Callable[[int], History]) -> Proposal:
        """Return the parameters that trial ``number`` tries.

        Args:
            number: The trial's number.
            seen_by: Returns the history that the trial of a number may see.
        """
        n_learned = len(self._settings)
        if number < n_learned:
            point = self._point(number, seen_by(number))
            return Proposal(number=number, internal=point, stage=Stage.LEARNED)
        proposal = self._stages.propose(number, seen_by)
        if number == n_learned and number < self._starts[-1] and proposal.opens is None:
            # The first trial of this round had a setting of the portfolio: its box opens with this one.
            first = max(start for start in self._starts if start <= number)
            return replace(proposal, opens=self._stages.propose(first, seen_by).opens)
        return proposal

    def _point(self, number: int, seen: History) -> tuple[float, ...]:
        """Return the point of the first setting that no earlier trial has; where it has no value, a draw.

        A person may have given an earlier trial other parameters, and then the first setting is still due.
        """
        left = [s for s in self._settings if not (seen.internal[:, [*s]] == [*s.values()]).all(axis=1).any()]
        given = (left or self._settings[number:])[0]
        drawn = self._draws.inside(Box.declared(self._space), number)
        return self._space.point(
            lambda j: given[j] if j in given else self._space.parameters[j].from_unit(float(drawn[j]))
        )

"""The trial that a confirming run gives to an objective: fixed parameters, and a seed."""

from collections.abc import Mapping
from typing import Any

from optuna.trial import FixedTrial


class SeededTrial(FixedTrial):
    """A trial with the parameters of a finalist and a fresh seed.

    It has what an objective of Optuna's asks a trial for: ``suggest_float`` and the others return the
    finalist's values, ``report`` does nothing, ``should_prune`` is false. It has what a function of
    ``hpsearch.optimize`` asks for as well: ``params``, ``seed``, ``number``, ``should_stop()``.

    Args:
        params: The finalist's parameters, name -> value.
        number: A number that no trial of the study has, and no other run.
        seed: The seed, 0 to ``2**31 - 1``.

    Example:
        >>> trial = SeededTrial({"x": 0.5}, number=7, seed=3)
        >>> trial.suggest_float("x", 0.0, 1.0), trial.seed, trial.should_prune()
        (0.5, 3, False)
    """

    attempt = 1

    def __init__(self, params: Mapping[str, Any], *, number: int, seed: int) -> None:
        super().__init__(dict(params), number=number)
        self._given, self._seed = dict(params), seed
        self.was_asked = False

    @property
    def seed(self) -> int:
        """The seed of the run; ``was_asked`` is true from then on."""
        self.was_asked = True
        return self._seed

    @property
    def number(self) -> int:
        """The number of the run, above all numbers of trials; ``was_asked`` is true from then on."""
        self.was_asked = True
        return self._number

    @property
    def params(self) -> dict[str, Any]:
        """All parameters of the finalist, name -> value."""
        return dict(self._given)

    def should_stop(self) -> bool:
        """Return ``False``: a confirming run goes on to its end."""
        return False

"""A measure: the name of a value, its direction and its bounds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What trials are judged by: all that search and reports know of it.

    Attributes:
        name: Its name in a study file.
        title: Its name in a sentence.
        maximize: Whether more is better.
        bounds: The least and the largest value, infinity where there is none.
    """

    name: str
    title: str
    maximize: bool
    bounds: tuple[float, float]

    @property
    def worst(self) -> float:
        """The worst value there is; infinite where there is no bound on that side."""
        return self.bounds[0] if self.maximize else self.bounds[1]

    @property
    def worst_score(self) -> float:
        """The worst value, turned round where less is better; it may be minus infinity."""
        return self.sign * self.worst

    @property
    def sign(self) -> float:
        """1 where more is better, else -1: ``sign * value`` is better the larger it is."""
        return 1.0 if self.maximize else -1.0

    @property
    def direction(self) -> str:
        """``"maximize"`` or ``"minimize"``."""
        return "maximize" if self.maximize else "minimize"

"""The figures of a study as methods: what ``study.plot`` is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hpsearch.report.figures.figure import Figure
    from hpsearch.report.numbers.study import StudyReport


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyPlots:
    """The figures of a study. Each method reads the study as it stands, and a notebook shows what it returns.

    Attributes:
        read: Returns the numbers that figures are drawn from.

    Example:
        >>> study = hpsearch.open_study("digits")  # doctest: +SKIP
        >>> study.plot.history().save("history.svg")  # doctest: +SKIP
    """

    read: Callable[[], "StudyReport"] = field(repr=False)

    def race(self) -> "Figure":
        """Return the finalists, the default and the baseline as points with their 95 % intervals."""
        return self._figure("race")

    def confusion(self) -> "Figure":
        """Return which class the winner takes for which."""
        return self._figure("confusion")

    def history(self) -> "Figure":
        """Return each trial's value, the best so far, the stages."""
        return self._figure("history")

    def funnel(self) -> "Figure":
        """Return how the range of each parameter narrowed."""
        return self._figure("funnel")

    def slice(self) -> "Figure":
        """Return the values against each parameter."""
        return self._figure("slice")

    def parallel(self) -> "Figure":
        """Return the parameters together, a line for each trial."""
        return self._figure("parallel")

    def contour(self) -> "Figure":
        """Return the metric to be expected over the two parameters that mattered most."""
        return self._figure("contour")

    def curves(self) -> "Figure":
        """Return the learning curves."""
        return self._figure("curves")

    def importance(self) -> "Figure":
        """Return which parameters mattered, with intervals."""
        return self._figure("importance")

    def rungs(self) -> "Figure":
        """Return how well each epoch predicts the final ranking."""
        return self._figure("rungs")

    def nursings(self) -> "Figure":
        """Return the curves of the trainings that a person steered, with the interventions."""
        return self._figure("nursings")

    def time(self) -> "Figure":
        """Return where the time of each worker went."""
        return self._figure("time")

    def timeline(self) -> "Figure":
        """Return which worker trained what, from when to when."""
        return self._figure("timeline")

    def __repr__(self) -> str:
        names = [name for name in dir(self) if not name.startswith("_") and name != "read"]
        return f"StudyPlots: {', '.join(f'{name}()' for name in names)}"

    def _figure(self, name: str) -> "Figure":
        from hpsearch.report.plots import PLOTS  # noqa: PLC0415 - a study that is only read draws nothing

        return PLOTS[name](self.read())

"""A study as Python sees it: its numbers, tables and figures, read when they are asked for.

What draws and writes them is imported then as well: ``hpsearch start`` needs the summary alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hpsearch.errors import HpsearchError
from hpsearch.report.study_plots import StudyPlots
from hpsearch.report.summary import Summary, summarize
from hpsearch.report.text import summary_text
from hpsearch.search import EnsembleScore, Verdict
from hpsearch.store import Ledger, Status, Study, masked, opened

if TYPE_CHECKING:
    import pandas as pd

    from hpsearch.report.figures.figure import Figure
    from hpsearch.report.numbers.study import StudyReport


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class StudyView:
    """A study in a database. It holds no connection: whatever is asked for is read as it stands now.

    In a notebook it shows the answer, the counts and the history, printed what ``hpsearch best`` prints.

    Attributes:
        name: The study's name.
        storage: The database's address.
        flags: What commands to type need to find the database, a blank before it; empty for none.

    Example:
        >>> study = hpsearch.open_study("digits")  # doctest: +SKIP
        >>> study.plot.history().save("history.svg")  # doctest: +SKIP
    """

    name: str
    storage: str = field(repr=False)
    flags: str = field(default="", compare=False)

    @property
    def status(self) -> Status:
        """Where the study stands."""
        return self.summary().status

    @property
    def best(self) -> Verdict | None:
        """The winner, or the best trial so far; ``None`` while no trial is complete."""
        return self.summary().best

    @property
    def ensemble(self) -> EnsembleScore | None:
        """The ensemble, or ``None`` while not known."""
        return self.summary().ensemble

    @property
    def fingerprint(self) -> str:
        """SHA-256 over all settled trials."""
        return self.summary().fingerprint

    def summary(self) -> Summary:
        """Return status, winner, ensemble and fingerprint, all of one moment."""
        with self._opened() as (ledger, study):
            return summarize(ledger, study)

    def to_json(self) -> dict[str, Any]:
        """Return what ``hpsearch best --json`` prints."""
        return self.summary().to_json()

    def numbers(self) -> "StudyReport":
        """Return all numbers that the figures are drawn from."""
        from hpsearch.report.numbers.study import study_report  # noqa: PLC0415 - as above

        with self._opened() as (ledger, study):
            return study_report(ledger, study, flags=self.flags)

    @property
    def trials(self) -> "pd.DataFrame":
        """The trials as a pandas table, as ``trials_dataframe`` returns it."""
        return self.trials_dataframe()

    @property
    def plot(self) -> StudyPlots:
        """The figures: ``study.plot.history()``, ``study.plot.slice()`` and the others."""
        return StudyPlots(read=self.numbers)

    def trials_dataframe(self) -> "pd.DataFrame":
        """Return a pandas table with one row a trial: parameters, curve, value, times.

        Raises:
            FrameError: pandas is not installed.
        """
        from hpsearch.report.exports.frame import trials_frame  # noqa: PLC0415 - as above

        with self._opened() as (ledger, study):
            return trials_frame(ledger, study)

    def report(self) -> str:
        """Return the report as one HTML document."""
        from hpsearch.report.page.document import report_page  # noqa: PLC0415 - as above

        return report_page(self.numbers())

    def plot_race(self) -> "Figure":
        """Return the finalists, the default and the baseline as points with their 95 % intervals."""
        return self.plot.race()

    def plot_confusion(self) -> "Figure":
        """Return which class the winner takes for which."""
        return self.plot.confusion()

    def plot_history(self) -> "Figure":
        """Return each trial's value, the best so far, the stages."""
        return self.plot.history()

    def plot_funnel(self) -> "Figure":
        """Return how the range of each parameter narrowed."""
        return self.plot.funnel()

    def plot_slice(self) -> "Figure":
        """Return the values against each parameter."""
        return self.plot.slice()

    def plot_parallel(self) -> "Figure":
        """Return the parameters together, a line for each trial."""
        return self.plot.parallel()

    def plot_curves(self) -> "Figure":
        """Return the learning curves."""
        return self.plot.curves()

    def plot_importance(self) -> "Figure":
        """Return which parameters mattered, with intervals."""
        return self.plot.importance()

    def plot_rungs(self) -> "Figure":
        """Return how well each epoch predicts the final ranking."""
        return self.plot.rungs()

    def plot_nursings(self) -> "Figure":
        """Return the curves of the trainings that a person steered, with the interventions."""
        return self.plot.nursings()

    def plot_time(self) -> "Figure":
        """Return where the time of each worker went."""
        return self.plot.time()

    def plot_contour(self) -> "Figure":
        """Return the metric to be expected over the two parameters that mattered most."""
        return self.plot.contour()

    def plot_timeline(self) -> "Figure":
        """Return which worker trained what, from when to when."""
        return self.plot.timeline()

    @contextmanager
    def _opened(self) -> Iterator[tuple[Ledger, Study]]:
        with opened(self.storage, foreign=True) as ledger:
            yield ledger, ledger.find_study(self.name)

    def __repr__(self) -> str:
        try:
            return summary_text(self.summary())
        except HpsearchError as error:
            return f"study {self.name!r} in {masked(self.storage)}: {error}"

    def _repr_html_(self) -> str:
        from hpsearch.report.figures.markup import tag  # noqa: PLC0415 - as above
        from hpsearch.report.page.document import study_card  # noqa: PLC0415 - as above

        try:
            return study_card(self.numbers())
        except HpsearchError:
            return tag("pre", repr(self))

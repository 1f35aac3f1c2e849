"""What is said of a study that Optuna alone has made, and what is not: only what its trials measured."""

from hpsearch.errors import ForeignStudyError, to_type
from hpsearch.metrics import Measure
from hpsearch.store import Maker, Status, Study

CONFIRM = "hpsearch.confirm(study, objective)"
"""The call that makes confirming runs for a study of Optuna's."""
MADE_BY = "made by Optuna"
UNCONFIRMED = f"no run with fresh seeds has confirmed it; {CONFIRM} makes them"
NOT_RECORDED = (
    "Optuna records neither the sampler nor its seed nor the code of the objective, so the study cannot be "
    "computed again from its database. Two fingerprints are equal when both studies have the same trials "
    "with the same results, to the last bit."
)


def is_foreign(status: Status) -> bool:
    """Return whether Optuna alone has made a study."""
    return status.maker is Maker.OPTUNA


def extreme_word(measure: Measure) -> str:
    """Return what the best values are: ``"highest"`` or ``"lowest"``."""
    return "highest" if measure.maximize else "lowest"


def expect_own(study: Study, number: int | None = None) -> Study:
    """Return a study that hpsearch has made: of another one it is not known why a trial was tried.

    Args:
        study: The study.
        number: The trial that is asked for, if one is.

    Raises:
        ForeignStudyError: Optuna alone has made it.
    """
    if study.maker is Maker.OPTUNA:
        show = to_type(f"show {number or 0}", study.name)
        raise ForeignStudyError(
            f"study {study.name!r} was made by Optuna, which does not record why a trial got its parameters; "
            f"{show} has what it records"
        )
    return study


def expect_more(study: Study, what: str) -> Study:
    """Return a study that hpsearch has made: another one has no model, and no more than its trials.

    Args:
        study: The study.
        what: What is asked for: a model, or a bundle.

    Raises:
        ForeignStudyError: Optuna alone has made it.
    """
    if study.maker is Maker.OPTUNA:
        raise ForeignStudyError(
            f"study {study.name!r} was made by Optuna, so there is no {what} of it; "
            f"{to_type('export trials', study.name)} writes its trials"
        )
    return study

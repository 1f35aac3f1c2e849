"""The stage of a search: where the parameters of a trial come from, and what a study is doing."""

from collections.abc import Mapping
from enum import StrEnum


class Stage(StrEnum):
    """A stage of a study; a random round is stored with its number, ``"round 0"``."""

    LEARNED = "learned"
    ROUND = "round"
    RANDOM = "random"
    TPE = "tpe"
    GP = "gp"
    ENQUEUED = "enqueued"
    CONFIRM = "confirm"
    DELIVER = "deliver"
    DONE = "done"

    @classmethod
    def of(cls, name: str | None) -> "Stage | None":
        """Return the stage of a stored name; ``None`` for a trial that another program added."""
        word = (name or "").partition(" ")[0]
        return next((stage for stage in cls if stage == word), None)


def box_stage(name: str) -> str:
    """Return the stage of a box: a model's also where its first trial was drawn, because results were few."""
    return Stage.TPE.value if name == Stage.RANDOM else name


MODEL_NAMES: Mapping[str, str] = {Stage.TPE: "TPE", Stage.GP: "GP"}
"""Stage of a model -> what reports call it."""

PROPOSED = frozenset((Stage.LEARNED, Stage.ROUND, Stage.RANDOM, *MODEL_NAMES))
"""The stages whose parameters the search proposes."""

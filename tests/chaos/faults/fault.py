"""What a fault is: something that is injected into a run, and may have to be healed."""

import random
from dataclasses import dataclass, field

from tests.chaos.fleet import Fleet
from tests.chaos.storage.places import Place
from tests.chaos.study import STUDIES

EVERYWHERE = ("sqlite", "postgresql")
ON_SQLITE = ("sqlite",)
ON_POSTGRESQL = ("postgresql",)
AT_ONCE = (0.0, 0.0)
OUTSIDE = tuple(kind for kind, study in STUDIES.items() if study.outside)
"""Kinds of objective whose trials run in processes of their own."""


@dataclass(slots=True, kw_only=True)
class Scene:
    """What a fault may touch.

    Attributes:
        fleet: The processes.
        place: The database.
        rng: The fault's own source of chance.
        kept: What ``inject`` leaves for ``heal``.
    """

    fleet: Fleet
    place: Place
    rng: random.Random
    kept: list = field(default_factory=list)


class Fault:
    """Something that goes wrong.

    Attributes:
        databases: Where it can happen.
        studies: To which kinds of objective.
        lasts_s: The shortest and the longest that it lasts.
    """

    databases = EVERYWHERE
    studies = tuple(STUDIES)
    lasts_s = AT_ONCE

    def inject(self, scene: Scene) -> bool:
        """Do it; return whether there was anything to do it to."""
        raise NotImplementedError

    def heal(self, scene: Scene) -> bool:
        """End it; return whether it struck."""
        del scene
        return True

"""What the settings of a study mean in the version that the study was begun with."""

from collections.abc import Mapping

from hpsearch.data import FIRST_RULES, PRESENT_RULES, DataRules
from hpsearch.nn.training.divergence import LOSS_ALONE, PRESENT_RULE, DivergenceRule
from hpsearch.study_file import Setting

_FIRST_NAMES = {"activation": {"prelu": "prelu_shared"}}
"""Setting -> name in version 1 -> the same thing's name today."""


def present_names(settings: Mapping[str, Setting], *, version: int) -> dict[str, Setting]:
    """Return settings under the names of today.

    Args:
        settings: The settings as the study has them.
        version: The study's version.
    """
    renamed = _FIRST_NAMES if version == 1 else {}
    return {key: renamed.get(key, {}).get(str(value), value) for key, value in settings.items()}


def data_rules(version: int) -> DataRules:
    """Return the rules of a version by which data are read and scaled."""
    return FIRST_RULES if version == 1 else PRESENT_RULES


def divergence_rule(version: int) -> DivergenceRule:
    """Return the rule of divergence of a version."""
    return LOSS_ALONE if version == 1 else PRESENT_RULE

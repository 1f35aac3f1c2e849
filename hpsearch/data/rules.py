"""The rules of a study's version by which its data are read and scaled."""

from dataclasses import dataclass

from hpsearch.data.scale import FIRST_SHRINKAGE, SHRINKAGE, Shrinkage


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRules:
    """The rules of a version by which data are read and scaled.

    Attributes:
        shrinkage: What a whitening does with directions of little variance.
        plain: Whether tables are read as version 1 did: every column is learned from, no text stands for a
            missing cell, and the header line shows the separator.
    """

    shrinkage: Shrinkage = SHRINKAGE
    plain: bool = False


PRESENT_RULES = DataRules()
FIRST_RULES = DataRules(shrinkage=FIRST_SHRINKAGE, plain=True)
"""Of studies of version 1."""

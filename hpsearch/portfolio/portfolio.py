"""The portfolio: settings, and what they were worth on the data sets that they come from."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hpsearch.errors import ExitCode, HpsearchError
from hpsearch.space import Value
from hpsearch.study_file import ObjectiveSpec
from hpsearch.types import Float64Array

KINDS = ("mlp", "estimator", "call", "command")
"""The kinds of objective that a portfolio may be of."""


class PortfolioError(HpsearchError):
    """A portfolio cannot be read, made or used: name another file, or make one with ``hpsearch learn``."""

    exit_code = ExitCode.USAGE


def kind_of(objective: ObjectiveSpec) -> str:
    """Return what the settings of a study are settings of: its kind of objective, and an estimator's name.

    Example:
        >>> kind_of(ObjectiveSpec()), kind_of(ObjectiveSpec(estimator="sklearn.svm.SVC"))
        ('mlp', 'estimator sklearn.svm.SVC')
    """
    return f"{objective.kind} {objective.estimator}" if objective.estimator else objective.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSize:
    """The size of a data set, by which a study finds the data sets that resemble its own.

    Attributes:
        rows: Number of rows; ``None`` where it is not known.
        features: Number of features that a model sees.
        classes: Number of classes; 0 for a target that is a number.
    """

    rows: int | None = None
    features: int | None = None
    classes: int | None = None

    @property
    def known(self) -> bool:
        """Whether all of them are known."""
        return None not in (self.rows, self.features, self.classes)

    def coordinates(self) -> Float64Array:
        """Return the logarithms of its numbers to base 10, ``(3,)``; only where all are known."""
        sizes = (self.rows or 1, self.features or 1, (self.classes or 0) + 1)
        return np.log10(np.array(sizes, np.float64))


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTask:
    """A data set that a portfolio has learned from.

    Attributes:
        name: Its name.
        size: Its size.
        regrets: Regret of each setting of the portfolio there, in its order: 0 is the best that is known, 1
            a result in the middle.
    """

    name: str
    size: DataSize
    regrets: tuple[float, ...]

    def __post_init__(self) -> None:
        if not all(math.isfinite(regret) for regret in self.regrets):
            raise PortfolioError(f"data set {self.name!r}: expected finite regrets, found {self.regrets}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """Settings that were good on other data sets, best first, and what they were worth there.

    Attributes:
        kind: What they are settings of, as ``kind_of`` names it.
        settings: Parameter -> value of each, in the order of the greedy cover over all data sets.
        sources: The data sets.
        prior: Parameter -> least, middle and largest of its good values: the 10 %, 50 % and 90 % quantile of
            its value in the best setting of each data set; only for numbers.
    """

    kind: str
    settings: tuple[Mapping[str, Value], ...]
    sources: tuple[SourceTask, ...]
    prior: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind.partition(" ")[0] not in KINDS:
            raise PortfolioError(f"kind: expected one of {', '.join(KINDS)}, found {self.kind!r}")
        if not self.settings:
            raise PortfolioError("settings: expected at least one, found none")
        for source in self.sources:
            if len(source.regrets) != len(self.settings):
                found = f"expected {len(self.settings)} regrets, one a setting, found {len(source.regrets)}"
                raise PortfolioError(f"data set {source.name!r}: {found}")

    @property
    def regrets(self) -> Float64Array:
        """The regret of each setting on each data set, ``(n_sets, n_settings)``."""
        return np.array([s.regrets for s in self.sources], np.float64).reshape(-1, len(self.settings))

    @property
    def hash(self) -> str:
        """The SHA-256 of its content."""
        text = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """Return it as a file holds it."""
        return {
            "schema_version": 1,
            "kind": self.kind,
            "settings": [dict(setting) for setting in self.settings],
            "prior": {name: list(numbers) for name, numbers in self.prior.items()},
            "sources": [
                {
                    "name": source.name,
                    "rows": source.size.rows,
                    "features": source.size.features,
                    "classes": source.size.classes,
                    "regrets": list(source.regrets),
                }
                for source in self.sources
            ],
        }

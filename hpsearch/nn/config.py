"""The settings of one network, refused at construction when they cannot be."""

import math
import operator
from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Real

from hpsearch.errors import ExitCode, HpsearchError, did_you_mean
from hpsearch.nn.activations import ACTIVATIONS
from hpsearch.nn.initializers import INITIALIZERS
from hpsearch.nn.optimizers import OPTIMIZERS


class SettingError(HpsearchError, ValueError):
    """A setting of a network is not possible: correct it where it was written.

    Attributes:
        key: The setting's name; the message starts with it, so a caller can put file and line before it.
        problem: What was expected, what was found, what to do.
    """

    exit_code = ExitCode.USAGE

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(key, problem)
        self.key = key
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.key}: {self.problem}"


Structure = tuple[tuple[int, ...], str, str, int]
"""``(hidden, activation, optimizer, batch_size)``: what the lanes of one stack share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MLPConfig:
    """A multi-layer perceptron and how it is trained.

    Attributes:
        hidden: Units of each hidden layer, each 1 or more; ``()`` is softmax regression.
        activation: A name in ``ACTIVATIONS``; the output is linear, into a softmax.
        init: A name in ``INITIALIZERS``.
        optimizer: A name in ``OPTIMIZERS``.
        lr: Learning rate, above 0.
        weight_decay: Rate ``lambda`` of the L2 penalty ``lambda/2 ||W||^2`` on weights, 0 or more.
        dropout: Probability that a hidden unit is dropped in a step, in [0, 1).
        batch_size: Rows in a step, 1 or more; more than there are means all of them.
        epochs: Passes over the training rows, 1 or more.

    Raises:
        SettingError: A value is of the wrong type or outside its range.

    Example:
        >>> MLPConfig(hidden=(64, 64), lr=3e-3).hidden
        (64, 64)
    """

    hidden: tuple[int, ...] = (100,)
    activation: str = "relu"
    init: str = "he"
    optimizer: str = "adam"
    lr: float = 1e-3
    weight_decay: float = 0.0
    dropout: float = 0.0
    batch_size: int = 64
    epochs: int = 10

    def __post_init__(self) -> None:
        if not isinstance(self.hidden, tuple):
            raise SettingError("hidden", f"expected a tuple of whole numbers, found {self.hidden!r}")
        put = object.__setattr__
        put(self, "hidden", tuple(whole_number("hidden", size) for size in self.hidden))
        _known("activation", self.activation, ACTIVATIONS)
        _known("init", self.init, INITIALIZERS)
        _known("optimizer", self.optimizer, OPTIMIZERS)
        put(self, "lr", _real("lr", self.lr, range_="above 0", above=0.0))
        put(self, "weight_decay", _real("weight_decay", self.weight_decay, range_="0 or more"))
        put(self, "dropout", _real("dropout", self.dropout, range_="in [0, 1)", below=1.0))
        put(self, "batch_size", whole_number("batch_size", self.batch_size))
        put(self, "epochs", whole_number("epochs", self.epochs))

    @property
    def structure(self) -> Structure:
        """What must agree inside one stack; the other settings may differ from lane to lane."""
        return self.hidden, self.activation, self.optimizer, self.batch_size


def _known(key: str, name: object, names: Iterable[str]) -> None:
    known = list(names)
    if not isinstance(name, str) or name not in known:
        listed = ", ".join(f'"{word}"' for word in known)
        hint = did_you_mean(name, known) if isinstance(name, str) else ""
        shown = f'"{name}"' if isinstance(name, str) else repr(name)
        raise SettingError(key, f"expected one of {listed}, found {shown}{hint}")


def whole_number(key: str, number: object, *, least: int = 1) -> int:
    """Return a whole number as an ``int``; NumPy's integers are whole numbers, bools are not.

    Raises:
        SettingError: It is something else, or below ``least``.
    """
    expected = f"expected a whole number, {least} or more"
    if isinstance(number, bool) or not hasattr(number, "__index__"):
        raise SettingError(key, f"{expected}, found {number!r}")
    count = operator.index(number)
    if count < least:
        raise SettingError(key, f"{expected}, found {count}")
    return count


def _real(
    key: str, number: object, *, range_: str, above: float = -math.inf, below: float = math.inf
) -> float:
    """Return a number with ``0 <= number``, ``above < number < below`` as a ``float``; NaN is outside."""
    if isinstance(number, bool) or not isinstance(number, Real):
        raise SettingError(key, f"expected a number {range_}, found {number!r}")
    value = float(number)
    if not (value >= 0 and above < value < below):
        raise SettingError(key, f"expected a number {range_}, found {value!r}")
    return value

"""The settings of one network; impossible ones are refused at construction."""

import math
import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from numbers import Real
from typing import NamedTuple

from hpsearch.errors import ExitCode, HpsearchError, did_you_mean
from hpsearch.nn.activations import ACTIVATIONS
from hpsearch.nn.functions.dropout import DROPOUT_KINDS
from hpsearch.nn.functions.initializers import INITIALIZERS
from hpsearch.nn.functions.normalization import NORMALIZATIONS
from hpsearch.nn.optimizers import OPTIMIZERS
from hpsearch.nn.optimizers.base import Optimizer
from hpsearch.nn.optimizers.schedules import SCHEDULES, warmup


class SettingError(HpsearchError, ValueError):
    """A setting of a network is not possible: correct it where it was written.

    Attributes:
        key: The setting's name; the message starts with it, so a caller can put file and line before it.
        problem: The rest of the message: what was expected, what was found, what to do.
    """

    exit_code = ExitCode.USAGE

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(key, problem)
        self.key = key
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.key}: {self.problem}"


Structure = tuple[tuple[int, ...], str, str, int, str, str, int]
"""The settings that all lanes of a stack share.

``(hidden, activation, optimizer, batch_size, normalization, dropout_kind, embedding)``.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MLPConfig:
    """A multi-layer perceptron and how it is trained.

    Attributes:
        hidden: Units of each hidden layer, each 1 or more; ``()`` is softmax regression.
        activation: A name in ``ACTIVATIONS``; the output is linear, into a softmax.
        init: A name in ``INITIALIZERS``.
        init_scale: What the initial weights are multiplied by, 0 or more: the deviation for ``"normal"``, the
            value for ``"constant"``.
        normalization: A name in ``NORMALIZATIONS``; it comes before the activation of each hidden layer.
        optimizer: A name in ``OPTIMIZERS``.
        lr: Learning rate, above 0; where ``schedule`` starts.
        momentum: Velocity kept, in [0, 1), by ``"momentum"``, ``"averaged_momentum"`` and ``"nesterov"``.
            ``None`` is the optimizer's own default, here and in the next three; others do not read it.
        beta1: Forgetting of the first moment, in [0, 1), by ``"adam"`` and ``"adamw"``.
        beta2: Forgetting of the second moment, in [0, 1), by those and ``"rmsprop"``.
        eps: Added to the root, above 0, by those and ``"adagrad"``.
        schedule: A name in ``SCHEDULES``; epoch 0 is the first, a rate holds for a whole epoch.
        schedule_decay: Decay of ``"time"`` (1 when ``None``), ``"exponential"`` (0.95) and ``"staircase"``
            (0.5), 0 or more.
        schedule_every: Epochs of a stair of ``"staircase"``, 1 or more.
        schedule_rates: ``(epoch, rate)`` pairs of ``"manual"``, epochs rising, rates 0 or more; ``lr`` holds
            before the first.
        warmup_epochs: Epochs 0..n - 1 get 1, 2, ..n parts of n + 1 of what the schedule says, 0 or more; at
            least 1 for ``"warmup"``, which is constant afterwards.
        weight_decay: Rate ``lambda`` of the L2 penalty ``lambda/2 ||W||^2`` on weights, 0 or more; under
            ``"adamw"`` of decoupled decay, ``W -= lr lambda W``, instead.
        l1: Rate of the penalty ``lambda sum |W|`` on weights, 0 or more.
        linf: Rate of the penalty ``lambda max |W|`` on weights, 0 or more.
        dropout: Probability that a hidden unit is dropped in a step, in [0, 1); one above 255/256 is used as
            that, here and in the next.
        input_dropout: Probability that an input is dropped in a step, in [0, 1); inputs become 0 under
            ``"alpha"``, too. A category that is dropped is so with its whole vector.
        dropout_kind: A name in ``DROPOUT_KINDS``; ``"locked"`` drops the same units and inputs for a whole
            epoch, ``"variational"`` the weights that leave them, one by one, and the same ones for an epoch.
        embedding: Numbers in the learned vector that stands for a category in place of its one-hot features,
            0 or more; 0 takes the features as they are.
        label_smoothing: Share of a row's target that all classes divide among them, in [0, 1); 0 for numbers.
        batch_size: Rows in a step, 1 or more; more than there are means all of them.
        epochs: Passes over the training rows, 1 or more; a cosine schedule reaches 0 after so many.

    Raises:
        SettingError: A value is of the wrong type or outside its range.

    Example:
        >>> MLPConfig(hidden=(64, 64), lr=3e-3).hidden
        (64, 64)
    """

    hidden: tuple[int, ...] = (100,)
    activation: str = "relu"
    init: str = "he"
    init_scale: float = 1.0
    normalization: str = "none"
    optimizer: str = "adam"
    lr: float = 1e-3
    momentum: float | None = None
    beta1: float | None = None
    beta2: float | None = None
    eps: float | None = None
    schedule: str = "constant"
    schedule_decay: float | None = None
    schedule_every: int = 10
    schedule_rates: tuple[tuple[int, float], ...] = ()
    warmup_epochs: int = 0
    weight_decay: float = 0.0
    l1: float = 0.0
    linf: float = 0.0
    dropout: float = 0.0
    input_dropout: float = 0.0
    dropout_kind: str = "standard"
    embedding: int = 0
    label_smoothing: float = 0.0
    batch_size: int = 64
    epochs: int = 10

    def __post_init__(self) -> None:
        if not isinstance(self.hidden, tuple):
            raise SettingError("hidden", f"expected a tuple of whole numbers, found {self.hidden!r}")
        put = object.__setattr__
        put(self, "hidden", tuple(whole_number("hidden", size) for size in self.hidden))
        for key, names in _NAMES.items():
            _known(key, getattr(self, key), names)
        for key, range_ in _REALS.items():
            if getattr(self, key) is not None or key not in _OPTIONAL:
                put(self, key, _real(key, getattr(self, key), range_))
        for key, least in _WHOLES.items():
            put(self, key, whole_number(key, getattr(self, key), least=least))
        put(self, "schedule_rates", _rates(self.schedule_rates))
        self._check_schedule()

    def _check_schedule(self) -> None:
        if self.schedule == "manual" and not self.schedule_rates:
            raise SettingError("schedule", 'expected schedule_rates with "manual", found none')
        if self.schedule == "warmup" and not self.warmup_epochs:
            raise SettingError("schedule", 'expected warmup_epochs of 1 or more with "warmup", found 0')

    @property
    def structure(self) -> Structure:
        """The settings that agree inside one stack; the others may differ from lane to lane."""
        return (
            self.hidden,
            self.activation,
            self.optimizer,
            self.batch_size,
            self.normalization,
            self.dropout_kind,
            self.embedding,
        )

    def lr_at(self, epoch: int) -> float:
        """Return the learning rate of all steps of an epoch; 0 is the first.

        Example:
            >>> MLPConfig(lr=0.5, schedule="time", schedule_decay=1.0).lr_at(4)
            0.1
        """
        return SCHEDULES[self.schedule](epoch, self) * warmup(epoch, self.warmup_epochs)

    def build_optimizer(self) -> Optimizer:
        """Return the optimizer with the constants given here, and its own defaults for the others."""
        kind = OPTIMIZERS[self.optimizer]
        given = {field.name: getattr(self, field.name) for field in fields(kind)}  # type: ignore[arg-type]  # all are dataclasses
        return kind(**{name: value for name, value in given.items() if value is not None})


CONSTANTS = frozenset(field.name for kind in OPTIMIZERS.values() for field in fields(kind))  # type: ignore[arg-type]
"""The constants of all optimizers, each a setting; an optimizer reads those that are fields of its own."""


class _Range(NamedTuple):
    """Numbers with ``0 <= number``, ``above < number < below``."""

    words: str
    above: float = -math.inf
    below: float = math.inf


_POSITIVE = _Range("above 0", above=0.0)
_NOT_NEGATIVE = _Range("0 or more")
_SHARE = _Range("in [0, 1)", below=1.0)

_NAMES: Mapping[str, Iterable[str]] = {
    "activation": ACTIVATIONS,
    "init": INITIALIZERS,
    "normalization": NORMALIZATIONS,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "dropout_kind": DROPOUT_KINDS,
}
_REALS: Mapping[str, _Range] = {
    "init_scale": _NOT_NEGATIVE,
    "lr": _POSITIVE,
    "momentum": _SHARE,
    "beta1": _SHARE,
    "beta2": _SHARE,
    "eps": _POSITIVE,
    "schedule_decay": _NOT_NEGATIVE,
    "weight_decay": _NOT_NEGATIVE,
    "l1": _NOT_NEGATIVE,
    "linf": _NOT_NEGATIVE,
    "dropout": _SHARE,
    "input_dropout": _SHARE,
    "label_smoothing": _SHARE,
}
_OPTIONAL = frozenset(("momentum", "beta1", "beta2", "eps", "schedule_decay"))
_WHOLES: Mapping[str, int] = {
    "schedule_every": 1,
    "warmup_epochs": 0,
    "embedding": 0,
    "batch_size": 1,
    "epochs": 1,
}


def names_of(key: str) -> list[str]:
    """Return the names that a setting may have; none for a setting that is a number."""
    return list(_NAMES.get(key, ()))


def _rates(rates: object) -> tuple[tuple[int, float], ...]:
    key = "schedule_rates"
    expected = "expected (epoch, rate) pairs with rising epochs"
    if not isinstance(rates, tuple) or not all(isinstance(pair, tuple) and len(pair) == 2 for pair in rates):
        raise SettingError(key, f"{expected}, found {rates!r}")
    pairs = tuple((whole_number(key, e, least=0), _real(key, rate, _NOT_NEGATIVE)) for e, rate in rates)
    epochs = [epoch for epoch, _ in pairs]
    if epochs != sorted(set(epochs)):
        raise SettingError(key, f"{expected}, found epochs {epochs}")
    return pairs


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
    try:
        # An array has an index, too, and refuses it unless it is one whole number.
        count = operator.index(number)  # type: ignore[arg-type]  # that is the question
    except TypeError:
        raise SettingError(key, f"{expected}, found {number!r}") from None
    if isinstance(number, bool):
        raise SettingError(key, f"{expected}, found {number!r}")
    if count < least:
        raise SettingError(key, f"{expected}, found {count}")
    return count


def _real(key: str, number: object, range_: _Range) -> float:
    """Return a number in a range as a ``float``; NaN is outside."""
    expected = f"expected a number {range_.words}"
    if isinstance(number, bool) or not isinstance(number, Real):
        raise SettingError(key, f"{expected}, found {number!r}")
    value = float(number)
    if not (value >= 0 and range_.above < value < range_.below):
        raise SettingError(key, f"{expected}, found {value!r}")
    return value

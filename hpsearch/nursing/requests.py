"""Interventions as a person asks for them: typed, in a script, or from Python."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hpsearch.errors import ExitCode, HpsearchError, did_you_mean
from hpsearch.nn import MLPConfig, SettingError
from hpsearch.nn.training.steered import CHANGEABLE, changed, expect_changeable
from hpsearch.number import expect_number
from hpsearch.store import InterventionKind
from hpsearch.store.schema.tables import can_hold
from hpsearch.types import Json

WORDS = ("rewind", "branch", "pause", "stop")
"""What may be asked for beside new values of settings."""
_MOST = 1e308
_FACTOR = re.compile(r"x(.+)")


class InterventionError(HpsearchError):
    """What was asked of a nursing is not possible: the message says what is."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class InterventionRequest:
    """An intervention as it was asked for.

    Attributes:
        kind: What is to be done.
        settings: Of a ``set`` name -> new value, or ``"x0.5"`` for a factor; of a ``rewind`` ``to``, the
            epoch.
        reason: Why.
    """

    kind: InterventionKind
    settings: Mapping[str, Json] = field(default_factory=dict)
    reason: str = ""

    def resolved(self, config: MLPConfig) -> dict[str, Json]:
        """Return the new values, factors applied to what holds now.

        Args:
            config: The settings that hold now.

        Raises:
            SettingError: A setting cannot change, or not to that.
        """
        if self.kind is not InterventionKind.SET:
            return dict(self.settings)
        if not self.settings:
            raise InterventionError(f"expected at least one setting ({', '.join(CHANGEABLE)}), found none")
        values = {name: _value(name, value, config) for name, value in self.settings.items()}
        now = changed(config, values)
        return {name: getattr(now, name) for name in values}

    def to_json(self) -> dict[str, Json]:
        """Return it as JSON."""
        return {"kind": str(self.kind), "settings": dict(self.settings), "reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptLine:
    """A line of a script: an intervention that is made when its epoch has come.

    Attributes:
        at: The epoch after which it is made; 0 before the first.
        request: The intervention.
    """

    at: int
    request: InterventionRequest

    def to_json(self) -> dict[str, Json]:
        """Return it as JSON, as the ledger stores it."""
        return {"at": self.at} | self.request.to_json()

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> "ScriptLine":
        """Return the line that ``to_json`` made JSON of."""
        kind = InterventionKind(line["kind"])
        request = InterventionRequest(kind=kind, settings=dict(line["settings"]), reason=line["reason"])
        return cls(at=line["at"], request=request)


def read_request(text: str, *, reason: str = "") -> InterventionRequest:
    """Return the intervention that a line of text asks for.

    Args:
        text: Such as ``lr 3e-4``, ``lr=x0.5 dropout=0.1``, ``rewind 5``, ``branch``, ``pause`` or ``stop``;
            the reason may stand behind ``#``.
        reason: The reason where the line gives none.

    Raises:
        InterventionError: It is none of these.
        SettingError: The setting cannot change between two epochs.

    Example:
        >>> read_request("lr x0.5  # it shakes").reason
        'it shakes'
    """
    line, _, why = text.partition("#")
    words = line.replace("=", " ").split()
    reason = expect_reason(why.strip() or reason)
    if not words:
        raise InterventionError(f"{_EXPECTED}, found {text.strip()!r}")
    first, others = words[0], words[1:]
    if first == "rewind":
        settings: dict[str, Json] = {"to": _epoch(others, text)}
        return InterventionRequest(kind=InterventionKind.REWIND, settings=settings, reason=reason)
    if first in WORDS:
        if others:
            raise InterventionError(f"expected {first} alone, found {line.strip()!r}; a reason follows #")
        return InterventionRequest(kind=InterventionKind(first), reason=reason)
    if first not in CHANGEABLE and first not in MLPConfig.__dataclass_fields__:
        near = did_you_mean(first, [*CHANGEABLE, *WORDS])
        raise InterventionError(f"{_EXPECTED}, found {line.strip()!r}{near}")
    if len(words) % 2:
        raise InterventionError(
            f"expected a value after each setting, such as lr 3e-4, found {line.strip()!r}"
        )
    settings = {name: _typed(name, value) for name, value in zip(words[::2], words[1::2], strict=True)}
    return InterventionRequest(kind=InterventionKind.SET, settings=settings, reason=reason)


_EXPECTED = "expected SETTING VALUE (such as lr 3e-4 or lr x0.5), rewind EPOCH, branch, pause or stop"


def expect_reason(reason: str) -> str:
    """Return a reason; refuse one that no database can hold.

    Raises:
        InterventionError: It is no text.
    """
    if not can_hold(reason):
        raise InterventionError(f"expected a reason that is a text in UTF-8, found {reason!r}")
    return reason


def expect_script(script: Sequence[ScriptLine], *, begin: int, epochs: int) -> None:
    """Refuse a script of which a line would never be reached.

    Args:
        script: Its lines in order.
        begin: The epoch after which the training stands.
        epochs: The epoch at which it ends.

    Raises:
        InterventionError: Names the line.
    """
    standing = begin
    for line in script:
        if not standing <= line.at <= epochs:
            raise InterventionError(
                f"--at {line.at}: expected an epoch from {standing} to {epochs}, where the training stands "
                f"then or comes to; to go back, rewind first: --at {standing} rewind={line.at}"
                if line.at < standing
                else f"--at {line.at}: expected an epoch from {standing} to {epochs}, the last one; "
                "--epochs gives it more"
            )
        standing = line.at
        if line.request.kind is InterventionKind.REWIND:
            standing = expect_rewind(line.request.settings["to"], standing)


def expect_rewind(to: Json, standing: int) -> int:
    """Return the epoch to go back to; refuse one that has not been trained yet.

    Raises:
        InterventionError: It is not an epoch from 0 to where the training stands.
    """
    if type(to) is not int or not 0 <= to <= standing:
        raise InterventionError(f"rewind: expected an epoch from 0 to {standing}, which is now, found {to!r}")
    return to


def _epoch(words: Sequence[str], text: str) -> int:
    try:
        (word,) = words
        return int(expect_number(word, whole=True, least=0))
    except ValueError:
        raise InterventionError(f"expected rewind EPOCH, such as rewind 5, found {text.strip()!r}") from None


def _typed(name: str, text: str) -> Json:
    """Return a value as it was typed: a number, a factor such as ``x0.5``, or a name."""
    expect_changeable(name)
    if name == "schedule":
        return text
    factor = _FACTOR.fullmatch(text)
    try:
        number = float(expect_number(factor[1] if factor else text, whole=False, least=0, most=_MOST))
    except ValueError:
        expected = "expected a number from 0 such as 3e-4, or a factor such as x0.5"
        raise SettingError(name, f"{expected}, found {text!r}") from None
    return text if factor else number


def _value(name: str, value: Json, config: MLPConfig) -> Json:
    expect_changeable(name)
    if name == "schedule" or not (isinstance(value, str) and value.startswith("x")):
        return value
    factor = _FACTOR.fullmatch(str(_typed(name, value)))
    assert factor is not None
    now = getattr(config, name)
    if now is None:  # the optimizer's own default
        now = getattr(config.build_optimizer(), name, 0.0)
    return float(now) * float(factor[1])

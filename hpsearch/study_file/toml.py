"""TOML: texts in quotes and in comments, values, a whole study; settings that are typed as ``KEY=VALUE``."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hpsearch.errors import TYPED, Fault, StudyFileError
from hpsearch.space.checks import cut, show

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_TOP = ("name", "seed", "trials", "parallelism", "attempts")
_TABLES: Mapping[str, Sequence[str]] = {
    "data": ("source", "target", "task"),
    "objective": ("metric",),
    "model": ("hidden", "activation", "optimizer", "batch_size", "epochs"),
    "space": (),
    "search": ("start", "rounds", "model", "widen", "rungs", "keep"),
    "stop": (),
    "confirm": ("top", "seeds", "epochs", "ensemble", "refit"),
}
"""Table -> the keys that come first in it."""
_RANGE = ("low", "high", "log", "choices", "widen", "default", "when")
_ESCAPES = ("\\u{:04x}", "\\U{:08x}")
_OPENS = ("[", "{", '"', "'")


def toml_text(text: str) -> str:
    r"""Return a text as TOML writes it, in quotes; what cannot be seen is escaped.

    Example:
        >>> print(toml_text('the "kind"\n'))
        "the \"kind\"\n"
    """
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else _ESCAPES[ord(c) > 0xFFFF].format(ord(c)) for c in quoted)


def comment_text(text: str) -> str:
    """Return a text in quotes for a comment: on one line, without what moves a cursor, cut when long."""
    return toml_text(cut(text))


def study_text(study: Mapping[str, Any], *, lead: str = "") -> str:
    """Return a study file that asks for a study; every setting is written out.

    A study that was begun under an earlier version, or with the settings of a portfolio, has more in its
    contract than a file can hold: these two keys are left out.

    Args:
        study: The study, as ``spec_to_dict`` wrote it.
        lead: Lines of a comment at the top.
    """
    lines = [f"# {line}" for line in lead.splitlines()]
    lines += ([""] if lead else []) + [f"{key} = {toml_value(study[key])}" for key in _TOP if key in study]
    for name, first in _TABLES.items():
        table: Any = study.get(name) or {}
        pairs = list(_parameters(table) if name == "space" else _ordered(table, first))
        if pairs:
            lines += ["", f"[{name}]", *(f"{_key(key)} = {toml_value(value)}" for key, value in pairs)]
    return "\n".join(lines) + "\n"


def _parameters(space: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the parameters with their tables; what a range has by default is left out."""
    for entry in space:
        table = {key: value for key, value in _ordered(entry, _RANGE) if key != "name"}
        if table.get("log") is False:
            table = {key: value for key, value in table.items() if key not in {"log", "widen"}}
        yield entry["name"], table


def _ordered(table: Mapping[str, Any], first: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Yield the keys of a table that have a value, some of them first."""
    for key in sorted(table, key=lambda key: first.index(key) if key in first else len(first)):
        if table[key] is not None:
            yield key, table[key]


def toml_value(value: Any) -> str:
    """Return a value of JSON as TOML writes it, a table on one line.

    Example:
        >>> print(toml_value({"low": 1e-05, "log": True, "when": {"optimizer": ["sgd"]}}))
        { low = 1e-05, log = true, when = { optimizer = ["sgd"] } }
    """
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {toml_value(item)}" for key, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, str):
        return toml_text(value)
    return repr(value).lower() if isinstance(value, bool) else repr(value)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else toml_text(name)


def read_setting(text: str) -> tuple[str, Any]:
    """Return key path and value of a setting that was typed as ``KEY=VALUE``.

    The value is TOML; a word that is none is a text.

    Raises:
        StudyFileError: There is no ``=``, no key before it, or a list, table or quote does not end.

    Example:
        >>> read_setting("model.epochs=20"), read_setting("name=digits-20")
        (('model.epochs', 20), ('name', 'digits-20'))
    """
    key, equals, value = (part.strip() for part in text.partition("="))
    if not equals or not key:
        raise typed_error("", f"expected KEY=VALUE, such as model.epochs=20, found {show(text)}")
    key_parts(key)
    try:
        found = tomllib.loads(f"value = {value}")
    except (ValueError, RecursionError) as error:
        if value.startswith(_OPENS):
            raise typed_error(key, f"expected a value as in TOML, found {show(value)}: {error}") from None
        return key, value
    return key, found["value"] if len(found) == 1 else value


def key_parts(path: str) -> list[str]:
    """Return the keys of a dotted path.

    Raises:
        StudyFileError: It is no path as TOML writes one.

    Example:
        >>> key_parts('space."learning rate".low')
        ['space', 'learning rate', 'low']
    """
    try:
        table: Any = tomllib.loads(f"{path} = 0")
    except (ValueError, RecursionError):
        table = None
    parts = []
    while isinstance(table, dict) and len(table) == 1:
        ((part, table),) = table.items()
        parts.append(str(part))
    if table != 0 or "\n" in path:
        raise typed_error("", f"expected a key such as model.epochs, found {show(path)}")
    return parts


def typed_error(key: str, message: str) -> StudyFileError:
    """Return the refusal of a setting that was typed, not written in a file."""
    return StudyFileError.of(Fault(file=TYPED, key=key, message=message))

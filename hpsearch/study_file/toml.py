"""Write texts as TOML, in quotes and in comments; read settings that are typed as ``KEY=VALUE``."""

import json
import tomllib
from typing import Any

from hpsearch.errors import TYPED, Fault, StudyFileError
from hpsearch.space.checks import cut, show

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

"""Values that are lists, such as the units of hidden layers: read, checked, and written as text."""

import json
import math
from typing import Any

from hpsearch.space.checks import expect
from hpsearch.space.parameter import Value

LONGEST_LIST = 2000
"""Characters of the text of a list, at most."""

_SCALARS = (bool, int, float, str)


def frozen_list(value: Any) -> Any:
    """Return a value with tuples in place of its lists; any other value as it is.

    Example:
        >>> frozen_list([[0, 0.1], [5, 0.01]]), frozen_list("relu")
        (((0, 0.1), (5, 0.01)), 'relu')
    """
    return tuple(frozen_list(item) for item in value) if isinstance(value, list | tuple) else value


def json_value(value: Any) -> Any:
    """Return a value as JSON holds it: with lists in place of tuples."""
    return [json_value(item) for item in value] if isinstance(value, tuple) else value


def is_json_value(value: Any) -> bool:
    """Return whether JSON holds what may be a parameter's value: a scalar, or a list of such values."""
    if isinstance(value, list):
        return all(map(is_json_value, value))
    return isinstance(value, str | bool) or (type(value) in {int, float} and math.isfinite(value))


def plain_value(value: Value) -> bool | int | float | str:
    """Return a value as Optuna, CSV and a command take it: a list as its text, any other as it is.

    Example:
        >>> plain_value((64, 64)), plain_value(0.1)
        ('[64, 64]', 0.1)
    """
    return list_text(value) if isinstance(value, tuple) else value


def choice_text(value: object) -> str:
    """Return a value as text; a list as JSON writes it.

    Example:
        >>> choice_text((128, 64)), choice_text("relu")
        ('[128, 64]', 'relu')
    """
    return list_text(value) if isinstance(value, tuple) else str(value)


def list_text(value: tuple[Any, ...]) -> str:
    """Return the text of a list, which ``read_list`` reads back."""
    return json.dumps(value, ensure_ascii=False)


def read_list(text: str) -> tuple[Any, ...] | None:
    """Return the list that a text stands for, or ``None`` where it is no list.

    Example:
        >>> read_list("[64,64]"), read_list("64")
        ((64, 64), None)
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return frozen_list(found) if isinstance(found, list) else None


def depth_of(value: tuple[Any, ...]) -> int:
    """Return 0 for an empty list, 1 for a list of plain values, 2 for a list of lists."""
    return 0 if not value else 1 + any(isinstance(item, tuple) for item in value)


def expect_list(key: str, value: tuple[Any, ...]) -> None:
    """Refuse a list that is neither one of plain values nor one of rows of plain values.

    Raises:
        FieldError: The list is nested deeper, mixed, has an empty row, or is too long.
    """
    rows = value if depth_of(value) == 2 else (value,)
    plain = all(isinstance(row, tuple) and all(type(x) in _SCALARS for x in row) for row in rows)
    expect(plain and (not value or all(rows)), key, "a list of values, or a list of lists of values", value)
    expect(len(list_text(value)) <= LONGEST_LIST, key, f"a list of at most {LONGEST_LIST} characters", value)

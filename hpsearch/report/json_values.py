"""Records as JSON can hold them."""

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

import numpy as np


def plain_json(value: Any) -> Any:
    """Return a record as JSON can hold it: a number that is not finite is null, a time is UTC."""
    if is_dataclass(value):
        return {field.name: plain_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain_json(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | list | tuple):
        return [plain_json(item) for item in (value.tolist() if isinstance(value, np.ndarray) else value)]
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return None if isinstance(value, float) and not math.isfinite(value) else value

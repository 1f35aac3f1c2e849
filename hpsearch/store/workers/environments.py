"""Environments of workers: the facts that can change the bits of a result, and their differences."""

from collections.abc import Mapping, Sequence
from typing import Any

BITS = ("code", "python", "numpy", "scipy", "blas", "blas_core", "simd", "machine", "libc")
"""Facts that can change the last bits of a result: whatever computes, and what it chooses its way by.

The others cannot, or say less. ``hpsearch`` is its version's name, and ``code`` what it is; ``optuna`` and
``sqlalchemy`` carry numbers and compute none; ``platform``, with the system's kernel, and ``cores`` say where
it ran; ``blas_threads`` is 1 for every worker that hpsearch starts.
"""


def differences(here: Mapping[str, Any], there: Mapping[str, Any]) -> list[str]:
    """Return how one environment differs from another in what changes bits.

    What one of them has not noted, having been made by an earlier version, is not known to differ.
    """
    noted = [name for name in BITS if name in here and name in there]
    return [f"{name} {here[name]} here, {there[name]} there" for name in noted if here[name] != there[name]]


def mixtures(environments: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Return fact -> its values, in the order of their coming, for what changes bits and is not the same."""
    found = {
        name: list(dict.fromkeys(facts[name] for facts in environments if name in facts)) for name in BITS
    }
    return {name: values for name, values in found.items() if len(values) > 1}

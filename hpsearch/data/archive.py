"""Read examples from archives of arrays: NPZ files."""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsearch.data.examples import Examples, Label, class_indices, quote
from hpsearch.data.fill import missing_notes
from hpsearch.data.labels import TEXT
from hpsearch.data.packing import DAMAGE, array_sizes
from hpsearch.data.quantity import find_quantity
from hpsearch.errors import DataError, did_you_mean, first_line
from hpsearch.memory import DEFAULT_LIMIT, PER_NUMBER, PER_OBJECT, MemoryLimit
from hpsearch.study_file import DataSpec

_NAMES = ("X", "y")


def read_archive(
    data: bytes,
    *,
    where: str,
    spec: DataSpec | None = None,
    limit: MemoryLimit = DEFAULT_LIMIT,
    plain: bool = False,
) -> Examples:
    """Return the rows of an NPZ file with the arrays ``X``, ``(n, d)`` numbers, and ``y``, ``(n,)`` labels.

    Labels are whole numbers, texts, truth values, real numbers or dates. NaN among the numbers is a missing
    one; rows whose label is NaN or no date are left out. Nothing is unpickled.

    Args:
        data: The bytes of the file.
        where: Path of the file, for errors.
        spec: The data's part of the study, which may say that ``y`` holds classes.
        limit: The limit of what may be held in memory.
        plain: Whether to read as version 1 did: any numbers are classes.

    Raises:
        DataError: The file is not such an archive, or is too large; the message names file, array and place.
    """
    X, y = read_arrays(data, where=where, limit=limit)
    assert y is not None
    if y.shape != X.shape[:1] or y.dtype.kind not in "biufUM":
        raise DataError(f"{where}: y: expected labels ({len(X)},), found {y.dtype} {y.shape}")
    numbers = X.astype(np.float64)
    _expect("X", ~np.isinf(numbers), numbers, where, "a finite number")
    gone = y != y if y.dtype.kind in "fM" else np.zeros(len(y), bool)  # noqa: PLR0124 - NaN and NaT
    notes = [f"{gone.sum():,} of {len(y):,} rows are left out, because they have no y"] if gone.any() else []
    if gone.all():
        raise DataError(f"{where}: y: expected labels, found every one missing")
    numbers, y = numbers[~gone], y[~gone]
    names = _names(y, where)
    asked = spec or DataSpec(source=where)
    quantity = None if plain else find_quantity(names, name="y", kind=y.dtype.str, spec=asked)
    for fault in quantity.faults if quantity else ():
        raise DataError(f"{where}: {fault}")
    indices, classes = (quantity.values, ()) if quantity else class_indices(names, where=where)
    notes += quantity.notes if quantity else ()
    features = tuple(f"x{j}" for j in range(X.shape[1]))
    kind = TEXT if y.dtype.kind == "U" else y.dtype.newbyteorder("=").str
    notes += missing_notes(numbers, features, {})
    return Examples(
        where=where,
        X=numbers,
        y=indices,
        classes=classes,
        features=features,
        label_type="" if quantity else kind,
        notes=tuple(notes),
    )


def _names(y: NDArray[Any], where: str) -> list[Label]:
    """Return the name of each row's class."""
    if y.dtype.kind == "M":
        return list(np.datetime_as_string(y).tolist())
    if y.dtype.kind == "f":
        wide, y = y, y.astype(np.float64)
        _expect_finite("y", y, where)
        _expect("y", y == wide, wide, where, "a number that float64 can hold")
    return list(y.tolist())


def read_arrays(
    data: bytes, *, where: str, limit: MemoryLimit, labeled: bool = True
) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """Return the arrays ``X``, numbers ``(n, d)``, and ``y`` of an NPZ file; nothing is unpickled.

    Args:
        data: The bytes of the file.
        where: Path of the file, for errors.
        limit: The limit of what may be held in memory.
        labeled: Whether ``y`` must be there; else it may be ``None``.

    Raises:
        DataError: The file is not such an archive, or is too large.
    """
    wanted = _NAMES if labeled else _NAMES[:1]
    try:
        single = data.startswith(np.lib.format.MAGIC_PREFIX)
        sizes = {} if single else array_sizes(data)
        _expect_names(None if single else list(sizes), where, wanted)
        for name, weight in (("X", PER_NUMBER), ("y", PER_OBJECT)):
            if name in sizes:
                size = sizes[name]
                limit.expect(size.n_bytes + weight * size.n, where=where, found=f"{name}: {size}")
        archive = np.load(io.BytesIO(data), allow_pickle=False)
        X, y = archive["X"], archive["y"] if "y" in sizes else None
    except DAMAGE as error:
        raise DataError(f"{where}: expected a readable NPZ archive, found: {first_line(error)}") from None
    if X.ndim != 2 or 0 in X.shape or X.dtype.kind not in "biuf":
        raise DataError(f"{where}: X: expected numbers (n, d), found {X.dtype} {X.shape}")
    return X, y


def _expect_names(names: list[str] | None, where: str, wanted: Sequence[str]) -> None:
    if names is None:
        raise DataError(f"{where}: expected an NPZ archive with arrays X and y, found a single array")
    for name in wanted:
        if name not in names:
            hint = did_you_mean(name, names)
            raise DataError(
                f"{where}: expected an array {quote(name)}, found {quote(*names) or 'none'}{hint}"
            )


def _expect_finite(name: str, values: NDArray[np.float64], where: str) -> None:
    _expect(name, np.isfinite(values), values, where, "a finite number")


def _expect(name: str, ok: NDArray[Any], values: NDArray[Any], where: str, expected: str) -> None:
    bad = np.argwhere(~ok)
    if len(bad):
        place = ", ".join(map(str, bad[0]))
        found = values[tuple(bad[0])]
        raise DataError(f"{where}: {name}[{place}]: expected {expected}, found {found}")

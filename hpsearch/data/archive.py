"""Read examples from archives of arrays: NPZ files."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsearch.data.examples import Examples, Label, class_indices, quote
from hpsearch.data.fill import missing_notes
from hpsearch.data.labels import TEXT
from hpsearch.data.packing import DAMAGE, array_sizes
from hpsearch.data.quantity import find_quantity
from hpsearch.data.tables.columns import Numbers
from hpsearch.data.tables.weights import RowWeights, find_weights
from hpsearch.errors import DataError, did_you_mean, first_line
from hpsearch.memory import DEFAULT_LIMIT, PER_NUMBER, PER_OBJECT, MemoryLimit
from hpsearch.study_file import DataSpec
from hpsearch.types import BoolArray

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
    one; rows whose label is NaN or no date are left out. A study may name an array of weights, ``(n,)``
    numbers; rows of weight 0 are left out. Nothing is unpickled.

    Args:
        data: The bytes of the file.
        where: Path of the file, for errors.
        spec: The data's part of the study, which may say that ``y`` holds classes, and name the weights.
        limit: The limit of what may be held in memory.
        plain: Whether to read as version 1 did: any numbers are classes.

    Raises:
        DataError: The file is not such an archive, or is too large; the message names file, array and place.
    """
    asked = spec or DataSpec(source=where)
    arrays = read_arrays(data, where=where, limit=limit, wanted=_wanted(asked, where))
    X, y = arrays["X"], arrays["y"]
    if y.shape != X.shape[:1] or y.dtype.kind not in "biufUM":
        raise DataError(f"{where}: y: expected labels ({len(X)},), found {y.dtype} {y.shape}")
    numbers = X.astype(np.float64)
    _expect("X", ~np.isinf(numbers), numbers, where, "a finite number")
    gone = y != y if y.dtype.kind in "fM" else np.zeros(len(y), bool)  # noqa: PLR0124 - NaN and NaT
    notes = [f"{gone.sum():,} of {len(y):,} rows are left out, because they have no y"] if gone.any() else []
    if gone.all():
        raise DataError(f"{where}: y: expected labels, found every one missing")
    weights = _weights(arrays, asked.weights, kept=~gone, where=where)
    kept = ~gone if weights is None else ~gone & (weights.values > 0)
    numbers, y = numbers[kept], y[kept]
    names = _names(y, where)
    quantity = None if plain else find_quantity(names, name="y", kind=y.dtype.str, spec=asked)
    for fault in quantity.faults if quantity else ():
        raise DataError(f"{where}: {fault}")
    indices, classes = (quantity.values, ()) if quantity else class_indices(names, where=where)
    notes += quantity.notes if quantity else ()
    notes += weights.notes if weights else ()
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
        weights=weights.values[kept] if weights else None,
        notes=tuple(notes),
        doubts=weights.doubts if weights else (),
    )


def _wanted(spec: DataSpec, where: str) -> Sequence[str]:
    """Return the names of the arrays that a study needs."""
    if spec.weights is None:
        return _NAMES
    if spec.weights in _NAMES:
        found = quote(spec.weights)
        raise DataError(f"{where}: weights: expected another array than X and y, found {found}")
    return (*_NAMES, spec.weights)


def _weights(
    arrays: Mapping[str, NDArray[Any]], name: str | None, *, kept: BoolArray, where: str
) -> RowWeights | None:
    """Return the weights of the rows, or ``None`` where the study names none."""
    if name is None:
        return None
    values = arrays[name]
    if values.shape != kept.shape or values.dtype.kind not in "biuf":
        found = f"{values.dtype} {values.shape}"
        raise DataError(f"{where}: {quote(name)}: expected numbers ({len(kept)},), one a row, found {found}")
    column = Numbers(name=name, values=values.astype(np.float64))
    weights = find_weights(column, kept=kept, what="array")
    for fault in weights.faults:
        raise DataError(f"{where}: {fault}")
    return weights


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
    data: bytes, *, where: str, limit: MemoryLimit, wanted: Sequence[str] = _NAMES
) -> dict[str, NDArray[Any]]:
    """Return arrays of an NPZ file by name, ``X``, numbers ``(n, d)``, among them; nothing is unpickled.

    Args:
        data: The bytes of the file.
        where: Path of the file, for errors.
        limit: The limit of what may be held in memory.
        wanted: The arrays that must be there; ``y`` is read as well where there is one.

    Raises:
        DataError: The file is not such an archive, or is too large.
    """
    try:
        single = data.startswith(np.lib.format.MAGIC_PREFIX)
        sizes = {} if single else array_sizes(data)
        _expect_names(None if single else list(sizes), where, wanted)
        read = [name for name in dict.fromkeys([*wanted, "y"]) if name in sizes]
        for name in read:
            size, each = sizes[name], PER_OBJECT if name == "y" else PER_NUMBER
            limit.expect(size.n_bytes + each * size.n, where=where, found=f"{name}: {size}")
        archive = np.load(io.BytesIO(data), allow_pickle=False)
        arrays = {name: archive[name] for name in read}
    except DAMAGE as error:
        raise DataError(f"{where}: expected a readable NPZ archive, found: {first_line(error)}") from None
    X = arrays["X"]
    if X.ndim != 2 or 0 in X.shape or X.dtype.kind not in "biuf":
        raise DataError(f"{where}: X: expected numbers (n, d), found {X.dtype} {X.shape}")
    return arrays


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

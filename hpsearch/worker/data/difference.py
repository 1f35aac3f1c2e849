"""What has changed in the data of a study since it was created."""

from collections.abc import Iterator, Sequence

import numpy as np

from hpsearch.data import Dataset, cached_dataset
from hpsearch.errors import ContractError, NotFoundError
from hpsearch.store import Reader, Terms
from hpsearch.study_file import diff, frozen

_CLOSE = 1e-4
_LISTED = 5


def expect_same_data(reader: Reader, terms: Terms, dataset: Dataset) -> None:
    """Refuse to go on with a study where nothing but its data has changed, and say what.

    Raises:
        ContractError: It has.
    """
    try:
        found = reader.find_study(terms.name)
    except NotFoundError:
        return
    changes = diff(frozen(found.contract), frozen(terms.contract))
    if changes and all(change.startswith("data_hash:") for change in changes):
        source = terms.contract["study"]["data"]["source"]
        raise ContractError(
            f"study {terms.name!r}: its data {source!r} have changed since it was created "
            f"({what_changed(found.contract['data_hash'], dataset)})\n"
            "restore them, or give the study another name: trials on other data cannot be compared"
        )


def what_changed(wanted: str, dataset: Dataset) -> str:
    """Return what is not as it was in data: rows, columns, classes, values; else the two hashes.

    Args:
        wanted: The content hash of the data as they were, which this machine's cache may still have.
        dataset: The data as they are.
    """
    before = cached_dataset(wanted)
    found = [] if before is None else list(_changes(before, dataset))
    return "; ".join(found) or f"hash {wanted[:12]}, found {dataset.content_hash[:12]}"


def _changes(before: Dataset, now: Dataset) -> Iterator[str]:
    if _rows(before) != _rows(now):
        yield f"{_rows(now):,} rows, {_rows(before):,} before"
    gone = [name for name in before.features if name not in now.features]
    new = [name for name in now.features if name not in before.features]
    for names, what in ((gone, "gone"), (new, "new")):
        if names:
            yield f"{what}: {_listed(names)}"
    if before.classes != now.classes:
        yield f"classes {_listed(now.classes)}, {_listed(before.classes)} before"
    if _rows(before) == _rows(now) and before.features == now.features and before.classes == now.classes:
        yield from _values(before, now)


def _values(before: Dataset, now: Dataset) -> Iterator[str]:
    """Yield the columns whose values differ, where rows and columns are as they were."""
    if before.X_train.shape != now.X_train.shape or before.X_test.shape != now.X_test.shape:
        yield "other values of the target, so other rows are held out"
        return
    targets = ((before.y_train, now.y_train), (before.y_val, now.y_val), (before.y_test, now.y_test))
    if any(not np.array_equal(was, is_) for was, is_ in targets):
        yield "other values of the target"
    old_weights, new_weights = before.w_train, now.w_train
    if old_weights is not None and new_weights is not None and not np.array_equal(old_weights, new_weights):
        yield "other weights of rows"
    differs = np.zeros(len(now.features), np.bool_)
    for was, is_ in ((before.X_train, now.X_train), (before.X_val, now.X_val), (before.X_test, now.X_test)):
        if not before.rotation.size and not now.rotation.size and was.shape[1] == len(before.scale):
            old, new = was * before.scale + before.mean, is_ * now.scale + now.mean
            differs |= ~np.isclose(old, new, rtol=_CLOSE, atol=_CLOSE * now.scale).all(axis=0)
    if differs.any():
        names = [name for name, other in zip(now.features, differs, strict=True) if other]
        yield f"other values in {_listed(names)}"


def _rows(dataset: Dataset) -> int:
    return len(dataset.y_train) + len(dataset.y_val) + len(dataset.y_test)


def _listed(names: Sequence[object]) -> str:
    found = [repr(name) for name in names]
    return ", ".join(found[:_LISTED]) + (f" and {len(found) - _LISTED} more" if len(found) > _LISTED else "")

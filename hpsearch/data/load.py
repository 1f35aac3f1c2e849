"""Load a data set: from the cache, or read from its source, split, scaled and put into the cache."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from hpsearch.data.cache import cache_root, read_entry, write_entry
from hpsearch.data.columns import NO_ROLES, Roles
from hpsearch.data.dataset import Dataset, make_dataset
from hpsearch.data.packing import from_bytes
from hpsearch.data.sources import find_source
from hpsearch.data.split import Shares, split_rows
from hpsearch.errors import DataError, did_you_mean
from hpsearch.types import SCALINGS

_FORMAT = 2  # of the entries and of what leads to them: raise it when the same source would give other arrays


def load_dataset(  # noqa: PLR0913 one keyword for each key of [data], and the folders
    source: str,
    *,
    train: int | None,
    validation: float,
    test: float,
    seed: int,
    base: Path,
    roles: Roles = NO_ROLES,
    scaling: str = "auto",
    cache: Path | None = None,
    read: bool = True,
) -> Dataset:
    """Return the examples of a source, split and scaled.

    The first call reads the source and fills the cache; every later one, in any process, maps the same files
    in a few milliseconds and imports nothing. A source that has changed has another entry.

    Args:
        source: A name in ``SOURCES``, the path of a file, or ``openml:`` and a number.
        roles: The roles of a table's columns.
        train: At most this many training rows, or ``None`` for all that are left.
        validation: Share of the rows, in 0..1, or number of rows that choose among trials.
        test: Share of the rows, in 0..1, or number of rows that judge the winner.
        seed: Seed of the split.
        base: The folder that relative paths start from.
        scaling: A name in ``SCALINGS``.
        cache: The folder of the cache; ``cache_root()`` if ``None``.
        read: Whether to read the source where the cache has no entry of it.

    Raises:
        DataError: The source or the scaling is unknown, or the source cannot be read, or cannot be split so.
    """
    _check_scaling(scaling)
    shares = Shares(train=train, validation=validation, test=test)
    found = find_source(source, roles=roles, base=base)
    key = {
        "format": _FORMAT,
        "identity": found.identity,
        "seed": seed,
        "scaling": scaling,
        **asdict(shares),
        **asdict(roles),
    }
    digest = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()
    entry = (cache or cache_root()) / "data" / digest
    cached = read_entry(entry)
    if cached is not None:
        return cached
    if not read:
        raise DataError(f"{source}: expected it in the cache, found nothing of it there")
    examples = found.read()
    dataset = make_dataset(examples, split_rows(examples, shares, seed=seed), scaling=scaling)
    write_entry(entry, dataset)
    return read_entry(entry) or dataset


def load_carried(name: str, fetch: Callable[[], bytes | None], *, content_hash: str) -> Dataset | None:
    """Return a data set that travels as bytes: from the cache, or fetched and put there.

    Args:
        name: Its name, in the cache and where it comes from.
        fetch: Returns the bytes, or ``None``; called only when the cache has no entry.
        content_hash: The content hash of the data set.

    Raises:
        DataError: The fetched bytes are damaged or another data set; or the cache cannot be written.
    """
    entry = cache_root() / "carried" / name
    cached = read_entry(entry)
    if cached is not None and cached.content_hash == content_hash:
        return cached
    data = fetch()
    if data is None:
        return None
    dataset = from_bytes(data)
    if dataset is None:
        raise DataError(f"{name}: expected a data set, found a damaged one")
    if dataset.content_hash != content_hash:
        raise DataError(f"{name}: expected hash {content_hash[:12]}, found {dataset.content_hash[:12]}")
    write_entry(entry, dataset)
    return read_entry(entry) or dataset


def _check_scaling(scaling: str) -> None:
    if scaling not in SCALINGS:
        known = ", ".join(f'"{name}"' for name in SCALINGS)
        hint = did_you_mean(scaling, list(SCALINGS))
        raise DataError(f'scaling: expected one of {known}, found "{scaling}"{hint}')

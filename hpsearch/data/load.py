"""Load a data set: from the cache, or read from its source, split, scaled and put into the cache."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from hpsearch.data.cache import cache_root, read_entry, write_entry
from hpsearch.data.dataset import Dataset, make_dataset
from hpsearch.data.packing import from_bytes
from hpsearch.data.rules import PRESENT_RULES, DataRules
from hpsearch.data.scale import SQUARES
from hpsearch.data.sources import find_source
from hpsearch.data.split import expect_folds, split_rows
from hpsearch.errors import DataError
from hpsearch.memory import memory_limit
from hpsearch.study_file import DataSpec
from hpsearch.study_file.data import WHITENINGS

_FORMAT = 5  # of the entries and of what leads to them: raise it when the same source would give other arrays


def load_dataset(  # noqa: PLR0913 - each has a default
    data: DataSpec,
    *,
    seed: int,
    base: Path,
    cache: Path | None = None,
    read: bool = True,
    rules: DataRules = PRESENT_RULES,
) -> Dataset:
    """Return the examples of a study, split and scaled.

    The first call reads the source and fills the cache; every later one, in any process, maps the same files
    in a few milliseconds and imports nothing. A source that has changed has another entry.

    Args:
        data: The source, the columns, the split and the scaling.
        seed: Seed of the split.
        base: The folder that relative paths start from.
        cache: The folder of the cache; ``cache_root()`` if ``None``.
        read: Whether to read the source where the cache has no entry of it.
        rules: The rules of the study's version.

    Raises:
        DataError: The source is unknown, cannot be read, or cannot be split so.
    """
    limit = memory_limit(data.max_memory)
    found = find_source(data, base=base, limit=limit, rules=rules)
    entry = (cache or cache_root()) / "data" / _entry_name(data, found.identity, seed=seed, rules=rules)
    cached = read_entry(entry)
    if cached is not None:
        return cached
    if not read:
        raise DataError(f"{data.source}: expected it in the cache, found nothing of it there")
    examples = found.read()
    n_bins = data.bins * examples.X.size
    limit.expect(8 * n_bins, where=data.source, found=f"{n_bins:,} features of bins")
    if data.scaling in WHITENINGS:
        n_features = len(examples.features)
        squares = 8 * SQUARES * n_features**2
        size = f"{data.scaling} whitening of {n_features:,} features"
        limit.expect(squares, where=data.source, found=size)
    validation = data.validation if data.folds == 1 else None
    split = split_rows(examples, train=data.train, validation=validation, test=data.test, seed=seed)
    if data.folds > 1:
        expect_folds(examples, split, data.folds)
    dataset = make_dataset(examples, split, scaling=data.scaling, shrinkage=rules.shrinkage, bins=data.bins)
    write_entry(entry, dataset)
    return read_entry(entry) or dataset


def _entry_name(data: DataSpec, identity: str, *, seed: int, rules: DataRules) -> str:
    """Return the name of a data set's entry in the cache: a hash of all that it depends on."""
    key = {**asdict(data), "format": _FORMAT, "identity": identity, "seed": seed}
    del key["source"]  # its identity stands for it: the same file may have several names
    del key["max_memory"]
    # Repeats change no array. Without folds or weights the key is that of a version that knew none.
    del key["repeats"]
    if data.folds == 1:
        del key["folds"]
    if data.weights is None:
        del key["weights"]
    if data.scaling in WHITENINGS:
        key["shrinkage"] = rules.shrinkage
    if rules.plain:
        key["plain"] = True
    return hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()


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
    dataset = from_bytes(data, limit=memory_limit(), where=name)
    if dataset is None:
        raise DataError(f"{name}: expected a data set, found a damaged one")
    if dataset.content_hash != content_hash:
        raise DataError(f"{name}: expected hash {content_hash[:12]}, found {dataset.content_hash[:12]}")
    write_entry(entry, dataset)
    return read_entry(entry) or dataset

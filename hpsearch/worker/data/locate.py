"""Where a worker finds a study's data: on its own disk, in the study's artifact store, on the network."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from hpsearch.artifacts import open_artifacts
from hpsearch.data import OPENML, Dataset, from_bytes, is_file, load_carried, load_dataset, to_bytes
from hpsearch.errors import ContractError, DataError, HpsearchError
from hpsearch.objective import OBJECTIVES, data_rules
from hpsearch.store import Study
from hpsearch.study_file import Purpose, StudySpec, child_seed, contract_hash
from hpsearch.worker.data.difference import what_changed

_CARRY = "or type hpsearch start FILE --artifacts ADDRESS on a machine that has them"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where the data may be.

    Attributes:
        where: What a person calls it.
        load: Returns what is there, or ``None``.
        expected: Whether it is worth a word when there is nothing to be had.
    """

    where: str
    load: Callable[[], Dataset | None]
    expected: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Miss:
    """A place that does not have the data.

    Attributes:
        place: The place.
        found: What there is instead.
        error: What says so where no other place is left to look.
    """

    place: _Place
    found: str
    error: HpsearchError


def with_data(spec: StudySpec) -> tuple[StudySpec, Dataset]:
    """Return a study with the task that its target has, where it names none, and its data.

    Raises:
        DataError: The data cannot be read.
    """
    dataset = load_data(spec, spec.base)
    if spec.data.task is None and dataset.task == "regression":
        spec = replace(spec, data=replace(spec.data, task=dataset.task))
        dataset = load_data(spec, spec.base)  # workers look for the study's own data in the cache
    return spec, dataset


def load_data(spec: StudySpec, base: Path, *, read: bool = True) -> Dataset:
    """Return a study's examples from their source, split from the study's seed.

    Args:
        spec: The study.
        base: The folder that relative data paths start from.
        read: Whether to read the source where this machine's cache has nothing of it.

    Raises:
        DataError: There are no such data.
        StudyFileError: The study embeds categories, and its data have none; or a network does not fit into
            memory.
    """
    seed = child_seed(spec.seed, Purpose.SPLIT)
    rules = data_rules(spec.version)
    dataset = load_dataset(spec.data, seed=seed, base=base, read=read, rules=rules)
    OBJECTIVES[spec.objective.kind].check_data(spec, dataset)
    return dataset


def find_data(
    study: Study,
    *,
    artifacts: str | None = None,
    base: str | None = None,
    say: Callable[[str], None] = lambda _line: None,
) -> Dataset:
    """Return the very data that a study was created with, from the first place that has them.

    What a place has is hashed: other data are passed over, and told where another place has the right ones.

    Args:
        study: A search in the ledger.
        artifacts: Where the study's files are, as seen from this machine; where the study says if ``None``.
        base: The folder to look in first, before that of the study: the same study may lie elsewhere here.
        say: Where news go, a line each.

    Raises:
        DataError: There are no data here, and there is no other place to look.
        ContractError: No place has the data.
    """
    misses: list[_Miss] = []
    for place in _places(study, artifacts or study.artifacts, base):
        found = _look(study, place)
        if isinstance(found, Dataset):
            for miss in misses:
                if miss.place.expected:
                    say(f"{miss.place.where}: {miss.found}; passed over, data taken from {place.where}")
            return found
        misses.append(found)
    raise _nowhere(study, misses)


def own_data(study: Study) -> Dataset:
    """Return the data of a study from their own source, and from nowhere else.

    Raises:
        DataError: There are no such data.
        ContractError: They are not those that the study was created with.
    """
    place = next(_own_places(study))
    found = _look(study, place)
    if isinstance(found, _Miss):
        raise found.error
    return found


def carry_data(address: str, contract: Mapping[str, Any], dataset: Dataset) -> None:
    """Put a study's data into an artifact store, unless they are there.

    Args:
        address: The store.
        contract: What the study is opened with.
        dataset: Its data.

    Raises:
        ArtifactError: The store cannot be used.
    """
    store, name = open_artifacts(address, create=True), _stored_as(contract)
    held = store.get(name)
    there = None if held is None else from_bytes(held)
    if there is None or there.content_hash != dataset.content_hash:
        store.put(name, to_bytes(dataset))


def _look(study: Study, place: _Place) -> Dataset | _Miss:
    try:
        dataset = place.load()
    except HpsearchError as error:
        told = str(error).removeprefix(f"{place.where}: ") if place.expected else "nothing"
        return _Miss(place=place, found=told, error=error)
    if dataset is None:
        return _Miss(
            place=place, found="nothing", error=DataError(f"{place.where}: expected data, found none")
        )
    wanted = study.contract["data_hash"]
    if dataset.content_hash == wanted:
        return dataset
    source = study.spec.data.source
    return _Miss(
        place=place,
        found=f"other data (hash {dataset.content_hash[:12]}, expected {wanted[:12]})",
        error=ContractError(
            f"study {study.name!r}: its data {source!r} have changed since it was created "
            f"({what_changed(wanted, dataset)}); "
            "restore them, or start a study of another name"
        ),
    )


def _places(study: Study, artifacts: str | None, first: str | None) -> Iterator[_Place]:
    """Yield where the data may be, the nearest place first."""
    spec, base = study.spec, Path(study.base)
    far = spec.data.source.startswith(OPENML)
    if not far:
        yield from _own_places(study, first)
    elif artifacts is not None:
        yield _Place(where="the cache", load=lambda: load_data(spec, base, read=False), expected=False)
    if artifacts is not None:
        yield _Place(where=artifacts, load=lambda: _carried(study, artifacts))
    if far:
        yield _Place(where=spec.data.source, load=lambda: load_data(spec, base))


def _own_places(study: Study, first: str | None = None) -> Iterator[_Place]:
    """Yield where the source of the data may be: below ``first``, the study's folder, this process's."""
    spec = study.spec
    source = spec.data.source
    if not is_file(source):
        yield _Place(where=source, load=lambda: load_data(spec, Path(study.base)))
        return
    bases = [Path(study.base), Path.cwd()] if first is None else [Path(first), Path(study.base), Path.cwd()]
    paths = {base / source: base for base in bases}
    for path, base in paths.items():
        is_there = path.exists()
        if is_there or base == bases[0]:
            yield _Place(where=str(path), load=partial(load_data, spec, base), expected=is_there)


def _carried(study: Study, address: str) -> Dataset | None:
    """Return the data as the artifact store has them; it is opened only where the cache has nothing."""
    name = _stored_as(study.contract)
    return load_carried(
        name, lambda: open_artifacts(address).get(name), content_hash=study.contract["data_hash"]
    )


def _stored_as(contract: Mapping[str, Any]) -> str:
    """Return what a study's data are called in a store: by their content and by what was asked of it."""
    asked = {"data": contract["study"]["data"], "data_hash": contract["data_hash"]}
    return f"data/{contract_hash(asked)}.npz"


def _nowhere(study: Study, misses: list[_Miss]) -> HpsearchError:
    """Return what says that no place has the data."""
    if len(misses) > 1:
        found = "; ".join(f"{miss.place.where}: {miss.found}" for miss in misses)
        wanted = study.contract["data_hash"][:12]
        return ContractError(
            f"study {study.name!r}: expected its data (hash {wanted}) in one of these places, found {found}\n"
            f"restore them in one of them, {_CARRY}"
        )
    (miss,) = misses
    if miss.place.expected:
        return miss.error
    return DataError(f"{miss.error}; bring the data here, {_CARRY}")

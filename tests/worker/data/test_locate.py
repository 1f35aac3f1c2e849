"""Where a worker finds its data: its own disk, the artifact store, the network; always the very same."""

import io
import json
import multiprocessing
import shutil
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from hpsearch.api import load_study_file, open_study
from hpsearch.data import from_bytes, to_bytes
from hpsearch.errors import ContractError, DataError
from hpsearch.store import Ledger, Study
from hpsearch.worker import carry_data, load_data, own_data, search_terms
from hpsearch.worker.data.locate import find_data
from tests.cli.program import Program, rows, study_text
from tests.worker.studies import small_spec

TABLE = "a,b,kind\n" + "".join(f"{n % 7}.5,{n % 5},{'xy'[n % 2]}\n" for n in range(60))
OTHER = TABLE.replace("0.5,0,x", "0.25,0,x")
SOURCE = {'"digits"\ntrain = 300': '"table.csv"\ntarget = "kind"'}
_numbers = count()


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Return the folder where the study was made; this process has an empty cache and works elsewhere."""
    (tmp_path / "home").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "home" / "table.csv").write_text(TABLE)
    monkeypatch.setenv("HPSEARCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path / "elsewhere")
    return tmp_path / "home"


@pytest.fixture
def opened(home):
    """Return a function that opens the study of the table, its data in a store; and forgets the cache."""

    def make(artifacts=None, **changes):
        spec = small_spec(home, **(SOURCE | changes))
        dataset = load_data(spec, home)
        terms = search_terms(spec, data_hash=dataset.content_hash, artifacts=artifacts)
        if artifacts is not None:
            carry_data(artifacts, terms.contract, dataset)
        shutil.rmtree(home.parent / "cache")
        return study_of(terms)

    return make


def study_of(terms):
    """Return a study as the ledger would."""
    contract = json.loads(json.dumps(terms.contract))
    names = ("name", "base", "budget", "parallelism", "attempts", "artifacts")
    given = {name: getattr(terms, name) for name in names}
    return Study(study_id=1, search_id=1, contract=contract, searched=contract, **given)


@pytest.fixture
def files(tmp_path):
    """Return the address of a store in a folder."""
    return str(tmp_path / "files")


def stored(address):
    """Return the one file of a store in a folder."""
    (path,) = (path for path in Path(address).rglob("*") if path.is_file())
    return path


def found(study, **options):
    """Return the hash of the data that a worker finds, and its news."""
    news = []
    return find_data(study, say=news.append, **options).content_hash, news


def test_its_own_disk_comes_first(opened, home):
    """Where the file is, below the study's folder or below the worker's own, no store is opened."""
    study = opened(artifacts=f"memory://{next(_numbers)}")
    assert found(study, artifacts="s3://nowhere/at/all") == (study.contract["data_hash"], [])
    shutil.move(home / "table.csv", "table.csv")
    assert found(study, artifacts="s3://nowhere/at/all") == (study.contract["data_hash"], [])
    with pytest.raises(DataError, match=r"home/table\.csv: expected a data file, found none there"):
        own_data(study)


@pytest.mark.parametrize("kind", ["folder", "memory"])
def test_the_store_comes_next_and_once(opened, home, files, kind):
    """A machine without the file takes it from the store, without a word, and keeps it."""
    address = files if kind == "folder" else f"memory://places-{next(_numbers)}"
    study = opened(artifacts=address)
    (home / "table.csv").unlink()
    first = find_data(study)
    assert first.content_hash == study.contract["data_hash"]
    assert (first.classes, first.features) == (("x", "y"), ("a", "b"))
    assert isinstance(first.X_train, np.ndarray)
    assert not first.X_train.flags.writeable
    shutil.rmtree(files, ignore_errors=True)
    again = found(study, artifacts=address if kind == "folder" else "memory://empty")
    assert again == (study.contract["data_hash"], [])


def test_a_worker_may_see_the_store_elsewhere(opened, home, files, tmp_path):
    """Where a share is mounted in another place, the worker says so; what the study says holds otherwise."""
    study = opened(artifacts=files)
    (home / "table.csv").unlink()
    shutil.move(files, tmp_path / "mounted")
    with pytest.raises(ContractError, match=r"table\.csv: nothing; .*every machine sees, found none at"):
        find_data(study)
    assert found(study, artifacts=str(tmp_path / "mounted"))[0] == study.contract["data_hash"]


def test_a_stale_file_is_passed_over(opened, home, files):
    """Another version of the file on this disk does not stop a worker that can get the right one."""
    study = opened(artifacts=files)
    (home / "table.csv").write_text(OTHER)
    Path("table.csv").write_text("a,kind\n")
    found_hash, news = found(study)
    assert found_hash == study.contract["data_hash"]
    assert [line.partition(": ")[0] for line in news] == [
        str(home / "table.csv"),
        str(Path.cwd() / "table.csv"),
    ]
    assert f"other data (hash {load_data(small_spec(home, **SOURCE), home).content_hash[:12]}" in news[0]
    assert all(line.endswith(f"; passed over, data taken from {files}") for line in news)
    with pytest.raises(ContractError, match=r"data 'table.csv' have changed since it was created"):
        own_data(study)


def test_no_place_has_the_data(opened, home, files):
    """Each place is named with what is there; what to type is said, also where there is no store at all."""
    study = opened(artifacts=files)
    (home / "table.csv").write_text(OTHER)
    stored(files).unlink()
    with pytest.raises(
        ContractError, match=r"table\.csv: other data \(hash .*; .*files: nothing\n.*--artifacts"
    ):
        find_data(study)
    (home / "table.csv").unlink()
    with pytest.raises(DataError, match=r"none there; bring the data here, or type hpsearch start"):
        find_data(bare(study))


def bare(study):
    """Return a study without a store."""
    return replace(study, artifacts=None)


def test_every_flipped_bit_is_found(opened, files):
    """Whatever bit of the stored data is another, the data are refused or the very same."""
    opened(artifacts=files)
    data = stored(files).read_bytes()
    whole = from_bytes(data)
    assert to_bytes(whole) == data
    refused = 0
    for place in range(0, len(data), 7):
        flipped = bytearray(data)
        flipped[place] ^= 1 << place % 8
        read = from_bytes(bytes(flipped))
        refused += read is None
        assert read is None or to_bytes(read) == data  # a date in the archive's own lists
    assert refused > len(data) / 7 / 2
    assert all(from_bytes(data[:n]) is None for n in range(0, len(data), 97))


@pytest.mark.parametrize("damage", ["flipped", "cut", "other"])
def test_what_the_store_has_is_hashed(opened, home, files, damage):
    """Damaged or other data in the store are refused, never kept in the cache; the launcher mends them."""
    study = opened(artifacts=files)
    path = stored(files)
    whole = path.read_bytes()
    X = whole.index(b"X_train.npy") + 300
    (home / "table.csv").write_text(OTHER)
    other = to_bytes(load_data(small_spec(home, **SOURCE), home))
    bad = {"flipped": whole[:X] + bytes([whole[X] ^ 1]) + whole[X + 1 :], "cut": whole[:-9], "other": other}
    path.write_bytes(bad[damage])
    (home / "table.csv").unlink()
    what = r"expected hash \w{12}, found \w{12}" if damage == "other" else "expected .* found a damaged one"
    with pytest.raises(ContractError, match=f"files: data/.*npz: {what}"):
        find_data(study)
    (home / "table.csv").write_text(TABLE)
    carry_data(files, study.contract, own_data(study))
    (home / "table.csv").unlink()
    assert path.read_bytes() == whole
    assert found(study) == (study.contract["data_hash"], [])


def test_nothing_is_unpickled(opened, home, files):
    """An archive with objects in it is refused; no code of its maker runs."""
    study = opened(artifacts=files)
    (home / "table.csv").unlink()
    file = io.BytesIO()
    np.savez(file, note=np.array([print], dtype=object))
    stored(files).write_bytes(file.getvalue())
    with pytest.raises(ContractError, match="found a damaged one"):
        find_data(study)


def fetch(study, ready, hashes):
    """Find the data together with the other processes; answer with their hash."""
    ready.wait()
    hashes.put(find_data(study).content_hash)


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_two_fetch_at_once(opened, home, files, tmp_path):
    """Workers of one machine that start together all get the data, and leave one sound copy."""
    study = opened(artifacts=files)
    (home / "table.csv").unlink()
    # Processes, as workers are: in threads, CPython below 3.11.8 may fail to parse the header of an array
    # (SystemError: AST constructor recursion depth mismatch).
    context = multiprocessing.get_context("fork")
    ready, hashes = context.Barrier(6), context.Queue()
    workers = [context.Process(target=fetch, args=(study, ready, hashes)) for _ in range(6)]
    for worker in workers:
        worker.start()
    assert [hashes.get(timeout=120) for _ in workers] == [study.contract["data_hash"]] * 6
    for worker in workers:
        worker.join()
    assert len(list((tmp_path / "cache" / "carried" / "data").iterdir())) == 1


def test_the_network_comes_last(home, files, monkeypatch):
    """A data set of OpenML is taken from the store; without one the network is asked, which is not there."""
    table = load_data(small_spec(home, **SOURCE), home)
    spec = small_spec(home, **{'"digits"\ntrain = 300': '"openml:61"'})
    terms = search_terms(spec, data_hash=table.content_hash, artifacts=files)
    carry_data(files, terms.contract, table)
    study = study_of(terms)
    asked = []
    monkeypatch.setattr(
        "hpsearch.data.sources.read_openml", lambda number, **_: asked.append(number) or 1 / 0
    )
    assert found(study) == (table.content_hash, [])
    assert asked == []
    with pytest.raises(ZeroDivisionError, match="division"):
        find_data(bare(study))
    assert asked == [61]


def test_a_worker_on_another_machine_needs_no_file(home, tmp_path):
    """In another folder, with another cache, it finds the study's store, and the study is the same."""
    text = study_text(name="table", trials=8).replace("[16, 8]", "[8]").replace("top = 2", "top = 0")
    here = Program(folder=home, cache=tmp_path / "cache")
    there = Program(folder=tmp_path / "elsewhere", cache=tmp_path / "there")
    for old, new in SOURCE.items():
        text = text.replace(old, new)
    path, files = here.write("table.toml", text), str(tmp_path / "files")
    run = here.run("start", path.name, "--workers", 1, "--artifacts", "../files", "--strict")
    assert run.code == 0, run.err
    database = home / "hpsearch.db"
    assert rows(database, "SELECT artifacts, strict FROM hpsearch_studies") == [(files, 1)]
    spec = load_study_file(path)
    terms = search_terms(spec, data_hash=load_data(spec, home).content_hash, artifacts=files)
    second = Ledger("sqlite:///second.db", create=True)
    second.open_study(terms)
    second.close()
    (home / "table.csv").write_text(OTHER)
    joined = there.run("worker", "--storage", "sqlite:///second.db")
    assert joined.code == 0, joined.err
    assert joined.err.startswith(f"{home}/table.csv: other data (hash ")
    calm, far = (open_study(storage=f"sqlite:///{file}") for file in (database, "second.db"))
    assert far.fingerprint == calm.fingerprint

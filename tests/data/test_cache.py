import json
import multiprocessing
import os
import stat
import tempfile
from pathlib import Path

import numpy as np
import pytest

from hpsearch.data import cache_root, load_dataset
from hpsearch.data.cache import read_entry, write_entry
from hpsearch.data.dataset import ARRAYS, SCALES
from hpsearch.errors import DataError
from hpsearch.study_file import DataSpec

FILES = sorted([*(f"{name}.npy" for name in (*ARRAYS, *SCALES)), "meta.json"])


@pytest.fixture
def entry(load, archive, cache):
    """Return the entry of a small archive, freshly made."""
    archive()
    load("a.npz")
    (folder,) = (cache / "data").iterdir()
    return folder


def same(one, other):
    """Return whether two data sets hold the same."""
    arrays = all(np.array_equal(getattr(one, name), getattr(other, name)) for name in (*ARRAYS, *SCALES))
    return arrays and (one.classes, one.features, one.content_hash) == (
        other.classes,
        other.features,
        other.content_hash,
    )


def test_arrays_are_mapped_and_read_only(load, archive):
    """What is loaded, the first time and every other, are the files themselves, safe from change."""
    archive()
    for data in (load("a.npz"), load("a.npz")):
        for name in (*ARRAYS, *SCALES):
            values = getattr(data, name)
            assert isinstance(values.base, np.memmap)
            with pytest.raises(ValueError, match="read-only"):
                values[...] = 0


def test_an_entry_holds_its_files_and_nothing_is_left_beside_it(entry):
    """A finished entry has one file for each array and one for the rest; scratch folders are gone."""
    assert sorted(path.name for path in entry.iterdir()) == FILES
    assert list(entry.parent.iterdir()) == [entry]


def cut(path):
    """Take the end off a file."""
    path.write_bytes(path.read_bytes()[:-8])


def flip(path):
    """Change one bit near the end of a file."""
    data = bytearray(path.read_bytes())
    data[-2] ^= 1
    path.write_bytes(bytes(data))


def fewer(path):
    """Write a sound file that says less."""
    if path.suffix == ".npy":
        np.save(path, np.load(path)[:-1])
    else:
        path.write_text("{}")


@pytest.mark.parametrize("name", ["X_train.npy", "y_test.npy", "scale.npy", "meta.json"])
@pytest.mark.parametrize("damage", [Path.unlink, cut, flip, fewer, lambda path: path.write_bytes(b"")])
def test_fault_27_a_damaged_entry_is_made_again(load, archive, entry, name, damage):
    """Whatever happens to a file of an entry, the next load gives the right data and a sound entry."""
    archive()
    before = {path.name: path.read_bytes() for path in entry.iterdir()}
    damage(entry / name)
    assert read_entry(entry) is None
    data = load("a.npz")
    assert {path.name: path.read_bytes() for path in entry.iterdir()} == before
    assert same(data, read_entry(entry))
    assert list(entry.parent.iterdir()) == [entry]


def test_a_file_in_the_place_of_an_entry_is_replaced(load, entry):
    """An entry that is not even a folder is made again."""
    entry.rename(entry.with_name("away"))
    entry.write_text("in the way")
    load("a.npz")
    assert read_entry(entry) is not None


def test_meta_cannot_say_what_is_not_so(entry):
    """A change to the classes of an entry is noticed like one to its arrays."""
    meta = json.loads((entry / "meta.json").read_text())
    (entry / "meta.json").write_text(json.dumps({**meta, "classes": [3, 5, 7]}))
    assert read_entry(entry) is None


def test_a_second_writer_leaves_a_sound_entry_alone(entry):
    """Who comes second keeps what the first has written, to the file."""
    before = {path: path.stat().st_ino for path in entry.iterdir()}
    write_entry(entry, read_entry(entry))
    assert {path: path.stat().st_ino for path in entry.iterdir()} == before


def load_in_process(folder, barrier, hashes):
    """Load as soon as all the others are ready to."""
    barrier.wait(60)
    data = load_dataset(DataSpec(source="a.npz"), seed=1, base=folder, cache=folder / "c")
    hashes.put((data.content_hash, float(data.X_train.sum())))


@pytest.mark.parametrize("damaged", [False, True])
def test_processes_that_start_at_once_agree(archive, tmp_path, load, damaged):
    """Four processes that make, or mend, the same entry at once all get the same data."""
    archive()
    if damaged:
        load("a.npz", cache=tmp_path / "c")
        (folder,) = (tmp_path / "c" / "data").iterdir()
        cut(folder / "X_train.npy")
    context = multiprocessing.get_context("spawn")
    barrier, hashes = context.Barrier(4), context.Queue()
    arguments = (tmp_path, barrier, hashes)
    processes = [context.Process(target=load_in_process, args=arguments) for _ in range(4)]
    for process in processes:
        process.start()
    found = {hashes.get(timeout=120) for _ in processes}
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * 4
    assert len(found) == 1
    (folder,) = (tmp_path / "c" / "data").iterdir()
    assert read_entry(folder) is not None


def test_a_cache_that_cannot_be_written_is_refused(load, archive, tmp_path):
    """The refusal names the folder and the way out."""
    archive()
    (tmp_path / "file").write_text("")
    with pytest.raises(
        DataError, match=r"file/data: expected a cache folder .*set HPSEARCH_CACHE to another folder"
    ):
        load("a.npz", cache=tmp_path / "file")


@pytest.fixture
def homes(tmp_path, monkeypatch):
    """Clear the environment and return three folders for it."""
    for name in ("HPSEARCH_CACHE", "XDG_CACHE_HOME", "HOME", "USERPROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path / "wanted", tmp_path / "xdg", tmp_path / "home"


def temporary(homes):
    """Return the folder of last resort."""
    return homes[0].parent / f"hpsearch-{os.getuid()}"


def test_the_cache_lies_where_the_environment_says(homes, monkeypatch):
    """The variable of our own comes before the usual one, and that before the home folder."""
    wanted, xdg, home = homes
    assert cache_root() == temporary(homes)
    monkeypatch.setenv("HOME", str(home))
    assert cache_root() == home / ".cache" / "hpsearch"
    monkeypatch.setenv("XDG_CACHE_HOME", str(xdg))
    assert cache_root() == xdg / "hpsearch"
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    assert cache_root() == home / ".cache" / "hpsearch"
    monkeypatch.setenv("HPSEARCH_CACHE", str(wanted))
    assert cache_root() == wanted
    assert wanted.is_dir()


def test_a_home_that_cannot_be_written_is_passed_over(homes, monkeypatch):
    """Without a home to write to, the cache is a private folder among the temporary files."""
    homes[0].write_text("a file, so that no folder can be made below it")
    monkeypatch.setenv("HOME", str(homes[0]))
    assert cache_root() == temporary(homes)
    assert stat.S_IMODE(temporary(homes).stat().st_mode) == 0o700
    assert cache_root() == temporary(homes)


def test_a_wish_that_cannot_be_met_is_refused(homes, monkeypatch):
    """A folder that was asked for by name is not silently replaced by another."""
    homes[0].write_text("")
    monkeypatch.setenv("HPSEARCH_CACHE", str(homes[0]))
    with pytest.raises(
        DataError, match=r"HPSEARCH_CACHE: expected a folder that can be written, found '.*wanted'"
    ):
        cache_root()


@pytest.mark.parametrize("trap", ["open", "link"])
def test_a_temporary_folder_that_others_can_reach_is_refused(homes, trap):
    """A folder of last resort that was put there with wide rights, or as a link, is not trusted."""
    if trap == "open":
        temporary(homes).mkdir()
        temporary(homes).chmod(0o777)
    else:
        homes[2].mkdir(mode=0o700)
        temporary(homes).symlink_to(homes[2])
    with pytest.raises(DataError, match="expected a folder of your own with mode 0700"):
        cache_root()

"""Databases that the version before left half-way go on to the fingerprints that it would have printed."""

import dataclasses
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from threadpoolctl import threadpool_info

import hpsearch
from hpsearch.report import summarize
from hpsearch.store import Database, opened, upgrade_schema
from hpsearch.worker import replay
from tests.cli.program import ROOT, Program

BEGUN = Path(__file__).parent / "begun"
"""Study files, each with the database that the last code without versions left of it."""

SETTLED = Path(__file__).parents[1] / "store" / "schema" / "older"
"""Databases of earlier tables, their studies settled and confirmed."""


def _kernels():
    """Return the kernels of OpenBLAS that NumPy uses here."""
    found = [one for one in threadpool_info() if one["internal_api"] == "openblas"]
    return found[0]["architecture"] if found else None


def _processor():
    """Return what the system says of the processor."""
    path = Path("/proc/cpuinfo")
    return path.read_text() if path.exists() else ""


def expected_warnings(test):
    """Let pass what a user is warned of here: the first worker's other code, and batches of one row."""
    for warning in ("MachineWarning", "SettingWarning"):
        test = pytest.mark.filterwarnings(f"ignore::hpsearch.errors.{warning}")(test)
    return test


class Begun(NamedTuple):
    """What that code printed for a study.

    Attributes:
        settled: The trials that were settled when it was stopped.
        half: The fingerprint then.
        whole: The fingerprint of the study when it had run to its end.
        changed: Whether version 2 gives the settings of the study another meaning.
    """

    settled: int
    half: str
    whole: str
    changed: bool = True


STUDIES = {
    # A slope a layer, and a confirmation.
    "slopes": Begun(
        12,
        "46754ef2f3edd54fb8498a563071946843494b233f77e5294e857a8930ebb50e",
        "17d6adaf167ec4ff3fbcd6466bbac3b5cc3a33b9eabe617bffdba25986771464",
    ),
    # AdaGrad's high rates: of the first twelve trials six end by their loss alone.
    "rates": Begun(
        12,
        "d14c2c8f50569af5214059e5ae6bc13c5a83da007777112d4fdd594c6ffc63f2",
        "4e6a7630132e165af3ecd0c396853ff18b58e22de66f3c4cf17309513923f2d4",
    ),
    # ZCA of 50 rows with directions without variance.
    "whitening": Begun(
        16,
        "c54c45c6972c632b25ae3cde0e53120f4732ab2c42cd94cd4301a0e30ddc0fbb",
        "6da4e79614dd435c9960c69e2d71a6647bb6caa85ad0d7836678e720ea0f5698",
    ),
    # Masks of weights, dropout near 1, batches of one row under batch normalization, a cosine.
    "edges": Begun(
        10,
        "ab31b667e931bf6a6699fff34e19b9fcb4e6eb7bcf7b5edbdd4491b1f49e4733",
        "295ab24d82e288567071e27d5250b98b54ad997db5d94a79da79f7867d8e6ebd",
        changed=False,
    ),
    # The study of the README as it was.
    "digits": Begun(
        32,
        "d9269bd0dd5fac4eef31fdc39dc5a7e935a48d117d556c943bda1dbb5c99fdeb",
        "a0580df0cfd285543cd0d36f69cb923a9feffcbbbb99d1e2aeaf8ce5e9237d3e",
    ),
}
LONG = {"digits", "edges", "slopes"}
BOUND, KERNELS = ("digits", "whitening"), "SkylakeX"
"""Studies that show how a BLAS rounds, and the kernels of OpenBLAS that they were begun with."""


@pytest.fixture(
    params=[pytest.param(name, marks=[pytest.mark.long][: int(name in LONG)]) for name in STUDIES]
)
def name(request):
    """Return the name of a study."""
    if request.param in BOUND and _kernels() != KERNELS:
        pytest.skip(f"the study was begun with OpenBLAS's kernels for {KERNELS}, here are others")
    return request.param


@pytest.fixture
def file(tmp_path, name):
    """Return a copy of the study's file."""
    return Path(shutil.copy(BEGUN / f"{name}.toml", tmp_path))


@pytest.fixture
def url(tmp_path, name):
    """Return the database as the version before left it."""
    return _filled(tmp_path, BEGUN / f"{name}.sql")


@expected_warnings
def test_a_study_that_was_left_half_way_goes_on_as_it_was_begun(name, file, url):
    """The fingerprint of the half, then of the whole; a replay finds every trial equal before and after."""
    begun = STUDIES[name]
    assert _fingerprint(url, name) == begun.half
    assert _differing(url, name, proposals=begun.settled) == []
    ended = hpsearch.start(hpsearch.load_study_file(file), storage=url, workers=1)
    assert ended.fingerprint == _fingerprint(url, name) == begun.whole
    assert _differing(url, name) == []


@pytest.mark.sampled
@expected_warnings
def test_a_new_study_of_that_file_has_the_meaning_of_today(name, file, tmp_path):
    """Where version 2 changes a meaning, a study of it is another one; version 3 searches in another way."""
    spec = dataclasses.replace(hpsearch.load_study_file(file), version=2)
    if "rounds" in spec.derived:  # as they were derived then
        first = spec.parallelism + 8
        rounds = (first, 4) if first + 4 <= spec.trials else (first,)
        spec = dataclasses.replace(spec, search=dataclasses.replace(spec.search, rounds=rounds))
    new = hpsearch.start(spec, storage=f"sqlite:///{tmp_path}/new.db", workers=1)
    assert (new.fingerprint != STUDIES[name].whole) == STUDIES[name].changed


@pytest.mark.sampled
def test_a_bundle_of_a_study_that_was_left_half_way_replays(name, url, tmp_path, cache):
    """A bundle takes the version along: exported and trained again elsewhere, there is no difference."""
    program = Program(folder=tmp_path, cache=cache)
    exported = program.run("export", "bundle", "--storage", url, "-o", "begun.hpsearch")
    assert exported.code == 0, exported.err
    again = program.run("replay", "begun.hpsearch", "--train", "--json")
    assert again.code == 0, again.err
    document = json.loads(again.out)
    assert (document["fingerprint"], document["trainings"]) == (STUDIES[name].half, STUDIES[name].settled)
    assert document["differences"] == []


@pytest.mark.sampled
def test_the_commands_print_what_they_printed(name, url, tmp_path, cache):
    """``fingerprint`` and ``replay --train`` of the program, on the file as it is."""
    program = Program(folder=tmp_path, cache=cache)
    printed = program.run("fingerprint", "--storage", url)
    assert (printed.code, printed.out) == (0, f"{STUDIES[name].half}\n")
    again = program.run("replay", "--train", "--quiet", "--storage", url)
    n = STUDIES[name].settled
    assert (again.code, again.out) == (
        0,
        f"{name}: {n} proposals and {n} trainings computed again: no difference\n",
    )


@pytest.mark.long
@pytest.mark.skipif(_kernels() == KERNELS, reason="the tests above have run it")
@pytest.mark.skipif("avx512f" not in _processor(), reason="the processor has no AVX-512")
def test_studies_go_on_with_the_kernels_that_they_were_begun_with(tmp_path):
    """The tests above with these kernels: other ones round otherwise."""
    selected = ["-m", "long or not long", "-k", " or ".join(BOUND), "-n", "0", "-q", __file__]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *selected],
        env={**os.environ, "OPENBLAS_CORETYPE": KERNELS, "HPSEARCH_CACHE": str(tmp_path)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout
    assert "skipped" not in run.stdout.splitlines()[-1]


def test_a_study_that_was_settled_and_confirmed_replays(tmp_path):
    """Search and confirming runs of an earlier file of today's tables, trained again: no difference."""
    url = _filled(tmp_path, SETTLED / "0008.sql")
    assert _differing(url, "small", proposals=18) == []


def _filled(folder, dump):
    path = folder / "begun.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(dump.read_text())
    with closing(Database(f"sqlite:///{path}")) as database:
        upgrade_schema(database)
    return f"sqlite:///{path}"


def _fingerprint(url, name):
    with opened(url) as ledger:
        return summarize(ledger, ledger.find_study(name)).fingerprint


def _differing(url, name, *, proposals=None):
    """Return the differences of a replay with every training; ``proposals`` are how many there must be."""
    with opened(url) as ledger:
        found = replay(ledger, ledger.find_study(name), train=True)
    assert found.trainings == found.proposals > 0
    assert proposals in (None, found.proposals)
    return list(found.differences)

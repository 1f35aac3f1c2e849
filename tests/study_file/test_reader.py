import dataclasses
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsearch.errors import StudyFileError
from hpsearch.space import ChoiceParameter, FloatParameter, IntParameter, Space
from hpsearch.study_file import (
    ConfirmSpec,
    DataSpec,
    FleetSpec,
    ObjectiveSpec,
    SearchSpec,
    StopSpec,
    StudySpec,
    read_study,
)
from tests.study_file.texts import SMALLEST


def lr(**search):
    """Return the range of the smallest file."""
    return FloatParameter(name="lr", low=1e-5, high=0.1, log=True, **{"widen": 2, **search})


def test_the_smallest_file_gets_every_default(read):
    """A source and one range make a study; everything else has a default."""
    assert read(SMALLEST) == StudySpec(
        name="x",
        seed=0,
        trials=100,
        parallelism=16,
        data=DataSpec(source="digits"),
        model={},
        space=Space((lr(),)),
        search=SearchSpec(rounds=(24,), widen=2, rungs=(), keep=1 / 3, start="random"),
        stop=StopSpec(target=None, hours=None, plateau=None),
        confirm=ConfirmSpec(top=5, seeds=5, epochs=None, ensemble=10, refit=True),
    )


EVERYTHING = """
    name = "zwölf"
    seed = 9
    trials = 30
    parallelism = 3
    [data]
    source = "a.csv"
    target = "kind"
    train = 10
    validation = 20
    test = 0.25
    [objective]
    metric = "f1"
    [model]
    z = true
    hidden = [3, 4]
    a = 1
    b = 1.0
    c = "x"
    none = []
    [space]
    lr = { low = 1e-5, high = 1e-1, log = true }
    fixed = { low = 1e-5, high = 1e-1, log = true, widen = 0 }
    dropout = { low = 0, high = 0.6 }
    width = { low = 8, high = 64, log = true }
    activation = { choices = ["relu", "tanh"] }
    [search]
    rounds = [20, 10]
    widen = 1
    rungs = [2, 5]
    keep = 1
    start = "sobol"
    [stop]
    target = 1
    hours = 3
    plateau = 30
    [confirm]
    top = 0
    seeds = 1
    epochs = 7
    ensemble = 0
    refit = false
    """
"""A study file with every key of every table."""


def test_everything_that_a_file_says_is_in_the_record(read):
    """Every key of every table arrives, with the types that TOML gave them, in the order of the file."""
    spec = read(EVERYTHING)
    assert spec == StudySpec(
        name="zwölf",
        seed=9,
        trials=30,
        parallelism=3,
        data=DataSpec(
            source="a.csv", target="kind", task="classification", train=10, validation=20, test=0.25
        ),
        objective=ObjectiveSpec(metric="f1"),
        model={"z": True, "hidden": (3, 4), "a": 1, "b": 1.0, "c": "x", "none": ()},
        space=Space(
            (
                lr(widen=1),
                FloatParameter(name="fixed", low=1e-5, high=0.1, log=True, widen=0),
                FloatParameter(name="dropout", low=0.0, high=0.6),
                IntParameter(name="width", low=8, high=64, log=True),
                ChoiceParameter(name="activation", choices=("relu", "tanh")),
            )
        ),
        search=SearchSpec(rounds=(20, 10), widen=1, rungs=(2, 5), keep=1.0, start="sobol"),
        stop=StopSpec(target=1.0, hours=3.0, plateau=30),
        confirm=ConfirmSpec(top=0, seeds=1, epochs=7, ensemble=0, refit=False),
    )
    assert list(spec.model) == ["z", "hidden", "a", "b", "c", "none"]
    assert type(spec.model["a"]) is int
    assert type(spec.model["b"]) is float
    assert isinstance(spec.space.parameters[2], FloatParameter)
    assert isinstance(spec.space.parameters[2].low, float)
    assert isinstance(spec.search.keep, float)
    assert isinstance(spec.stop.target, float)
    assert isinstance(spec.stop.hours, float)
    assert spec.base == Path()
    assert spec.document.where("space.lr.low") == "x.toml:22"
    fault = spec.document.fault("space.lr.low", "no")
    assert (str(fault), fault.column) == ("x.toml:22: space.lr.low: no", 12)


FLEET = """
    [data]
    source = "digits"
    [space]
    lr = { low = 1e-5, high = 1e-1, log = true }
    [fleet]
    engine = "slurm"
    workers = 8
    artifacts = "/shared/files"
    strict = true
    options = { partition = "cpu", time = 240, setup = ["module load x"], additional_parameters = { a = 1 } }
    """


def test_a_fleet_is_read(read):
    """Who works stands in a record of its own; options are handed on as they are."""
    assert read(FLEET).fleet == FleetSpec(
        engine="slurm",
        workers=8,
        artifacts="/shared/files",
        strict=True,
        options={
            "partition": "cpu",
            "time": 240,
            "setup": ["module load x"],
            "additional_parameters": {"a": 1},
        },
    )


def test_what_is_given_holds_over_the_fleet_of_the_file(read):
    """Options belong to the engine that the file names; another engine gets none."""
    fleet = read(FLEET).fleet
    assert fleet.given() == fleet
    assert fleet.given(engine="slurm", workers=2) == dataclasses.replace(fleet, workers=2)
    dask = fleet.given(engine="dask", address="tcp://a:1")
    assert (dask.engine, dask.address, dask.workers, dask.options) == ("dask", "tcp://a:1", 8, {})


@pytest.mark.parametrize(
    ("trials", "parallelism", "rounds"),
    [
        (1, 1, (1,)),
        (6, 1, (6,)),
        (9, 1, (9,)),
        (13, 2, (10,)),
        (14, 2, (10,)),
        (18, 3, (11,)),
        (24, 4, (12,)),
        (39, 6, (14,)),
        (1000, 16, (24,)),
    ],
)
def test_defaults_follow_the_budget(read, trials, parallelism, rounds):
    """A sixth of the budget is in flight, at most 16; the random round is 8 longer than that."""
    spec = read(f"trials = {trials}\n{SMALLEST}")
    assert (spec.parallelism, spec.search.rounds) == (parallelism, rounds)


def test_the_default_rounds_follow_the_parallelism_of_the_file(read):
    """The first trial after the round sees eight results, whatever is in flight; it keeps to the budget."""
    assert read(f"parallelism = 1\n{SMALLEST}").search.rounds == (9,)
    assert read(f"parallelism = 40\n{SMALLEST}").search.rounds == (48,)
    assert read(f"trials = 50\nparallelism = 40\n{SMALLEST}").search.rounds == (48,)
    assert read(f"trials = 30\nparallelism = 40\n{SMALLEST}").search.rounds == (30,)


def test_the_default_round_before_a_gaussian_process_is_short(read):
    """Its first proposal sees four results or more, whatever is in flight."""
    search = '\n[search]\nmodel = "gp"\n'
    assert read(f"parallelism = 1\n{SMALLEST}{search}").search.rounds == (8,)
    assert read(f"parallelism = 16\n{SMALLEST}{search}").search.rounds == (20,)
    assert read(f"trials = 5\n{SMALLEST}{search}").search.rounds == (5,)
    assert read(f"{SMALLEST}{search}rounds = [3]\n").search.rounds == (3,)


def test_a_name_that_the_file_gives_is_checked_when_it_is_left_out(tmp_path):
    """A file whose name would be a reserved study name has to say another."""
    path = tmp_path / "x.confirm.toml"
    path.write_text(SMALLEST)
    with pytest.raises(StudyFileError, match=r'name: expected a name that does not end in "\.confirm"'):
        read_study(path)


@pytest.mark.parametrize("depth", range(440, 500, 4))
def test_lists_nested_to_any_depth_are_refused(read, depth):
    """Between what is deep and what is too deep there is no depth that ends in a traceback."""
    with pytest.raises(StudyFileError, match=r"x\.toml:\d+: model\.a\[0\]: expected|nested too deeply"):
        read(f"[model]\na = {'[' * depth}{']' * depth}\n" + SMALLEST)


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_marks_of_other_systems_are_read(read, start):
    """A file with a byte-order mark or CRLF reads like any other, and its lines are counted alike."""
    spec = read(start + SMALLEST.replace("\n", "\r\n").encode())
    assert spec.space == Space((lr(),))
    assert spec.document.lines["space.lr"] == 4


def test_fault_44_a_missing_file_names_its_neighbor(tmp_path, monkeypatch):
    """A missing file is refused by the path as it was given, with the file that was probably meant."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "studies").mkdir()
    (tmp_path / "studies" / "digits.toml").write_text(SMALLEST)
    message = (
        r'^studies/digit.toml: expected a study file, found none there; did you mean "studies/digits.toml"\?$'
    )
    with pytest.raises(StudyFileError, match=message):
        read_study(Path("studies/digit.toml"))
    with pytest.raises(StudyFileError, match=r"^nowhere/x\.toml: expected a study file, found none there$"):
        read_study(Path("nowhere/x.toml"))


def test_fault_44_a_folder_is_refused(tmp_path):
    """A folder is not a study file."""
    with pytest.raises(StudyFileError, match="expected a readable study file, found: is a directory"):
        read_study(tmp_path)


def test_a_path_that_no_system_has_is_refused():
    """A path with a NUL is refused like one that cannot be read."""
    with pytest.raises(StudyFileError, match="expected a readable study file, found: embedded null byte"):
        read_study(Path("a\0b"))


@pytest.fixture
def forbidden(tmp_path):
    """Return a file without the permission to read."""
    path = tmp_path / "x.toml"
    path.write_text(SMALLEST)
    path.chmod(0)
    return path


@pytest.fixture
def unprivileged(forbidden):
    """Return that file as the user "nobody", where the tests run as root, who may read everything."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    yield forbidden
    if root:
        os.seteuid(0)


def test_fault_44_a_file_without_permission_is_refused(unprivileged):
    """A file that may not be read is refused with the system's reason."""
    with pytest.raises(StudyFileError, match="expected a readable study file, found: permission denied"):
        read_study(unprivileged)


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory):
    """Return one path for many texts."""
    return tmp_path_factory.mktemp("fuzz") / "x.toml"


@given(
    text=st.text(max_size=200) | st.from_regex(r"(\[?[a-z.]{1,6}\]? ?= ?[\[{\"0-9a-z,]*\n)*", fullmatch=True)
)
def test_fault_44_no_text_does_worse_than_a_refusal(fuzzed, text):
    """Whatever a file holds, it is a study or it is refused in one line."""
    fuzzed.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        read_study(fuzzed)
    except StudyFileError as error:
        line = str(error)
        assert re.fullmatch(rf"{re.escape(str(fuzzed))}(:\d+)?: .*", line)

"""All faults of a study file at once: each is listed, and none that only follows from another."""

from itertools import combinations

import pytest

from hpsearch.api import check_study, load_study_file
from hpsearch.errors import StudyFileError
from hpsearch.study_file import all_faults, read_document, read_study
from tests.study_file.test_refusals import REFUSED

WRONG = """
nam = "x"
trials = "ten"
seed = -1
[data]
path = "digits"
validation = 2.5
[model]
hiden = 64
optimizer = "adma"
epochs = 0
[space]
learning_rate = { low = 1e-1, high = 1e-4, log = true }
dropout = { low = 0.0, high = 1.5 }
momentum = { low = 0.5, high = 0.9, when = { optimiser = "adam" } }
[serach]
widen = 1
[search]
rungs = 3
start = "sobel"
[confirm]
tops = 1
"""
FOUND = [
    (2, 1, "nam"),
    (3, 1, "trials"),
    (4, 1, "seed"),
    (6, 1, "data.path"),
    (7, 1, "data.validation"),
    (9, 1, "model.hiden"),
    (9, 1, "model.hidden"),
    (10, 1, "model.optimizer"),
    (11, 1, "model.epochs"),
    (13, 19, "space.learning_rate.low"),
    (13, 1, "space.learning_rate"),
    (14, 1, "space.dropout"),
    (15, 46, "space.momentum.when.optimiser"),
    (16, 2, "serach"),
    (19, 1, "search.rungs"),
    (20, 1, "search.start"),
    (22, 1, "confirm.tops"),
]
"""Line, column and key of each fault of ``WRONG``; a key that is meant by a wrong one is looked at, too."""

FILE = """
{top}
[data]
source = "digits"
{data}
[model]
epochs = 4
{model}
[space]
lr = {{ low = 1e-4, high = 1e-1, log = true }}
{space}
[search]
{search}
[confirm]
{confirm}
"""
FAULTS = {
    "top": ("trials = 0", "seeed = 1", "name = 3", "tops = 1"),
    "data": ("test = 7.5", "tset = 0.2", "folds = 1000", "folds = 2.5"),
    "model": ("activation = 3", "layers = [8]", 'optimizer = "adma"', "hidden = 8"),
    "space": (
        "dropout = 0.5",
        "dropout = { low = 0.9, high = 0.1 }",
        'init = { choices = ["he", "hee"] }',
        "batch_size = { low = 0, high = 8 }",
        "batch_size = { choices = [8, 8] }",
    ),
    "search": ("rounds = [0]", "rung = [3]", 'model = "gauss"'),
    "confirm": ("top = -1", "epochs = 0", "seed = 2"),
}
"""Table -> lines that are wrong, one at a time."""
PAIRS = [
    {one: first, other: second}
    for one, other in combinations(FAULTS, 2)
    for first in FAULTS[one]
    for second in FAULTS[other]
]


def faults(path):
    """Return the faults that a study file is refused for."""
    with pytest.raises(StudyFileError, match="expected") as refusal:
        load_study_file(path)
    return refusal.value.faults


def written(path, lines):
    """Return the path of a study file with these lines in its tables."""
    path.write_text(FILE.format(**{table: lines.get(table, "") for table in FAULTS}))
    return path


def test_every_fault_of_a_file_is_listed_with_its_place(tmp_path):
    """Unknown keys, wrong types, wrong values: one line each, in the order of the file."""
    path = tmp_path / "x.toml"
    path.write_text(WRONG)
    found = faults(path)
    assert [(fault.line, fault.column, fault.key) for fault in found] == FOUND
    assert {(fault.file, fault.severity) for fault in found} == {(str(path), "error")}


def test_two_faults_in_different_tables_are_both_found(tmp_path):
    """Neither hides the other, and no fault is listed that follows from one of them alone."""
    alone = {}
    for table, lines in FAULTS.items():
        for line in lines:
            alone[line] = [f.key for f in faults(written(tmp_path / "x.toml", {table: line}))]
            assert len(alone[line]) == 1, line
    for pair in PAIRS:
        found = [fault.key for fault in faults(written(tmp_path / "x.toml", pair))]
        assert sorted(found) == sorted(key for line in pair.values() for key in alone[line]), pair


def test_a_file_with_one_fault_has_one_line(tmp_path):
    """Of each file that the reader refuses for one reason nothing else is said."""
    path = tmp_path / "x.toml"
    whole = [text for text, _ in REFUSED if isinstance(text, str) and "[data]" in text and "[space]" in text]
    assert len(whole) > 100
    for text in whole:
        path.write_text(text)
        with pytest.raises(StudyFileError, match="expected") as refusal:
            read_study(path)
        try:
            tables = read_document(path)
        except StudyFileError:  # it is no TOML, and has no tables that could be looked through
            continue
        error = all_faults(refusal.value, *tables, lambda _: None)
        assert str(error) == str(refusal.value)


def test_what_is_missing_is_listed_beside_what_is_wrong(tmp_path):
    """A file without data and without a space says so, and names its other faults."""
    path = tmp_path / "x.toml"
    path.write_text("[search]\nrounds = [0]\n")
    assert [fault.key for fault in faults(path)] == ["data.source", "space", "search.rounds[0]"]


@pytest.mark.long
def test_the_faults_of_an_estimator_are_found_by_its_own_check(tmp_path):
    """Settings that it does not have, a name of the file and what belongs to networks, all at once."""
    path = tmp_path / "x.toml"
    path.write_text(
        '[data]\nsource = "iris"\n[objective]\nestimator = "sklearn.tree.DecisionTreeClassifier"\n'
        "[model]\nmin_sample_leaf = 3\n[space]\nmax_deph = { low = 2, high = 9 }\n"
        "[search]\nrungs = [3]\n[confirm]\ntops = 1\n"
    )
    found = [fault.key for fault in faults(path)]
    assert found == ["model.min_sample_leaf", "space.max_deph", "search.rungs", "confirm.tops"]


def test_the_check_of_a_right_file_is_not_repeated(tmp_path):
    """A file without a fault is read once."""
    path = written(tmp_path / "x.toml", {})
    assert check_study(read_study(path)) == load_study_file(path)

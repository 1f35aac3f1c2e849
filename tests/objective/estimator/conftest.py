import pytest

from hpsearch.study_file import read_study


@pytest.fixture
def read(tmp_path):
    """Return a function that reads a study of an estimator from the lines of its tables."""

    def make(objective, *, space="max_depth = { low = 1, high = 8 }", model="", more="", source="iris"):
        path = tmp_path / "study.toml"
        path.write_text(
            f'trials = 8\n[data]\nsource = "{source}"\n[objective]\n{objective}\n[model]\n{model}\n'
            f"[space]\n{space}\n{more}\n"
        )
        return read_study(path)

    return make


TREE = 'estimator = "sklearn.tree.DecisionTreeClassifier"'

"""Every kind of model file finds its columns by name, in the form of the file that it learned from."""

import numpy as np
import pandas as pd
import pytest

from hpsearch.errors import DataError
from hpsearch.prediction.prediction import predict_file
from tests.prediction.models import KINDS, TABLES, dataset_of, saved, spec_of, test_rows, write

MODELS = {"winner": 1, "ensemble": 3}


@pytest.fixture(scope="module", params=MODELS)
def members(request):
    """Return the number of networks in a model."""
    return MODELS[request.param]


@pytest.fixture(scope="module", params=TABLES, ids="-".join)
def model(request, members, tmp_path_factory):
    """Return a model, its kind, its file, and what its networks say of the test rows."""
    tmp_path = tmp_path_factory.mktemp("model")
    name, form = request.param
    kind = KINDS[name]
    path = write(kind.frame, tmp_path / f"table.{form}", kind)
    spec = spec_of(path, kind)
    dataset = dataset_of(spec, tmp_path)
    loaded, networks = saved(tmp_path / "m", dataset, embedding=kind.embedding, n=members)
    wanted = np.mean([network.predict_proba(dataset.X_test) for network in networks], axis=0)
    return loaded, kind, path, test_rows(spec, tmp_path), wanted


def wanted_columns(loaded):
    """Return the columns that a model reads."""
    return loaded.layout.names


CHANGES = {
    "as it is": lambda frame, _: frame,
    "swapped": lambda frame, _: frame[frame.columns[::-1]],
    "two swapped": lambda frame, _: frame[[*frame.columns[1::-1], *frame.columns[2:]]],
    "without target": lambda frame, _: frame.drop(columns="kind"),
    "further columns": lambda frame, _: frame.assign(more=range(len(frame)), note="=1").iloc[:, ::-1],
    "what is read": lambda frame, names: frame[names],
}


@pytest.mark.parametrize("change", CHANGES)
def test_columns_are_found_by_name_in_a_file(model, change, tmp_path):
    """Swapped, among others, without target, without what was left out: to the bit what was trained."""
    loaded, kind, path, rows, wanted = model
    changed = CHANGES[change](kind.frame, wanted_columns(loaded))
    other = write(changed, tmp_path / f"other{path.suffix}", kind)
    found = predict_file(loaded, other, proba=True)
    assert found.probabilities[rows].tobytes() == wanted.tobytes()
    assert (found.labels == loaded.classes[found.probabilities.argmax(axis=1)]).all()
    assert (found.value is not None) == ("kind" in changed)
    if found.value is not None:
        assert found.value == np.mean(found.labels == kind.frame.kind) > 0.6


@pytest.mark.parametrize("change", CHANGES)
def test_columns_are_found_by_name_in_a_frame(model, change, tmp_path):
    """As pandas reads the file, with its texts, its marks, its truth values and its dates."""
    loaded, kind, path, rows, wanted = model
    changed = CHANGES[change](kind.frame, wanted_columns(loaded))
    frames = [changed]
    if path.suffix == ".csv":
        other = write(changed, tmp_path / "other.csv", kind)
        separator = (kind.write or {}).get("sep", ",")
        frames = [pd.read_csv(other, sep=separator), pd.read_csv(other, sep=separator, dtype=str)]
    for frame in frames:
        assert loaded.predict_proba(frame)[rows].tobytes() == wanted.tobytes()


def test_a_missing_or_renamed_column_is_refused(model, tmp_path):
    """Each column that the model reads, in a file and in a frame; the message names it."""
    loaded, kind, path, _, _ = model
    for name in wanted_columns(loaded):
        for changed in (kind.frame.drop(columns=name), kind.frame.rename(columns={name: f"{name}_2"})):
            other = write(changed, tmp_path / f"other{path.suffix}", kind)
            message = f"expected a column '{name}', found none"
            with pytest.raises(DataError, match=f"^{other}: {message}"):
                predict_file(loaded, other)
            with pytest.raises(DataError, match=f"^X: {message}"):
                loaded.predict(changed)

"""What a study found as a file: rows as they lie in the data file go in, the stored accuracy comes out."""

import csv

import numpy as np
import pandas as pd
import pytest

import hpsearch
from hpsearch.data import split_rows
from hpsearch.data.sources import find_source
from hpsearch.errors import CategoryWarning, DataError, NotFoundError
from hpsearch.study_file import Purpose, child_seed
from hpsearch.worker import Stop, load_data, save_study_model, search_terms, store_verdict, work
from hpsearch.worker.outcome.model_export import MODELS
from tests.worker.studies import small_spec

KINDS = ("cat", "dog", "=owl")


@pytest.fixture
def write_table(tmp_path):
    """Return a function that writes 150 rows of two numbers, a text and a kind."""

    def write(kinds=KINDS):
        rng = np.random.default_rng(0)
        labels = rng.integers(3, size=150)
        rows = (rng.normal(size=(150, 2)) + labels[:, None]) * [100.0, 0.01] + [1000.0, 0.5]
        with (tmp_path / "table.csv").open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["weight", "kind", "coat", "height"])
            coats = rng.choice(["long", "short"], size=150)
            cells = zip(rows.tolist(), labels, coats, strict=True)
            writer.writerows([row[0], kinds[label], coat, row[1]] for row, label, coat in cells)

    return write


@pytest.fixture
def settle(tmp_path, ledger, monkeypatch, write_table):
    """Return a function that runs a study of the table to its delivery."""
    monkeypatch.setenv("HPSEARCH_CACHE", str(tmp_path / "cache"))
    write_table()

    def settle(scaling="auto", bins=0, **changes):
        source = f'source = "table.csv"\ntarget = "kind"\nscaling = "{scaling}"\nbins = {bins}'
        few = {"trials = 40": "trials = 12", "rounds = [16, 8]": "rounds = [12]", "train = 300": ""}
        spec = small_spec(tmp_path, **{'source = "digits"': source}, **few, **changes)
        ledger.open_study(search_terms(spec, data_hash=load_data(spec, spec.base).content_hash))
        store_verdict(ledger, work(ledger, spec.name, stop=Stop()), Stop())
        return spec, ledger.find_study(spec.name)

    return settle


def raw_test_rows(spec):
    """Return the test rows as the data file has them, and their labels."""
    data = spec.data
    with (spec.base / "table.csv").open(newline="") as file:
        lines = list(csv.reader(file))[1:]
    examples = find_source(data, base=spec.base).read()
    seed = child_seed(spec.seed, Purpose.SPLIT)
    rows = split_rows(examples, train=data.train, validation=data.validation, test=data.test, seed=seed).test
    cells = [[float(lines[row][0]), lines[row][2], float(lines[row][3])] for row in rows]
    return np.array(cells, object), [lines[row][1] for row in rows]


@pytest.mark.parametrize(("scaling", "bins"), [("auto", 0), ("robust", 4), ("zca", 0)])
def test_a_file_takes_raw_rows(settle, ledger, tmp_path, scaling, bins):
    """Labels as in the data; the ensemble's accuracy is the stored one and the winner's that of its card."""
    spec, study = settle(scaling, bins)
    delivery = ledger.verdict(study)
    X, labels = raw_test_rows(spec)
    for name in MODELS:
        path = tmp_path / f"{name}.safetensors"
        told = save_study_model(ledger, study, name, path, stop=Stop())
        model = hpsearch.load_model(path)
        predicted = model.predict(X)
        assert set(predicted) <= set(KINDS)
        accuracy = float(np.mean([label == right for label, right in zip(predicted, labels, strict=True)]))
        assert accuracy == model.metrics["test_accuracy"] == told.value
        assert told.found == told.stored == model.metrics["study_test_accuracy"]
        assert model.features[:4] == ("weight", "coat=long", "coat=short", "height")
        assert len(model.features) == model.network.sizes[0] == 4 + 2 * bins
        assert (model.predict(X.tolist()) == predicted).all()
        assert model.data_hash == study.contract["data_hash"]
        assert model.about == {"study": "small", "seed": 6, "what": told.what}
        if name == "ensemble":
            assert accuracy == delivery.ensemble.test_accuracy
            assert len(model.networks) == delivery.ensemble.size
        else:
            assert told.stored == delivery.test_accuracy
            assert len(model.networks) == 1
            assert told.what == f"the winner, trial {delivery.number}: one model, the first of 2 seeds"


def test_a_study_without_a_winner_has_none_to_write(ledger, tmp_path, study):
    """Nobody has worked on it yet."""
    with pytest.raises(NotFoundError, match="study 'small' has no winner yet: hpsearch start FILE finds it"):
        save_study_model(ledger, study, "winner", tmp_path / "m", stop=Stop())
    assert not (tmp_path / "m").exists()


def test_a_study_without_an_ensemble_has_none_to_write(settle, ledger, tmp_path):
    """``ensemble = 0`` in its file."""
    _, study = settle(**{"ensemble = 3": "ensemble = 0"})
    with pytest.raises(NotFoundError, match=r"study 'small' has no ensemble: confirm\.ensemble is 0"):
        save_study_model(ledger, study, "ensemble", tmp_path / "m", stop=Stop())
    assert not (tmp_path / "m").exists()


def test_rows_that_do_not_fit_are_refused(settle, ledger, tmp_path):
    """A missing text where no training row lacked one, a text for a number, another number of columns."""
    _, study = settle()
    save_study_model(ledger, study, "winner", tmp_path / "m", stop=Stop())
    model = hpsearch.load_model(tmp_path / "m")
    with pytest.raises(DataError, match=r"X: column 'coat', row 0: expected one of 'long', .*, found ''"):
        model.predict([[1.0, "", 1.0]])
    with pytest.warns(CategoryWarning, match="X: categories that .* column 'coat': 'curly'"):
        assert model.predict([[1.0, "curly", 1.0]]).shape == (1,)
    with pytest.raises(DataError, match="X: column 'weight', row 0: expected a number, found 'heavy'"):
        model.predict([["heavy", "long", 1.0]])
    with pytest.raises(DataError, match=r"X: expected shape \(n, 3\), found \(1, 4\)"):
        model.predict([[1.0, 0.0, 1.0, 2.0]])


LABELS = {"real": ("0.0", "1.0", "2.5"), "truth": ("True", "False", "True"), "codes": ("01", "02", "10")}


@pytest.mark.parametrize("name", LABELS)
def test_fault_88_the_models_of_a_study_predict_what_the_table_holds(
    settle, ledger, tmp_path, write_table, name
):
    """As pandas reads it, with its columns in any order, from the winner and from the ensemble."""
    write_table(LABELS[name])
    _, study = settle()
    table = pd.read_csv(tmp_path / "table.csv", dtype={"coat": str})
    for model in MODELS:
        save_study_model(ledger, study, model, tmp_path / model, stop=Stop())
        loaded = hpsearch.load_model(tmp_path / model)
        found = loaded.predict(table[["kind", "height", "coat", "weight"]])
        assert found.dtype == table.kind.dtype
        assert set(found) <= set(table.kind)
        assert (found == loaded.predict(table[["weight", "coat", "height"]])).all()
        assert (found == table.kind).mean() > 0.5

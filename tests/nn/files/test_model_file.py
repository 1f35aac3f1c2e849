"""Models as files: what goes in comes out."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import safetensors.numpy

import hpsearch
from hpsearch.data.scale import fit_inputs
from hpsearch.errors import DataError
from hpsearch.inputs.bins import BinnedColumn
from hpsearch.nn import (
    ACTIVATIONS,
    NORMALIZATIONS,
    Ensemble,
    InputScaling,
    LoadedModel,
    MLPClassifier,
    MLPConfig,
    MLPRegressor,
    ModelFileError,
    SettingError,
    fit_stack,
    load_model,
    save_model,
)
from tests.nn.files.models import CODES, X, network


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "labels",
    [
        np.array(["cat", "dog", "x"]),
        np.array(["é", "日本", "\n"], "<U9"),
        np.array(["a", "b", "c"], object),
        np.array([-5, 7, 2**62]),
        np.array([1, 2, 2**64 - 1], np.uint64),
        np.array([1.5, 2.25, 0.1]),
        np.array([0.1, 0.2, 0.3], np.float32),
        np.array([0, 1, 255], np.uint8),
    ],
)
def test_a_model_comes_back(tmp_path, labels, dtype):
    """Weights, settings and labels of any type are the same, to the bit and to the type."""
    before = network(labels, dtype)
    save_model(before, tmp_path / "m")
    after = load_model(tmp_path / "m").network
    assert after.parameters.tobytes() == before.parameters.tobytes()
    assert (after.parameters.dtype, after.config, after.sizes) == (dtype, before.config, before.sizes)
    assert after.classes.dtype == before.classes.dtype
    assert after.classes.tolist() == before.classes.tolist()
    assert [type(label) for label in after.classes.tolist()] == [
        type(label) for label in before.classes.tolist()
    ]
    assert after.predict_proba(X).tobytes() == before.predict_proba(X).tobytes()


@pytest.mark.parametrize("normalization", NORMALIZATIONS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_structure_comes_back(tmp_path, activation, normalization):
    """Learned slopes, scales and moving statistics are saved with the weights, settings without loss."""
    config = MLPConfig(
        hidden=(4, 3),
        activation=activation,
        normalization=normalization,
        schedule="manual",
        schedule_rates=((1, 0.1), (3, 0.01)),
        momentum=0.5,
        epochs=2,
    )
    before = fit_stack([config], X, CODES, X, CODES, epochs=2, seed=0)[0].network
    save_model(before, tmp_path / "m")
    after = load_model(tmp_path / "m").network
    assert after.config == config
    assert after.parameters.tobytes() == before.parameters.tobytes()
    assert after.predict_proba(X).tobytes() == before.predict_proba(X).tobytes()


def test_bools_come_back(tmp_path):
    """Two classes False and True stay bools."""
    y = CODES > 0
    save_model(MLPClassifier(random_state=0).fit(X, y), tmp_path / "m")
    assert load_model(tmp_path / "m").predict(X).dtype == np.bool_


def test_the_card_comes_back(saved):
    """Scaler, metrics, hash and versions are there, and the scaler is applied before prediction."""
    model = load_model(saved)
    assert isinstance(model, LoadedModel)
    assert (dict(model.metrics), model.data_hash) == ({"test_accuracy": 0.975}, "abc")
    assert set(model.versions) == {"hpsearch", "numpy", "python"}
    scaled = ((X.astype(np.float64) - [1, 2, 3]) / [0.5, 1, 2]).astype(np.float32)
    assert model.predict_proba(X).tobytes() == network().predict_proba(scaled).tobytes()
    assert (model.predict(X) == network().predict(scaled)).all()
    with pytest.raises(DataError, match=r"X: expected shape \(n, 3\), found \(30, 2\)"):
        model.predict(X[:, :2])


def test_any_program_that_reads_safetensors_reads_the_weights(saved):
    """The file is plain safetensors."""
    assert set(safetensors.numpy.load_file(saved)) == {"parameters", "scaler.mean", "scaler.scale"}


def test_estimators_are_saved(tmp_path):
    """A fitted classifier and regressors of one and two outputs predict the same from their files."""
    classifier = MLPClassifier(random_state=0).fit(X, CODES)
    one = MLPRegressor(random_state=0).fit(X, X[:, 0])
    two = MLPRegressor(random_state=0).fit(X, X[:, :2])
    for place, model in enumerate((classifier, one, two)):
        save_model(model, tmp_path / str(place))
        loaded = load_model(tmp_path / str(place)).predict(X)
        assert loaded.shape == model.predict(X).shape
        assert loaded.tobytes() == model.predict(X).tobytes()


def test_the_public_surface_reads_models(saved):
    """The library's front door has ``load_model``."""
    assert hpsearch.load_model(saved).predict(X).shape == (30,)
    from hpsearch import api  # noqa: PLC0415 - it imports much

    assert api.load_model is hpsearch.load_model


def test_what_cannot_be_saved_is_refused(tmp_path):
    """What is no model, scalers that do not fit and numbers that JSON lacks are named; no file is left."""
    path, model = tmp_path / "m", network()
    with pytest.raises(
        SettingError, match=r"model: expected a network or a fitted estimator, found MLPClass"
    ):
        save_model(MLPClassifier(), path)
    with pytest.raises(SettingError, match=r"scaler: expected mean and scale \(3,\), found \(2,\)"):
        save_model(model, path, scaler=InputScaling(mean=np.zeros(2), scale=np.ones(2)))
    turned = SimpleNamespace(mean=np.zeros(3), scale=np.ones(3), rotation=np.eye(2))
    with pytest.raises(SettingError, match=r"scaler: expected a rotation \(3, 3\) .* found \(2, 2\)"):
        save_model(model, path, scaler=turned)
    with pytest.raises(SettingError, match=r"features: expected 3 names, found 2"):
        save_model(model, path, features=["a", "b"])
    with pytest.raises(SettingError, match=r"members: expected at least one model, found none"):
        save_model([], path)
    with pytest.raises(SettingError, match=r"scaler: expected an object with mean and scale, found 3"):
        save_model(model, path, scaler=3)
    with pytest.raises(SettingError, match=r"metrics: expected finite numbers, found loss = nan"):
        save_model(model, path, metrics={"loss": float("nan")})
    with pytest.raises(SettingError, match=r"classes: expected strings, bools, numbers or dates, found \|S1"):
        save_model(replace(model, classes=np.array([b"a", b"b", b"c"])), path)
    with pytest.raises(SettingError, match=r"classes: expected strings, bools or finite numbers, found None"):
        save_model(replace(model, classes=np.array(["a", "b", None], object)), path)
    assert list(tmp_path.iterdir()) == []


def test_whitened_rows_are_whitened_by_the_file(tmp_path):
    """The rotation comes along: predictions take rows as they were before, to the last bit."""
    rows = np.random.default_rng(3).normal(size=(40, 3)) @ [[2.0, 1.0, 0.0], [0.0, 1.0, 1.0], [0.0, 0.0, 3.0]]
    scaling = fit_inputs(rows, scaling="zca", maximum=None)
    model = network()
    save_model(model, tmp_path / "m", scaler=scaling, features=["a", "b", "c"], about={"study": "small"})
    loaded = load_model(tmp_path / "m")
    assert np.array_equal(loaded.predict_proba(rows), model.predict_proba(scaling.apply(rows)))
    assert not np.array_equal(loaded.predict_proba(rows), model.predict_proba(rows))
    assert (loaded.features, loaded.about) == (("a", "b", "c"), {"study": "small"})


def test_robust_rows_are_clipped_by_the_file(tmp_path):
    """The smooth clip comes along, of the features that have it alone; places that cannot be are refused."""
    rows = np.random.default_rng(3).standard_cauchy(size=(40, 3))
    rows[:, 1] = rows[:, 1] > 0
    scaling, model = fit_inputs(rows, scaling="robust", maximum=None, kept=[1]), network()
    save_model(model, tmp_path / "m", scaler=scaling)
    loaded = load_model(tmp_path / "m")
    assert loaded.scaler.clipped == scaling.clipped == (0, 2)
    assert np.array_equal(loaded.predict_proba(rows), model.predict_proba(scaling.apply(rows)))
    with pytest.raises(DataError, match=r"column '0', row 0: expected a (finite )?number.*, found inf"):
        loaded.predict([[np.inf, 0.0, 0.0]])
    for places, found in (((3,), r"clipped once at most, found \[3\]"), ((-1,), "0 or more, found -1")):
        clipped = SimpleNamespace(mean=np.zeros(3), scale=np.ones(3), clipped=places)
        with pytest.raises(SettingError, match=found):
            save_model(model, tmp_path / "n", scaler=clipped)


def test_the_bins_of_numbers_are_filled_by_the_file(tmp_path):
    """Rows come without bins; bins outside the features, or made twice, are refused when saved and read."""
    column = BinnedColumn(feature=0, first=1, edges=(0.0, 1.0, 2.0))
    model = network()
    save_model(model, tmp_path / "m", binned=[column], features=["a", "a, bin 1", "a, bin 2"])
    loaded = load_model(tmp_path / "m")
    assert loaded.binned == (column,)
    rows = np.array([[1.5, 1.0, 0.5], [-3.0, 0.0, 0.0]])
    assert np.array_equal(loaded.predict_proba(rows[:, :1]), model.predict_proba(rows))
    for wrong in ([replace(column, first=2)], [replace(column, first=0)], [column, column]):
        with pytest.raises(SettingError, match="binned: expected different features below 3, found"):
            save_model(model, tmp_path / "n", binned=wrong)
    assert not (tmp_path / "n").exists()


def test_an_ensemble_is_one_file(tmp_path):
    """Several networks, one scaling: what is read back averages as the networks themselves do."""
    members = [network(seed=seed) for seed in range(3)]
    scaling = InputScaling(mean=np.full(3, 0.1), scale=np.full(3, 2.0))
    save_model(members, tmp_path / "m", scaler=scaling)
    loaded = load_model(tmp_path / "m")
    rows = scaling.apply(X, np.float32)
    assert len(loaded.networks) == 3
    assert np.array_equal(loaded.predict_proba(X), Ensemble(members).predict_proba(rows))
    assert np.array_equal(loaded.predict(X), Ensemble(members).predict(rows))
    other = replace(members[0], classes=np.array(["x", "y", "z"]))
    with pytest.raises(SettingError, match=r"members: expected the classes \['a', 'b', 'c'\] of member 0"):
        save_model([members[1], other], tmp_path / "n")


def test_fault_28_a_file_is_replaced_whole(saved, monkeypatch):
    """A second save replaces the first; one that fails leaves the first as it was, and nothing beside it."""
    before = saved.read_bytes()
    save_model(network(seed=1), saved)
    assert saved.read_bytes() != before
    before = saved.read_bytes()

    def fail(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("hpsearch.nn.files.tensor_file.os.fsync", fail)
    with pytest.raises(ModelFileError, match=r"cannot be written: No space left on device"):
        save_model(network(), saved)
    assert saved.read_bytes() == before
    assert list(saved.parent.iterdir()) == [saved]


def test_an_ensemble_averages_probabilities(tmp_path):
    """Its probabilities are the members' mean, its label the most probable of that mean."""
    models = []
    for seed in range(3):
        save_model(network(seed=seed), tmp_path / str(seed))
        models.append(load_model(tmp_path / str(seed)))
    ensemble = Ensemble(models)
    mean = sum(model.predict_proba(X) for model in models) / 3
    assert ensemble.predict_proba(X) == pytest.approx(mean)
    assert (ensemble.predict(X) == np.array(["a", "b", "c"])[mean.argmax(axis=1)]).all()
    assert Ensemble([network()]).predict(X).tolist() == network().predict(X).tolist()


def test_an_ensemble_of_values_averages_values():
    """Regressors' networks are averaged in what they predict."""
    members = [MLPRegressor(random_state=seed).fit(X, X[:, 0]).network_ for seed in range(2)]
    mean = (members[0].predict(X) + members[1].predict(X)) / 2
    assert Ensemble(members).predict(X) == pytest.approx(mean)


def test_ensembles_of_nothing_or_of_strangers_are_refused():
    """No members, and members of other classes, are named."""
    with pytest.raises(SettingError, match=r"members: expected at least one model, found none"):
        Ensemble([])
    with pytest.raises(
        SettingError, match=r"members: expected the classes .* found \['a', 'b', 'd'\] in member 1"
    ):
        Ensemble([network(), network(("a", "b", "d"))])


LABELS = [
    np.array([0.0, 1.0, 2.5]),
    np.array([0.1, 0.2, 0.3], "f4"),
    np.array([1, 2, 3], "i1"),
    np.array([2**63 + 1, 2**63 + 3, 2**64 - 1], "u8"),
    np.array([1, 2, 2**70], object),
    np.array([True, False, True]),
    np.array(["01", "1", "yes"]),
    np.array(["01", "1", "yes"], np.dtypes.StringDType()),
    np.array(["2020-01-01", "2020-01-02", "2021-01-01"], "M8[D]"),
    np.array(["2020-01-01T01:02:03.000000004", "2020-01-02", "2021-01-01"], "M8[ns]"),
]


@pytest.mark.parametrize("labels", LABELS, ids=lambda labels: str(labels.dtype))
def test_fault_88_a_file_keeps_the_type_of_the_labels(tmp_path, labels):
    """What is predicted afterwards equals what was before, of the same type."""
    model = replace(network(), classes=labels)
    save_model([model, model], tmp_path / "m")
    loaded = load_model(tmp_path / "m")
    assert loaded.classes.dtype == labels.dtype or labels.dtype.kind == "T"
    rows = np.random.default_rng(0).normal(size=(9, 3))
    assert loaded.predict(rows).tolist() == model.predict(rows).tolist()

"""Models as files: what goes in comes out, and nothing else is accepted."""

import json
import pickle
import struct
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import hpsearch
from hpsearch.data import fit_inputs
from hpsearch.errors import DataError, HpsearchError
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
from hpsearch.nn.files.tensor_file import BLANK

rng = np.random.default_rng(0)
X = rng.standard_normal((30, 3)).astype(np.float32)
CODES = (X[:, 0] > 0).astype(int) + (X[:, 1] > 1)


def network(labels=("a", "b", "c"), dtype=np.float32, seed=0):
    """Return a small network of three classes."""
    y = np.array(labels)[CODES]
    return fit_stack([MLPConfig(hidden=(4,))], X, y, X, y, epochs=1, seed=seed, dtype=dtype)[0].network


def rewritten(path, *, card=None, tensors=None, drop=()):
    """Write a model file again with other contents and a digest that fits."""
    content = path.read_bytes()
    metadata = json.loads(content[8 : 8 + struct.unpack("<Q", content[:8])[0]])["__metadata__"]
    changed = {**json.loads(metadata["card"]), **(card or {})}
    kept = {k: v for k, v in (safetensors.numpy.load(content) | (tensors or {})).items() if k not in drop}
    changed = {k: v for k, v in changed.items() if k not in drop}
    blank = safetensors.numpy.save(kept, metadata={"card": json.dumps(changed), "sha256": BLANK})
    path.write_bytes(blank.replace(BLANK.encode(), sha256(blank).hexdigest().encode(), 1))
    return path


@pytest.fixture
def saved(tmp_path):
    """Return the file of a model with everything."""
    path = tmp_path / "model.safetensors"
    scaler = InputScaling(mean=np.array([1.0, 2.0, 3.0]), scale=np.array([0.5, 1.0, 2.0]))
    save_model(network(), path, scaler=scaler, metrics={"test_accuracy": 0.975}, data_hash="abc")
    return path


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


@cache
def saved_bytes():
    """Return the bytes of one saved model, the same for every example."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "m"
        save_model(network(), path, metrics={"test_accuracy": 0.5}, data_hash="abc")
        return path.read_bytes()


@settings(max_examples=300, deadline=None)
@given(data=st.data(), change=st.integers(1, 255))
def test_fault_27_any_one_byte_that_changed_is_noticed(tmp_path_factory, data, change):
    """Whichever byte of the file becomes another one, the file is refused with one line."""
    content = bytearray(saved_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= change
    path = tmp_path_factory.mktemp("altered") / "m"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"^[^\n]*m: expected [^\n]*, found [^\n]*$"):
        load_model(path)


@settings(max_examples=100, deadline=None)
@given(length=st.data(), tail=st.binary(max_size=3))
def test_fault_27_a_file_of_another_length_is_noticed(tmp_path_factory, length, tail):
    """A file that was cut short, or has more behind it, is refused."""
    whole = saved_bytes()
    content = whole[: length.draw(st.integers(0, len(whole)))] + tail
    assume(content != whole)
    path = tmp_path_factory.mktemp("cut") / "m"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"m: expected"):
        load_model(path)


class Bomb:
    """An object whose pickle would run code."""

    def __reduce__(self):
        """Ask for the code to be run."""
        return pytest.fail, ("the pickle was run",)


@pytest.mark.parametrize(
    "content",
    [b"", b"x", pickle.dumps(Bomb()), b"PK\x03\x04" + bytes(99), b"\x93NUMPY", b"\x02" + bytes(7) + b"[]"],
)
def test_other_files_are_refused(tmp_path, content):
    """Nothing, pickles, archives, arrays and other JSON are refused, and nothing in them is run."""
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"other: expected a \.safetensors file, found something else"):
        load_model(path)


def test_deeply_nested_headers_are_refused(tmp_path):
    """A header nested too deep for the reader is refused like any other."""
    path = tmp_path / "deep"
    path.write_bytes(struct.pack("<Q", 200_000) + b"[" * 200_000)
    with pytest.raises(ModelFileError, match=r"deep: expected a \.safetensors file"):
        load_model(path)


def test_missing_files_folders_and_foreign_tensors_are_refused(tmp_path):
    """What is not there, a folder, and another program's tensors are told apart."""
    with pytest.raises(ModelFileError, match=r"none: expected a saved model, found none: No such file"):
        load_model(tmp_path / "none")
    with pytest.raises(HpsearchError, match=r"expected a saved model, found none: Is a directory"):
        load_model(tmp_path)
    safetensors.numpy.save_file({"a": np.zeros(2)}, tmp_path / "foreign")
    with pytest.raises(ModelFileError, match=r"foreign: expected a model saved by hpsearch, found tensors"):
        load_model(tmp_path / "foreign")
    with pytest.raises(ModelFileError, match=r"m: cannot be written: No such file or directory"):
        save_model(network(), tmp_path / "nowhere" / "m")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"card": {"version": 2}}, r"expected format version 1, found 2; read it with"),
        ({"card": {"kind": "cake"}}, r"expected a saved model, found 'cake'"),
        (
            {"card": {"sizes": [3, 5, 3]}},
            r"sizes: expected \(n_features, \*\(4,\), n_outputs\), found \(3, 5, 3\)",
        ),
        ({"card": {"sizes": [3, -4, 3]}}, r"sizes: expected a whole number, 1 or more, found -4"),
        ({"card": {"sizes": [4, 4, 3]}}, r"parameters: expected real numbers \(35,\), found float32 \(31,\)"),
        ({"card": {"sizes": 3}}, r"not a model that can be: "),
        ({"card": {"config": {"hidden": [4], "lr": -1}}}, r"lr: expected a number above 0, found -1"),
        (
            {"card": {"config": {"hidden": [4], "color": 1}}},
            r"config: expected settings of a network, found 'color'",
        ),
        (
            {"card": {"classes": {"dtype": "<U1", "labels": ["a", "b"]}}},
            r"classes: expected 3 labels, found 2",
        ),
        (
            {"card": {"classes": {"dtype": "<U1", "labels": ["a", 2, 3]}}},
            r"classes: expected labels of type <U1",
        ),
        (
            {"card": {"classes": {"dtype": "|b1", "labels": ["", "b", "c"]}}},
            r"classes: expected labels of type",
        ),
        (
            {"card": {"classes": {"dtype": "<M8[s]", "labels": [1, 2, 3]}}},
            r"classes: expected strings, bools or",
        ),
        ({"card": {"classes": {"dtype": "banana", "labels": []}}}, r"classes: expected labels of one type"),
        ({"card": {"classes": ["a"]}}, r"classes: expected labels and their type, found \['a'\]"),
        (
            {"tensors": {"parameters": np.zeros(30, np.float32)}},
            r"expected real numbers \(31,\), found .* \(30,\)",
        ),
        ({"tensors": {"parameters": np.zeros(31, np.int32)}}, r"expected real numbers \(31,\), found int32"),
        ({"tensors": {"more": np.zeros(1)}}, r"tensors: expected no others, found \['more'\]"),
        ({"tensors": {"scaler.mean": np.zeros(2)}}, r"scaler: expected mean and scale of one shape"),
        ({"tensors": {"scaler.scale": np.zeros(3)}}, r"scaler: expected finite numbers and scales above 0"),
        (
            {"tensors": {"scaler.mean": np.zeros(4), "scaler.scale": np.ones(4)}},
            r"scaler: expected mean and scale \(3,\), found \(4,\)",
        ),
        ({"drop": ["parameters"]}, r"expected parameters in a saved model, found none"),
        ({"drop": ["sizes"]}, r"expected sizes in a saved model, found none"),
    ],
)
def test_fault_27_files_that_say_what_cannot_be_are_refused(saved, change, message):
    """A file with a fitting digest but impossible contents is refused by name."""
    with pytest.raises(ModelFileError, match=message):
        load_model(rewritten(saved, **change))


def test_rewriting_alone_changes_nothing(saved):
    """The tests' own way to write a file is accepted, so the refusals above are for what they changed."""
    assert load_model(rewritten(saved)).predict(X).shape == (30,)


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
    with pytest.raises(SettingError, match=r"classes: expected strings, bools or numbers, found datetime64"):
        save_model(replace(model, classes=np.arange(3).astype("M8[s]")), path)
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

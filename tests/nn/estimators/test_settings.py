"""Settings that an estimator takes in more forms than a study file."""

import numpy as np
import pytest
from sklearn.base import clone

from hpsearch.nn import MLPClassifier, SettingError
from hpsearch.nn.estimators.settings import hidden_layers
from tests.nn.estimators.rows import ESTIMATORS, rows

LAYERS = {
    (): [(), [], np.array([])],
    (8,): [8, (8,), [8], np.int64(8), np.array(8), np.array([8]), np.array([8], np.uint8), (np.int32(8),)],
    (8, 4): [(8, 4), [8, 4], np.array([8, 4]), [np.int64(8), 4], range(8, 3, -4)],
}


@pytest.mark.parametrize("kind", ESTIMATORS)
@pytest.mark.parametrize("layers", LAYERS, ids=str)
def test_hidden_units_in_every_form(kind, layers):
    """One number, tuples, lists, ranges and arrays make one network; a clone has what was given."""
    X, y = rows(20)
    expected = kind(hidden=layers, epochs=1, random_state=0).fit(X, y).network_
    for form in LAYERS[layers]:
        model = kind(hidden=form, epochs=1, random_state=0)
        assert clone(model).fit(X, y).network_.parameters.tobytes() == expected.parameters.tobytes()
        assert model.hidden is form
        assert repr(model)
        assert model.fit(X, y).network_.config.hidden == layers


WRONG = [0, -1, 1.5, "8", True, None, np.array(1.5), np.array([8.0]), np.array([[8]]), np.True_, 8.0]


@pytest.mark.parametrize("wrong", [*WRONG, *([8, value] for value in WRONG), {8}, {8: 4}, b"8"], ids=repr)
@pytest.mark.parametrize("kind", ESTIMATORS)
def test_hidden_units_that_cannot_be_are_refused(kind, wrong):
    """In one line, with what was found; alone and within a list."""
    with pytest.raises(SettingError, match=r"^hidden: expected the units of each layer, .* found ") as error:
        kind(hidden=wrong).fit(*rows())
    assert str(error.value).endswith(f"found {wrong!r}")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["epochs", "batch_size", "schedule_every", "warmup_epochs", "embedding"])
def test_whole_numbers_are_no_arrays(name):
    """An array of several or of real numbers is refused like any other value, in one line."""
    for wrong in (np.array([3]), np.array(2.5), np.array([[3]]), [3], "3", True, np.True_):
        with pytest.raises(SettingError, match=rf"^{name}: expected a whole number, . or more, found "):
            MLPClassifier(**{name: wrong}).fit(*rows())


def test_hidden_units_are_plain_numbers():
    """NumPy's integers become Python's, so a model file can hold them."""
    assert [type(size) for size in hidden_layers(np.array([8, 4]))] == [int, int]


def test_a_failed_fit_leaves_the_network_before():
    """Settings are checked before labels and names are learned."""
    X, y = rows()
    model = MLPClassifier(epochs=1).fit(X, y)
    with pytest.raises(SettingError, match=r"^hidden: "):
        model.set_params(hidden="8").fit(X[:, :2], y > 0)
    assert model.classes_.tolist() == [0, 1, 2]
    assert model.n_features_in_ == 4
    assert set(model.predict(X)) <= {0, 1, 2}

import pytest

from hpsearch.api import check_study
from hpsearch.study_file import spec_from_dict, spec_to_dict


@pytest.mark.parametrize(
    ("model", "line", "filled"),
    [
        ("", "lr = { low = 1e-4, high = 1e-1, log = true, default = 0.5, widen = 1 }", 0.5),
        ("", "lr = { low = 1e-4, high = 1e-1, log = true }", 1e-3),
        ("", "lr = { low = 1e-6, high = 1e-4, log = true, widen = 0 }", 1e-4),
        ("", "lr = { low = 0.25, high = 0.5 }", 0.25),
        ("", "weight_decay = { low = 1e-8, high = 1e-2, log = true, widen = 1 }", 1e-9),
        ("", "dropout = { low = 0.0, high = 0.6 }", 0.0),
        ("", "batch_size = { low = 8, high = 128, log = true }", 64),
        ("", "batch_size = { low = 128, high = 256 }", 128),
        ("", 'activation = { choices = ["tanh", "relu"] }', "relu"),
        ("", 'activation = { choices = ["tanh", "gelu"] }', "tanh"),
        ("", "batch_size = { choices = [16, 32] }", 16),
        ('optimizer = "momentum"', "momentum = { low = 0.5, high = 0.75 }", 0.625),
        ('optimizer = "momentum"', 'momentum = { low = 0.9, high = 0.999, log = "mirrored" }', 0.99),
    ],
)
def test_what_is_not_declared_is_the_networks_own(read, model, line, filled):
    """Moved into the outer range; the middle, or the first choice, where the network has none."""
    spec = check_study(read(f"{model}\nhidden = [8]", line))
    (value,) = spec.defaults.values()
    assert value == pytest.approx(filled)
    assert type(value) is type(filled)
    assert spec.default == pytest.approx(spec.space.internal(spec.defaults))
    assert spec_from_dict(spec_to_dict(spec)) == spec
    assert check_study(spec) == spec


def test_a_whole_number_is_a_fraction_where_the_parameter_is(read):
    """``default = 1`` and ``default = 1.0`` are one contract."""
    space = "l1 = {{ low = 0.0, high = 2.0, default = {} }}"
    one, other = (check_study(read("hidden = [8]", space.format(text))) for text in ("1", "1.0"))
    assert repr(one.defaults) == repr(other.defaults) == "{'l1': 1.0}"

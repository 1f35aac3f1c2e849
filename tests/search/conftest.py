import numpy as np
import pytest
from hypothesis import strategies as st

from hpsearch.search import History, TrialState
from hpsearch.space import ChoiceParameter, Condition, FloatParameter, IntParameter, Space
from hpsearch.study_file import DataSpec, SearchSpec, StudySpec

EPOCHS = 4


@pytest.fixture(scope="session")
def mixed_space():
    """Return a space with a parameter of every kind."""
    return Space(
        (
            FloatParameter(name="lr", low=1e-4, high=1e-1, log=True, widen=2),
            FloatParameter(name="dropout", low=0.0, high=0.6),
            IntParameter(name="width", low=4, high=64, log=True),
            IntParameter(name="layers", low=-1, high=3),
            ChoiceParameter(name="activation", choices=("relu", "tanh", "gelu")),
        )
    )


@pytest.fixture(scope="session")
def make_spec(mixed_space):
    """Return a function that makes a study of the mixed space."""

    def make(**changes):
        settings = {
            "name": "study",
            "seed": 0,
            "trials": 60,
            "parallelism": 4,
            "data": DataSpec(source="digits"),
            "model": {},
            "space": mixed_space,
            "search": SearchSpec(rounds=(8, 6)),
        }
        return StudySpec(**{**settings, **changes})

    return make


@pytest.fixture(scope="session")
def make_history():
    """Return a function that makes a history, one parameter in the middle of nowhere, from plain lists."""

    def make(values, *, states=None, internal=None, curves=None):
        n = len(values)
        states = [TrialState.COMPLETE] * n if states is None else states
        internal = [[float(i)] for i in range(n)] if internal is None else internal
        width = max((len(curve) for curve in curves), default=0) if curves else 0
        table = np.full((n, width), np.nan)
        for row, curve in zip(table, curves or [], strict=False):
            row[: len(curve)] = curve
        return History(
            internal=np.asarray(internal, dtype=float),
            states=np.asarray([int(state) for state in states], np.int64),
            values=np.asarray([np.nan if v is None else v for v in values], dtype=float),
            curves=table,
        )

    return make


@pytest.fixture(scope="session")
def histories():
    """Return a function from a space to a strategy for histories in its outer ranges, of any states."""

    @st.composite
    def histories(draw, space, *, n, settled=False):
        rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
        size = draw(st.integers(*n))
        margins = np.array([parameter.margin for parameter in space])
        units = rng.uniform(-margins, 1 + margins, (size, len(space)))
        shares = (0, 0.7, 0.2, 0.1) if settled else (0.2, 0.5, 0.2, 0.1)
        states = rng.choice(
            [int(state) for state in TrialState if state is not TrialState.WAITING], size, p=shares
        )
        # Few levels, so that values are often equal.
        values = rng.integers(0, draw(st.sampled_from((4, 10**6))), size) / 10**6
        values[(states == TrialState.RUNNING) | (states == TrialState.FAILED)] = np.nan
        curves = rng.uniform(0, 1, (size, EPOCHS))
        lengths = np.where(states == TrialState.COMPLETE, EPOCHS, rng.integers(0, EPOCHS, size))
        curves[np.arange(EPOCHS) >= lengths[:, None]] = np.nan
        internal = np.array([space.from_unit(unit) for unit in units]).reshape(size, len(space))
        return History(internal=internal, states=states, values=values, curves=curves)

    return histories


@pytest.fixture(scope="session")
def same():
    """Return a function that returns whether two histories are equal to the last bit."""

    def same(one, other):
        names = ("internal", "states", "values", "curves")
        return all(np.array_equal(getattr(one, n), getattr(other, n), equal_nan=True) for n in names)

    return same


@pytest.fixture(scope="session")
def forked_space():
    """Return a space with two branches: no point has all the parameters."""
    return Space(
        (
            FloatParameter(name="momentum", low=0.1, high=0.9),
            FloatParameter(name="lr", low=1e-4, high=1e-1, log=True, widen=1),
            ChoiceParameter(name="optimizer", choices=("sgd", "momentum", "adam")),
            IntParameter(name="warm", low=1, high=4),
            ChoiceParameter(name="nested", choices=(True, False)),
        ),
        (
            Condition(name="momentum", on="optimizer", among=("momentum",)),
            Condition(name="nested", on="optimizer", among=("adam",)),
            Condition(name="warm", on="nested", among=(True,)),
        ),
    )

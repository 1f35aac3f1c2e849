"""Hypothesis strategies for studies."""

import dataclasses

from hypothesis import reject
from hypothesis import strategies as st

from hpsearch.errors import StudyFileError
from hpsearch.space import ChoiceParameter, Condition, FloatParameter, IntParameter, MirroredParameter, Space
from hpsearch.study_file import (
    DRAWS,
    LEARNED,
    ConfirmSpec,
    DataSpec,
    LearnedStart,
    ObjectiveSpec,
    SearchSpec,
    StopSpec,
    StudySpec,
)

names = st.text(
    st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=200
).filter(str.strip)
texts = names
shares = st.floats(0.001, 0.499) | st.integers(1, 10**6)


@st.composite
def log_floats(draw, name="lr"):
    """Return a log range of 0.1 to 12 decades, widened by 0 to 10."""
    low = 10 ** draw(st.floats(-12, 6))
    high = low * 10 ** draw(st.floats(0.1, 12))
    return FloatParameter(name=name, low=low, high=high, log=True, widen=draw(st.integers(0, 10)))


@st.composite
def plain_floats(draw, name="dropout"):
    """Return a plain range whose width is not lost in its ends."""
    low = draw(st.floats(-1e6, 1e6))
    return FloatParameter(name=name, low=low, high=low + draw(st.floats(0.01, 1e6)))


@st.composite
def mirrored(draw, name="momentum"):
    """Return a mirrored log range of 0.1 to 6 decades, from 0 or above to 1e-9 below 1."""
    far = 10 ** draw(st.floats(-3, 0))
    return MirroredParameter(name=name, low=1 - far, high=1 - far / 10 ** draw(st.floats(0.1, 6)))


@st.composite
def integers(draw, name="width"):
    """Return a range of whole numbers, plain or log."""
    log = draw(st.booleans())
    low = draw(st.integers(1 if log else -(10**6), 10**6))
    return IntParameter(name=name, low=low, high=low + draw(st.integers(1, 10**6)), log=log)


def floats(name="lr"):
    """Return a range of real numbers, plain or log."""
    return log_floats(name) | plain_floats(name)


def choices(name="activation"):
    """Return choices of one type, lists among them."""
    whole, real = st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False)
    layers = st.lists(st.integers(1, 512), max_size=2).map(tuple)
    kinds = (texts, whole, real, st.booleans(), layers)
    lists = [st.lists(of, min_size=1, max_size=6, unique=True) for of in kinds]
    return st.one_of(lists).map(lambda values: ChoiceParameter(name=name, choices=tuple(values)))


def parameters(name="p"):
    """Return any parameter."""
    return floats(name) | mirrored(name) | integers(name) | choices(name)


name_lists = st.lists(names, min_size=1, max_size=5, unique=True)


@st.composite
def spaces(draw, keys=name_lists):
    """Return parameters of any kind, some of them with conditions on choices before or after them."""
    found = [draw(choices(key) | parameters(key)) for key in draw(keys)]
    ranks = draw(st.permutations(range(len(found))))  # conditions point down in rank: no circles
    conditions = []
    for child, rank in zip(found, ranks, strict=True):
        for parent, below in zip(found, ranks, strict=True):
            if below < rank and isinstance(parent, ChoiceParameter) and draw(st.booleans()):
                among = draw(st.lists(st.sampled_from(parent.choices), min_size=1, unique=True))
                conditions.append(Condition(name=child.name, on=parent.name, among=tuple(among)))
    try:
        return Space(tuple(found), tuple(draw(st.permutations(conditions))))
    except StudyFileError:  # conditions that can never hold together
        reject()


settings = (
    st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
    | st.lists(st.integers(0, 4096), max_size=4).map(tuple)
    | st.lists(st.tuples(st.integers(0, 99), st.floats(0, 1)), min_size=1, max_size=4).map(tuple)
)
data_specs = st.builds(
    DataSpec,
    source=texts,
    target=st.none() | texts,
    weights=st.none() | texts,
    train=st.none() | st.integers(1, 10**6),
    validation=shares,
    test=shares,
    scaling=st.sampled_from(["auto", "standard", "robust", "none", "pca", "zca"]),
)
search_specs = st.builds(
    SearchSpec,
    rounds=st.lists(st.integers(1, 1000), max_size=4).map(tuple),
    widen=st.integers(0, 10),
    rungs=st.lists(st.integers(1, 1000), max_size=4, unique=True).map(sorted).map(tuple),
    keep=st.floats(0, 1, exclude_min=True),
    start=st.sampled_from(DRAWS),
)
confirm_specs = st.builds(
    ConfirmSpec,
    top=st.integers(0, 50),
    seeds=st.integers(1, 50),
    epochs=st.none() | st.integers(1, 1000),
    ensemble=st.integers(0, 50),
    refit=st.booleans(),
)
stop_specs = st.builds(
    StopSpec,
    target=st.none() | st.floats(0, 1, exclude_min=True),
    hours=st.none() | st.floats(0, 1e6, exclude_min=True),
    plateau=st.none() | st.integers(1, 10**6),
)

objective_specs = st.sampled_from(
    [
        ObjectiveSpec(),
        ObjectiveSpec(metric="roc_auc"),
        ObjectiveSpec(metric="log_loss"),
        ObjectiveSpec(loss="huber"),
        ObjectiveSpec(class_weight="balanced"),
        ObjectiveSpec(metric="f1", class_weight={"yes": 5.0, "no": 0.5}),
        ObjectiveSpec(metric="mae", loss="absolute_error"),
    ]
)


@st.composite
def starts(draw, space):
    """Return nothing, or what a portfolio gives a study: values of some parameters for a few trials."""
    if draw(st.booleans()):
        return None
    points = draw(
        st.lists(st.lists(st.sampled_from(space.parameters), unique_by=lambda p: p.name), max_size=3)
    )
    settings = tuple(
        {p.name: p.external(p.from_unit(draw(st.floats(0, 1)))) for p in point} for point in points
    )
    return LearnedStart(hash=draw(texts), settings=settings)


@st.composite
def studies(draw):
    """Return any study that its record accepts."""
    keys = draw(name_lists)
    n_space = draw(st.integers(1, len(keys)))
    space = draw(spaces(st.just(keys[:n_space])))
    objective, data = draw(objective_specs), draw(data_specs)
    units = {p.name: draw(st.none() | st.floats(0, 1)) for p in space}
    search, learned = draw(search_specs), draw(starts(space))
    if learned is not None:
        search = dataclasses.replace(search, start=LEARNED, portfolio=draw(st.none() | texts))
    return StudySpec(
        name=draw(names),
        seed=draw(st.integers(0, 2**53)),
        trials=draw(st.integers(1, 10**6)),
        parallelism=draw(st.integers(1, 1000)),
        data=dataclasses.replace(data, task=objective.task),
        model={key: draw(settings) for key in keys[n_space:]},
        space=space,
        defaults={p.name: p.external(p.from_unit(u)) for p in space if (u := units[p.name]) is not None},
        search=search,
        learned=learned,
        stop=draw(stop_specs),
        objective=objective,
        confirm=draw(confirm_specs),
    )

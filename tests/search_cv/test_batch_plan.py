"""The candidates of a search: pure functions of seed and results, inside the space, none twice."""

from zlib import crc32

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hpsearch.search import SearchPlan, TrialState
from hpsearch.search_cv.batch_plan import BatchPlan, settled
from hpsearch.search_cv.candidate_space import candidate_space
from hpsearch.study_file import DataSpec, SearchSpec, StudySpec, default_rounds


def run(space, score, *, trials, parallelism, seed=0):
    """Return the points of a whole search and their proposals; ``score`` is a function of parameters."""
    plan = BatchPlan(space, trials=trials, parallelism=parallelism, seed=seed)
    points, scores, proposals = [], [], []
    while batch := plan.batch(settled(points, np.array(scores), n_parameters=len(space.space))):
        points += [one.internal for one in batch]
        scores += [score(space.params(one.internal)) for one in batch]
        proposals += batch
    return points, proposals


def hill(params):
    """Return a score that is highest at ``a = 0.3`` and a small ``rate``."""
    return -((params["a"] - 0.3) ** 2) - abs(np.log10(params["rate"]) + 4) / 9


SPACE = candidate_space({"a": stats.uniform(), "rate": stats.loguniform(1e-5, 1)})


@pytest.mark.parametrize("seed", [0, 1, 7])
def test_it_is_the_search_of_a_study_with_one_trial_in_flight(seed):
    """With batches of one, a study of that seed proposes the same parameters to the last bit."""
    trials, points = 30, []
    spec = StudySpec(
        name="x", seed=seed, trials=trials, parallelism=1, data=DataSpec(source="digits"), model={},
        space=SPACE.space, search=SearchSpec(rounds=default_rounds(trials, 1), widen=0),
    )  # fmt: skip
    study = SearchPlan(spec)
    for number in range(trials):
        scores = np.array([hill(SPACE.params(point)) for point in points])
        points.append(study.propose(settled(points, scores, n_parameters=2), number).internal)
    assert run(SPACE, hill, trials=trials, parallelism=1, seed=seed)[0] == points


def test_a_gaussian_process_proposes_the_batches_after_a_short_round():
    """Its first batch after eight random candidates is its own, and none comes twice."""
    plan, points = BatchPlan(SPACE, trials=20, parallelism=4, seed=0, model="gp"), []
    stages = []
    while batch := plan.batch(settled(points, score_of(points), n_parameters=2)):
        points += [one.internal for one in batch]
        stages += [one.stage for one in batch]
    assert stages == ["round 0"] * 8 + ["gp"] * 12
    assert len({SPACE.key(point) for point in points}) == 20


def score_of(points):
    """Return the scores of points on the hill, ``(n,)``."""
    return np.array([hill(SPACE.params(point)) for point in points])


def test_a_batch_sees_the_results_before_it_and_none_of_its_own():
    """Another result of the last batch changes no candidate; of any earlier one it changes later ones."""
    plain, stages = run(SPACE, hill, trials=60, parallelism=10)
    assert [one.stage for one in stages[17:23]] == ["round 0", *["tpe"] * 5]

    def changed(at):
        def score(params):
            return hill(params) + 9 * (params == SPACE.params(plain[at]))

        return run(SPACE, score, trials=60, parallelism=10)[0]

    assert changed(50) == plain
    for first in (30, 40):
        worst = min(range(first, first + 10), key=lambda number: hill(SPACE.params(plain[number])))
        other = changed(worst)
        assert other[: first + 10] == plain[: first + 10]
        assert other[first + 10 : first + 20] != plain[first + 10 : first + 20]


spaces = st.fixed_dictionaries(
    {"n": st.sampled_from([stats.randint(1, 9), {"low": 1, "high": 8, "log": True}])},
    optional={
        "a": st.sampled_from([stats.uniform(), stats.norm(), stats.loguniform(1e-3, 2)]),
        "kind": st.just(["x", None, (1, 2)]),
        "when": st.just({"low": 0.0, "high": 1.0, "when": {"n2": [1, 2]}}),
        "n2": st.just([1, 2, 3]),
    },
).map(lambda one: one if "n2" in one else {name: value for name, value in one.items() if name != "when"})


@settings(max_examples=40, deadline=None)
@given(spaces, st.integers(1, 40), st.integers(1, 9), st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_every_candidate_is_in_the_space_and_none_comes_twice(one, trials, parallelism, seed, failing):
    """Also where candidates fail, and where the space has fewer points than trials."""
    space = candidate_space([one, {"b": [1, 2, 3]}] if seed % 2 else one)

    def score(params):
        return np.nan if crc32(str(params).encode()) / 2**32 < failing else params.get("n", 4) / 8

    points, proposals = run(space, score, trials=trials, parallelism=parallelism, seed=seed)
    found = [str(space.params(point)) for point in points]
    assert len(set(found)) == len(found) <= trials
    assert [proposal.number for proposal in proposals] == list(range(len(found)))
    for point in points:
        params = space.params(point)
        assert params.get("n", 1) in range(1, 9)
        assert params.get("b", 1) in {1, 2, 3}
        assert ("when" in params) == (params.get("n2") in {1, 2} and "when" in one)
        assert 0 <= params.get("when", 0.5) <= 1
        assert np.isfinite(params.get("a", 0.0))


def test_a_small_space_is_used_up():
    """Every point comes once, then the search ends."""
    space = candidate_space([{"a": [1, 2, 3], "b": [True, False]}, {"c": stats.randint(0, 4)}])
    points, _ = run(space, lambda params: params.get("a", 0), trials=50, parallelism=8)
    assert len({str(space.params(point)) for point in points}) == len(points) == 10


def test_a_failed_candidate_is_as_bad_as_the_worst_and_no_finalist():
    """It has a value, so the search keeps away from it, and it is not complete."""
    history = settled([(0.1,), (0.2,), (0.3,)], np.array([0.5, np.nan, -2.0]), n_parameters=1)
    assert history.values.tolist() == [0.5, -2.0, -2.0]
    assert history.states.tolist() == [TrialState.COMPLETE, TrialState.PRUNED, TrialState.COMPLETE]
    assert history.complete.tolist() == [0, 2]
    nothing = settled([(0.1,), (0.2,)], np.array([np.nan, -np.inf]), n_parameters=1)
    assert nothing.values.tolist() == [0.0, 0.0]


def test_the_search_keeps_away_from_where_candidates_fail():
    """Half of the space fails: of the last candidates few lie there."""
    space = candidate_space({"a": stats.uniform(), "b": stats.uniform()})
    points, _ = run(
        space, lambda params: np.nan if params["a"] > 0.5 else params["b"], trials=60, parallelism=5
    )
    assert np.mean([point[0] > 0.5 for point in points[-30:]]) < 0.25

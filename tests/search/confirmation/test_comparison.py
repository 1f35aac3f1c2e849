"""The comparison of candidates on the same rows, by hand and by simulation."""

import numpy as np
import pytest

from hpsearch.search.confirmation.comparison import Comparison
from hpsearch.search.confirmation.crossed import crossed
from hpsearch.search.confirmation.race import Standing


def compared(*parts):
    """Return the comparison of candidates from the parts of their networks."""
    parts = [np.array(one, np.float64) for one in parts]
    standing = Standing(
        given=np.array([len(one) for one in parts]), runs=tuple(one.mean(axis=1) for one in parts)
    )
    return Comparison(standing, parts)


def test_a_row_that_is_hard_for_both_adds_nothing_to_their_difference():
    """Two candidates that fail at the same rows differ by nothing, however many rows these are."""
    answers = np.zeros((4, 50))
    answers[:, :30] = 1
    assert crossed([answers, answers], by_seeds=0.0, freedom=6)[0] == 0
    assert crossed([answers], by_seeds=0.0, freedom=6)[0] == pytest.approx(0.6 * 0.4 / 49)


def test_networks_that_differ_at_few_rows_are_tied_by_rows_and_not_by_seeds():
    """Every seed of one is right at three rows more of 50: without the rows the lead has no variance."""
    one, other = np.ones((5, 50)), np.ones((5, 50))
    one[:, :2] = 0
    other[:, 1:6] = 0
    found = compared(one, other)
    assert Comparison(found.standing).better(0, 1)
    assert Comparison(found.standing).tied(0).tolist() == []
    assert not found.better(0, 1)
    assert found.tied(0).tolist() == [1]


def test_one_run_of_each_is_compared_by_rows():
    """Without a spread over seeds the rows decide: 10 rows of 400 are many, 2 are not."""
    one, other = np.ones((1, 400)), np.ones((1, 400))
    other[0, :10] = 0
    assert compared(one, other).better(0, 1)
    other[0, 2:] = 1
    assert not compared(one, other).better(0, 1)


def field(rng, *, rows, seeds, levels, taste):
    """Return the parts of candidates whose rows have a difficulty for all and a taste for each."""
    hard = rng.normal(size=rows)
    own = rng.normal(0, taste, (len(levels), rows))
    chance = 1 / (1 + np.exp(-(np.array(levels)[:, None] + hard + own)))
    return [(rng.random((seeds, rows)) < p).astype(float) for p in chance]


@pytest.mark.parametrize("rows", [40, 150])
def test_equals_are_rarely_called_different_on_new_rows(rows):
    """Six equals with rows that suit one or another: at most 8 % of races call one different."""
    rng = np.random.default_rng(rows)
    by_rows, by_seeds, n = 0, 0, 150
    for _ in range(n):
        found = compared(*field(rng, rows=rows, seeds=5, levels=[1.5] * 6, taste=1.5))
        place = int(np.argmax(found.standing.means))
        by_rows += len(found.tied(place)) < 5
        by_seeds += len(Comparison(found.standing).tied(place)) < 5
    assert by_rows <= 0.08 * n
    assert by_seeds > 2 * by_rows


def test_the_gain_is_shrunken_and_never_above_the_lead():
    """Of equals the best one's lead over another is luck: the gain is much nearer to 0."""
    rng = np.random.default_rng(5)
    leads, gains = [], []
    for _ in range(100):
        found = compared(*field(rng, rows=60, seeds=5, levels=[1.5] * 6, taste=1.5))
        place = int(np.argmax(found.standing.means[:5]))
        leads.append(found.standing.means[place] - found.standing.means[5])
        gains.append(found.gain(place, 5))
    assert np.mean(leads) > 0.03
    assert abs(np.mean(gains)) < np.mean(leads) / 3

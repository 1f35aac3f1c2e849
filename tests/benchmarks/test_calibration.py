"""The verdict against simulated studies: what it says is as often true as it should be."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))  # its modules find each other as beside a script

from calibration import line, lines, simulated, table  # noqa: E402
from calibration_claims import claims  # noqa: E402
from calibration_studies import FIELDS, Design, designs, judged  # noqa: E402


def share(n, **design):
    """Return the line of ``n`` simulated studies like the digits, with fields of the design replaced."""
    usual = {"accuracy": 0.97, "rows": 360, "seeds": 5, "spread": "small", "hardness": "some hard"}
    made = Design(**{**usual, **design})
    return line("one", [(made, judged(made, (7, place))) for place in range(n)])


def test_equals_are_rarely_called_different_and_the_interval_covers():
    """300 races of six equals: at most 7 % call one different; 93 to 98 % of the intervals cover."""
    found = share(300, field="six equals")
    assert found["different"] <= 0.07
    assert 0.93 <= found["covered"] <= 0.98
    assert abs(found["estimate bias"]) <= 0.002


def test_the_confirmed_mean_is_hardly_biased_by_the_choice():
    """Of 300 studies like the digits, a third of each field, it is too high by at most .004."""
    found = [share(100, field=field)["mean bias"] for field in FIELDS]
    assert abs(sum(found) / len(found)) <= 0.004


def test_the_best_is_rarely_missing_where_it_is_the_noisiest():
    """300 races with a best candidate that is three times as noisy: it is missing from at most 6 %."""
    found = share(300, field="one best, noisy", hardness="even", seeds=3)
    assert found["best missing"] <= 0.06
    assert found["of these true"] == 1.0


def test_claims_of_a_gain_are_true_on_fresh_rows():
    """200 searches on 30 to 1,000 rows: 90 % of the claims are true, and the mean gain is within .01."""
    said = [claim for claim in claims(200) if claim.better]
    assert len(said) >= 60
    assert np.mean([claim.true > 0 for claim in said]) >= 0.9
    bias = np.mean([claim.claimed - claim.true for claim in said])
    assert abs(bias) <= 0.01
    assert np.mean([claim.measured - claim.true for claim in said]) > bias + 0.005


@pytest.mark.long
def test_every_line_of_the_table_holds_its_bounds():
    """Over all designs the interval covers in 93 to 98 %; ties hold their bounds in every line."""
    studies = simulated(repeats=2, processes=2)
    found = lines(studies)
    assert len(studies) == 2 * len(designs()) == found[0]["n"]
    assert 0.93 <= found[0]["covered"] <= 0.98
    assert abs(found[0]["estimate bias"]) <= 0.004
    for one in found:
        assert one["n"] >= 300
        assert one["covered"] >= 0.93, one
        assert one["different"] is None or one["different"] <= 0.07, one
        assert one["best missing"] is None or one["best missing"] <= 0.06, one


@pytest.mark.exhaustive
def test_the_program_prints_a_table_with_a_line_of_trainings():
    """A small run: every line of the table, and the one of the networks that are trained."""
    command = [sys.executable, str(BENCHMARKS / "calibration.py"), "--repeats", "1", "--trainings", "30"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert printed.count("\n| ") >= 23
    assert "| 30 trainings | 30 |" in printed
    assert table([line("none", [])]).endswith("| none | 0 |  |  |  |  |  |  |  |  |  |")

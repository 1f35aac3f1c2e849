"""The digits search by hpsearch and by Optuna with scikit-learn or PyTorch: time and accuracy, end to end.

Run it from a checkout: ``python benchmarks/end_to_end.py``, with ``--json`` for one document.
"""

import argparse
import json
import sys
from dataclasses import asdict

from lineup import BASELINE, CONTENDERS
from machine import machine_facts
from measure import Run, Size, measure
from summary import summarize
from table import render

SCHEMA_VERSION = 1
DEFAULT = Size()


def main() -> None:
    """Measure what the command line asks for; print it."""
    options = _options()
    size = Size(trials=options.trials, epochs=options.epochs, processes=options.processes)
    seeds = round_seeds(options.first_seed, repeats=options.repeats, seeds=options.seeds)
    names = [name for name in CONTENDERS if name in options.contenders]
    absent = {name: reason for name in names if (reason := CONTENDERS[name].missing)}
    present = [name for name in names if name not in absent]
    machine = machine_facts()
    runs: list[Run] = []
    for run in measure(present, seeds, size, warm_up=options.warm_up):
        runs.append(run)
        print(f"round {run.round} seed {run.seed} {run.contender} {run.seconds:.2f} s", file=sys.stderr)
    document = {
        "schema_version": SCHEMA_VERSION,
        "machine": machine,
        "size": asdict(size),
        "seeds": seeds,
        "baseline": BASELINE,
        "contenders": summarize(runs, absent),
    }
    print(json.dumps(document, indent=2, allow_nan=False) if options.json else render(document))


def round_seeds(first: int, *, repeats: int, seeds: int) -> list[int]:
    """Return the seed of each round: the first seed repeated, each further one once."""
    return [first] * repeats + [first + place for place in range(1, seeds)]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of a table")
    parser.add_argument("--repeats", type=_count, default=3, help="rounds with the first seed (3)")
    parser.add_argument(
        "--seeds", type=_count, default=5, help="seeds in all, one round for each further one (5)"
    )
    parser.add_argument("--first-seed", type=int, default=42, help="the first seed (42)")
    parser.add_argument("--trials", type=_count, default=DEFAULT.trials, help="trials of a search (100)")
    parser.add_argument("--epochs", type=_count, default=DEFAULT.epochs, help="epochs of a trial (10)")
    parser.add_argument("--processes", type=_count, default=DEFAULT.processes, help="worker processes (2)")
    parser.add_argument(
        "--contenders", nargs="+", choices=CONTENDERS, default=list(CONTENDERS), help="who takes part (all)"
    )
    parser.add_argument(
        "--no-warm-up", dest="warm_up", action="store_false", help="measure the first start of each as well"
    )
    return parser.parse_args()


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number, 1 or more, found {text!r}")
    return int(text)


if __name__ == "__main__":
    main()

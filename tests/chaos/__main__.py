"""``python -m tests.chaos``: many seeds, a line for each that fails, and the count at the end."""

import argparse
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import product
from pathlib import Path

from tests.chaos.faults.all_faults import FAULTS
from tests.chaos.plan import DATABASES, draw
from tests.chaos.run import run, run_calmly
from tests.chaos.storage.places import Yard
from tests.chaos.study import STUDIES


class Storms:
    """Runs seeds, each job with a server of its own; adds up what came of them.

    Args:
        folder: For the calm run and the prepared data.
        verbose: Whether to tell what happens in each run.
    """

    def __init__(self, folder: Path, *, verbose: bool) -> None:
        self._cache = folder / "cache"
        self._verbose = verbose
        self._folder = folder
        self._calm = {}
        self._own = threading.local()
        self._yards = ExitStack()
        self.reports = []

    def calm(self, study):
        """Run a study undisturbed, for all seeds after it."""
        (self._folder / study).mkdir()
        self._calm[study] = run_calmly(STUDIES[study], self._folder / study, self._cache)

    def one(self, study, database, seed):
        """Run one seed."""
        plan = draw(seed, database, FAULTS, study=study)
        say = tell if self._verbose else lambda _line: None
        say(f"{study}, {database}, seed {seed}: {plan}")
        report = run(plan, self._calm[study], yard=self._yard(database), cache=self._cache, say=say)
        self.reports.append(report)
        tell_failure(report)

    def close(self):
        """End the servers."""
        self._yards.close()

    def _yard(self, database):
        if database == "postgresql" and not hasattr(self._own, "yard"):
            self._own.yard = self._yards.enter_context(Yard())
        return getattr(self._own, "yard", None)


def tell(line):
    """Print a line at once: a run of many seeds is watched while it goes on."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def tell_failure(report):
    """Print a line for a run that failed, what happened in it, and its violations."""
    if report.violations:
        plan = report.plan
        tell(f"FAILED {plan.study} {plan.database} seed {plan.seed} ({report.seconds:.1f} s)")
        for line in [*report.log, *report.violations]:
            tell(f"    {line}")


def summary(reports, seconds):
    """Return the lines that count it all."""
    injected = sum((report.injected for report in reports), Counter())
    drawn = sum(len(report.plan.faults) for report in reports)
    short = sum(sum(report.injected.values()) < len(report.plan.faults) for report in reports)
    failed = [report for report in reports if report.violations]
    runs = Counter((report.plan.study, report.plan.database) for report in reports)
    lines = [f"runs        {len(reports)}"]
    lines += [f"  {f'{study}, {database}':<22}{n}" for (study, database), n in sorted(runs.items())]
    lines += [f"faults      {sum(injected.values())} of {drawn} drawn"]
    lines += [f"  {kind:<20}{n}" for kind, n in sorted(injected.items())]
    lines += [f"fewer       {short} runs had fewer faults than drawn: their study was over before"]
    lines += [f"failed      {len(failed)} runs"]
    lines += [f"violations  {sum(len(report.violations) for report in failed)}"]
    return "\n".join([*lines, f"seconds     {seconds:.0f}"])


def options():
    """Return what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--runs", type=int, default=20, help="seeds for each study on each database")
    parser.add_argument("--database", choices=[*DATABASES, "both"], default="both")
    parser.add_argument("--study", choices=[*STUDIES, "all"], default="all", help="kind of objective")
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1, help="runs at the same time")
    parser.add_argument("--verbose", action="store_true", help="tell what happens")
    return parser.parse_args()


def main():
    """Run them; return the exit code."""
    asked = options()
    began_s = time.monotonic()
    studies = list(STUDIES) if asked.study == "all" else [asked.study]
    databases = DATABASES if asked.database == "both" else (asked.database,)
    seeds = range(asked.first_seed, asked.first_seed + asked.runs)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="storms-") as folder, ThreadPoolExecutor(asked.jobs) as pool:
        storms = Storms(Path(folder), verbose=asked.verbose)
        try:
            for study in studies:
                storms.calm(study)
            every = product(seeds, studies, databases)
            done = [pool.submit(storms.one, study, database, seed) for seed, study, database in every]
            for future in done:
                future.result()
        except KeyboardInterrupt:
            tell("interrupted: the runs that have begun are brought to their end")
        finally:
            pool.shutdown(cancel_futures=True)
            storms.close()
    tell(summary(storms.reports, time.monotonic() - began_s))
    return 1 if any(report.violations for report in storms.reports) else 0


if __name__ == "__main__":
    sys.exit(main())

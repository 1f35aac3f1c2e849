"""``python -m tests.hosts``: many seeds over several hosts, a line for each, and the count at the end."""

import argparse
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.chaos.__main__ import tell
from tests.chaos.invariants import INVARIANTS, same_study
from tests.chaos.run import run_calmly
from tests.chaos.study import STUDIES
from tests.hosts.netns import HostsUnavailableError, expect_hosts
from tests.hosts.run import plan_trip, travel
from tests.hosts.town import Town
from tests.machine.postgres_programs import PostgresUnavailableError

HEAD = "seed   delay  loss    lost / sent  seconds  fingerprint  faults injected"
SAME_STUDY = next(n for n, check in INVARIANTS.items() if check is same_study)


def line_of(back):
    """Return what came of a seed, as a line of the table."""
    same = "unknown" if back.report.violations else "same"
    if any(line.startswith(f"{SAME_STUDY}.") for line in back.report.violations):
        same = "differs"
    faults = ", ".join(f"{kind} x{n}" if n > 1 else kind for kind, n in sorted(back.report.injected.items()))
    sent = f"{back.lost} / {back.lost + back.passed}"
    trip = back.trip
    return (
        f"{trip.plan.seed:>4}  {trip.delay_s * 1000:>3.0f} ms  {trip.loss:>4.0%}  {sent:>13}  "
        f"{back.report.seconds:>7.1f}  {same:<11}  {faults}"
    )


def summary(all_back, seconds):
    """Return the lines that count it all."""
    injected = sum((back.report.injected for back in all_back), Counter())
    failed = [back for back in all_back if back.violations]
    lines = [f"runs        {len(all_back)}", f"faults      {sum(injected.values())}"]
    lines += [f"  {kind:<20}{n}" for kind, n in sorted(injected.items())]
    lines += [f"failed      {len(failed)} runs", f"seconds     {seconds:.0f}"]
    return "\n".join(lines)


def options():
    """Return what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.hosts", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="how many")
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--verbose", action="store_true", help="tell what happens")
    return parser.parse_args()


def run_seeds(seeds, folder, *, verbose):
    """Run seeds one after the other; yield what came of each."""
    cache = folder / "cache"
    calm = run_calmly(STUDIES["network"], folder, cache)
    with Town() as town:
        for seed in seeds:
            yield travel(
                plan_trip(seed), calm, town=town, cache=cache, say=tell if verbose else lambda _line: None
            )


def main():
    """Run them; return the exit code."""
    asked = options()
    began_s = time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    all_back = []
    try:
        expect_hosts()
        with tempfile.TemporaryDirectory(prefix="hosts-") as folder:
            tell(HEAD)
            seeds = range(asked.first_seed, asked.first_seed + asked.seeds)
            for back in run_seeds(seeds, Path(folder), verbose=asked.verbose):
                all_back.append(back)
                tell(line_of(back))
                for line in [*back.report.log, *back.violations] if back.violations else ():
                    tell(f"    {line}")
    except KeyboardInterrupt:
        tell("interrupted")
    except (HostsUnavailableError, PostgresUnavailableError) as error:
        tell(str(error))
        return 1
    tell(summary(all_back, time.monotonic() - began_s))
    return 1 if any(back.violations for back in all_back) else 0


if __name__ == "__main__":
    sys.exit(main())

"""Results that could not be stored: kept in files of this machine, delivered by the next worker."""

import hashlib
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeAlias

from hpsearch.data import cache_root
from hpsearch.files import whole_file
from hpsearch.search import TrialState
from hpsearch.store import Claim, Ledger, Result, masked

Results: TypeAlias = Sequence[tuple[Claim, Result]]


def keep(ledger: Ledger, results: Results) -> Path:
    """Write results to a file of their own, whole or not at all; return its path.

    Args:
        ledger: The ledger that did not take them.
        results: What could not be stored.

    Raises:
        OSError: The file cannot be written.
    """
    folder = _folder(ledger)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{results[0][0].token}-{results[0][0].trial_id}.json"
    note = [[_noted(claim), {**asdict(result), "state": int(result.state)}] for claim, result in results]
    with whole_file(path) as beside:
        beside.write_text(json.dumps(note))
    return path


def deliver_kept(ledger: Ledger) -> list[int]:
    """Hand kept results to the ledger; return the numbers of the trials that took them.

    A result whose trial has been settled meanwhile is dropped: the token says so. A file that cannot be
    read is left where it is.
    """
    taken: list[int] = []
    for path, results in _kept(ledger):
        taken += [claim.number for claim in ledger.finish(results)]
        path.unlink(missing_ok=True)
    return taken


def _folder(ledger: Ledger) -> Path:
    address = masked(ledger.database.secret_url)
    return cache_root() / "results" / hashlib.sha256(address.encode()).hexdigest()[:16]


def _kept(ledger: Ledger) -> Iterator[tuple[Path, Results]]:
    for path in sorted(_folder(ledger).glob("*.json")):
        try:
            note = json.loads(path.read_text())
            yield path, [(_claim(claim), _result(result)) for claim, result in note]
        except (OSError, ValueError, TypeError, KeyError):
            continue


def _noted(claim: Claim) -> dict[str, Any]:
    """Return a claim as JSON can hold it, which knows no NaN."""
    internal = [None if math.isnan(value) else value for value in claim.internal]
    return {**asdict(claim), "internal": internal}


def _claim(note: Any) -> Claim:
    internal = tuple(math.nan if value is None else value for value in note["internal"])
    return Claim(**{**note, "internal": internal})


def _result(note: Any) -> Result:
    return Result(**{**note, "state": TrialState(note["state"]), "curve": tuple(note["curve"])})

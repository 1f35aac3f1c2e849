"""Cells of a benchmark: computed by several processes, kept in a file so that a long run can be continued."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from typing import Any

Key = tuple[str | int, ...]
"""What makes a cell: contender, task, seed and the like."""


def computed(
    compute: Callable[[Key], Any], keys: Sequence[Key], *, processes: int, file: Path | None = None
) -> dict[Key, Any]:
    """Return key -> what ``compute`` made of it, in the order of the keys.

    Args:
        compute: A function at the top of a module; its answer goes through JSON.
        keys: The cells.
        processes: How many compute at once; with 1 it is this process.
        file: Where cells are kept, a line each; those that it holds already are not computed again.
    """
    known = _read(file) if file and file.exists() else {}
    wanted = [key for key in keys if key not in known]
    with ExitStack() as stack:
        out = stack.enter_context(file.open("a")) if file else None
        for n, (key, found) in enumerate(_each(compute, wanted, processes), start=1):
            known[key] = found
            print(f"{n} of {len(wanted)}: {' '.join(map(str, key))}", file=sys.stderr)
            if out:
                print(json.dumps([list(key), found], allow_nan=False), file=out, flush=True)
    return {key: known[key] for key in keys}


def _each(compute: Callable[[Key], Any], keys: Sequence[Key], processes: int) -> Iterator[tuple[Key, Any]]:
    if processes == 1:
        yield from ((key, _plain(compute(key))) for key in keys)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("forkserver")) as pool:
        futures: dict[Future[Any], Key] = {pool.submit(compute, key): key for key in keys}
        try:
            yield from ((futures[future], _plain(future.result())) for future in as_completed(futures))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _plain(found: Any) -> Any:
    """Return what a file would give back, so that a cell is the same whether it was kept or not."""
    return json.loads(json.dumps(found, allow_nan=False))


def _read(file: Path) -> dict[Key, Any]:
    """Return the cells of a file; a last line that was cut off is taken away."""
    text = file.read_text()
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        file.write_text(whole)
    return {tuple(key): found for key, found in map(json.loads, whole.splitlines())}

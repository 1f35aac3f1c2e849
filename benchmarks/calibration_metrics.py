"""Whether the winner's interval covers, under every metric: simulated networks whose true value is known.

    python benchmarks/calibration_metrics.py [--studies N]

Networks of new seeds predict new rows. Some rows are hard for all of them, each network has its own bias, and
each prediction noise of its own. The true value is the mean over many networks on 100,000 rows.
"""

import argparse
import os

os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

from collections.abc import Iterator

import numpy as np

from hpsearch.metrics import METRICS, Metric, Predicted, PredictionKind, Truth
from hpsearch.search.confirmation.interval import interval
from hpsearch.search.confirmation.race import Standing

DESIGNS = ((100, 5), (300, 3), (300, 10), (1000, 5))
"""Rows and seeds of a study."""
SHARES = (0.6, 0.3, 0.1)
"""Shares of the classes."""
TRUE = (40, 100_000)
"""Networks and rows that the true value is measured with."""


def drawn(metric: Metric, rng: np.random.Generator, *, seeds: int, rows: int) -> tuple[Truth, Predicted]:
    """Return rows, and what as many networks as there are seeds predict of them."""
    if not metric.for_classes:
        x, hard = rng.normal(0, 1, rows), rng.normal(0, 0.5, rows)
        truth = 2 * x + rng.normal(0, 1, rows) * (1 + np.abs(x) / 2)
        bias = rng.normal(0, 0.15, (seeds, 1))
        return truth[:, None], (2 * x + hard + bias + rng.normal(0, 0.4, (seeds, rows)))[:, :, None]
    k = len(SHARES)
    truth, hard = rng.choice(k, rows, p=SHARES), rng.normal(0, 0.8, (rows, k))
    bias = rng.normal(0, 0.15, (seeds, 1, k))
    logits = 1.8 * np.eye(k)[truth] + hard + bias + rng.normal(0, 0.5, (seeds, rows, k))
    if metric.takes is PredictionKind.LABELS:
        return truth, logits.argmax(axis=2)
    e = np.exp(logits - logits.max(axis=2, keepdims=True))
    return truth, e / e.sum(axis=2, keepdims=True)


def true_value(metric: Metric) -> float:
    """Return the mean over many networks on many rows."""
    seeds, rows = TRUE
    truth, predicted = drawn(metric, np.random.default_rng(0), seeds=seeds, rows=rows)
    return float(metric.over_lanes(truth, predicted).mean())


def covered(metric: Metric, *, rows: int, seeds: int, studies: int) -> tuple[float, float]:
    """Return how many of the studies have an interval that covers the true value, and the mean width."""
    true, hits, widths = true_value(metric), 0, list[float]()
    for study in range(studies):
        truth, predicted = drawn(metric, np.random.default_rng([study, rows, seeds]), seeds=seeds, rows=rows)
        values = metric.over_lanes(truth, predicted)
        standing = Standing(given=np.array([seeds]), runs=(metric.sign * values,))
        parts = np.stack([metric.parts(truth, one) for one in predicted])
        low, high = interval(standing, 0, estimate=float(values.mean()), parts=parts, metric=metric)
        hits += low <= true <= high
        widths.append(high - low)
    return hits / studies, float(np.mean(widths))


def lines(studies: int) -> Iterator[str]:
    """Yield the rows of the table, with its head: covered, and the width in brackets."""
    heads = [f"{rows} rows, {seeds} seeds" for rows, seeds in DESIGNS]
    yield f"| metric | true value | {' | '.join(heads)} |"
    yield "|---" * (2 + len(heads)) + "|"
    for metric in METRICS.values():
        found = [covered(metric, rows=rows, seeds=seeds, studies=studies) for rows, seeds in DESIGNS]
        cells = [f"{share:.3f} ({width:.3f})" for share, width in found]
        yield f"| {metric.title} | {true_value(metric):.4f} | {' | '.join(cells)} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Whether intervals cover, under every metric.")
    parser.add_argument("--studies", type=int, default=1000, help="studies of each design (1000)")
    print(*lines(parser.parse_args().studies), sep="\n")


if __name__ == "__main__":
    main()

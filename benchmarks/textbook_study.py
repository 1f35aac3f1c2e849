"""The textbook's task as study files: its ranges, its budgets, and the plans of hpsearch for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import hpsearch
from hpsearch.data import Dataset
from hpsearch.study_file import StudySpec
from hpsearch.worker import load_data

NAME = "textbook"
TRIALS = 100
EPOCHS = 50
TOP = 20
"""Members of an ensemble; the top fifth of the textbook's hundred."""
TAIL = 5
"""A trial's score is the mean accuracy of its last epochs, so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranges:
    """Where a search may look.

    Attributes:
        lr: Learning rate, log-uniform.
        weight_decay: Rate of the L2 penalty, log-uniform.
        widen: Decades that hpsearch may go beyond on each side; the others know nothing of the kind.
    """

    lr: tuple[float, float]
    weight_decay: tuple[float, float]
    widen: int


RANGES: Mapping[str, Ranges] = {
    "book": Ranges(lr=(1e-6, 1e-2), weight_decay=(1e-8, 1e-4), widen=2),
    "wide": Ranges(lr=(1e-4, 1.0), weight_decay=(1e-8, 1e-4), widen=0),
    "outer": Ranges(lr=(1e-8, 1.0), weight_decay=(1e-10, 1e-2), widen=0),
}
"""The book's own, a wide one, and for everybody what hpsearch may widen the book's to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much a search may spend.

    Attributes:
        trials: At most so many trials.
        epochs: At most so many epochs in all, or ``None`` for what the trials take.
    """

    trials: int
    epochs: int | None


BUDGETS: Mapping[str, Budget] = {
    "full": Budget(trials=TRIALS, epochs=TRIALS * EPOCHS),
    "1100": Budget(trials=1_000, epochs=1_100),
}
"""100 trials of 50 epochs each, and 1,100 epochs in all, however they are spent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How hpsearch spends a budget.

    Attributes:
        trials: Trials of the search.
        parallelism: Trials in flight.
        epochs: Epochs of a trial; what is confirmed trains for all ``EPOCHS``.
        search: Further lines of ``[search]``.
        confirm: Further lines of ``[confirm]``.
    """

    trials: int
    parallelism: int
    epochs: int = EPOCHS
    search: str
    confirm: str


PLANS: Mapping[tuple[str, str], Plan] = {
    ("hpsearch", "full"): Plan(
        trials=100,
        parallelism=16,
        search="rungs = []",
        confirm="top = 5\nseeds = 5",
    ),
    ("hpsearch-no-refit", "full"): Plan(
        trials=100,
        parallelism=16,
        search="rungs = []",
        confirm="top = 5\nseeds = 5\nrefit = false",
    ),
    ("hpsearch-equal", "full"): Plan(
        trials=76,
        parallelism=16,
        search="rungs = []",
        confirm="top = 4\nseeds = 4",
    ),
    ("hpsearch", "1100"): Plan(
        trials=60,
        parallelism=4,
        epochs=10,
        search="rungs = []",
        confirm="top = 3\nseeds = 2",
    ),
    ("hpsearch-no-refit", "1100"): Plan(
        trials=60,
        parallelism=4,
        epochs=10,
        search="rungs = []",
        confirm="top = 4\nseeds = 2\nrefit = false",
    ),
}
"""(contender, budget) -> its plan; ``hpsearch`` confirms on top of the full budget, ``hpsearch-equal``
within it, and at 1,100 everything counts: 60 x 10 epochs of the search, 50 for each of two runs of every
finalist and of the default (4 x 2, without refitting 5 x 2), and for the two networks of the winner that are
trained again on the validation rows as well."""

STUDY = """\
name = "{name}"
seed = {seed}
trials = {plan.trials}
parallelism = {plan.parallelism}

[data]
source = "mnist5k"
train = 400
validation = 100
test = 4500

[model]
hidden = [100, 100, 100, 100, 100, 100]
activation = "relu"
init = "he"
optimizer = "sgd"
batch_size = 100
epochs = {plan.epochs}

[space]
lr = {{ low = {r.lr[0]!r}, high = {r.lr[1]!r}, log = true }}
weight_decay = {{ low = {r.weight_decay[0]!r}, high = {r.weight_decay[1]!r}, log = true }}

[search]
widen = {r.widen}
{plan.search}

[confirm]
epochs = {epochs}
ensemble = {ensemble}
{plan.confirm}
"""


def write_study(path: Path, *, plan: Plan, ranges: Ranges, seed: int) -> None:
    """Write the study file of one search; its seed decides the split, too."""
    path.write_text(STUDY.format(name=NAME, seed=seed, plan=plan, r=ranges, epochs=EPOCHS, ensemble=TOP))


def study(ranges: Ranges, *, seed: int) -> tuple[StudySpec, Dataset]:
    """Return the study of one split, with the model as every contender trains it, and its data."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "study.toml"
        write_study(path, plan=PLANS["hpsearch", "full"], ranges=ranges, seed=seed)
        spec = hpsearch.load_study_file(path)
        return spec, load_data(spec, path.parent)

"""The page of the study file, from the records and maps behind it."""

import inspect
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from typing import Any

from hpsearch.metrics import METRICS
from hpsearch.nn import (
    ACTIVATIONS,
    DROPOUT_KINDS,
    INITIALIZERS,
    NORMALIZATIONS,
    OPTIMIZERS,
    SCHEDULES,
    MLPConfig,
)
from hpsearch.objective.mlp.layers import USUAL_LAYERS
from hpsearch.space import ChoiceParameter, FloatParameter, IntParameter, MirroredParameter
from hpsearch.study_file import (
    ConfirmSpec,
    DataSpec,
    FleetSpec,
    ObjectiveSpec,
    SearchSpec,
    StopSpec,
    StudySpec,
)

HEAD = """# The study file, key by key

This page is written by `make docs-reference` from the code; a test checks that it is current. A key that is
not here is refused, with its line. `hpsearch check FILE` prints a study with all its defaults filled in,
`hpsearch init DATA` writes one.

A whole file:

```toml
name = "digits"
seed = 42
trials = 100            # exactly
parallelism = 16        # trials in flight over the whole fleet; part of the result

[data]
source = "digits"       # or "wine", "iris", "breast_cancer", "mnist5k", "arrays.npz", or
                        # "table.csv" with target = "label"
validation = 0.2        # or folds = 5: every row outside the test split validates, once a repeat
test = 0.2

[objective]
metric = "accuracy"     # or balanced_accuracy, f1, log_loss, roc_auc

[model]                 # fixed settings; anything here may move to [space]
hidden = [64, 64]
activation = "relu"
optimizer = "adam"
batch_size = 64
epochs = 10

[space]
lr = { low = 1e-5, high = 1e-1, log = true }
weight_decay = { low = 1e-8, high = 1e-2, log = true }
dropout = { low = 0.0, high = 0.6, default = 0.2 }   # what you would try without a search; races at the end

[search]
rounds = [32, 8]        # random rounds, by default one of parallelism + 8 trials; the rest is the model's
start = "random"        # or "sobol", spread evenly; or "learned": a portfolio's settings come first
# portfolio = "portfolio.json"   # made by hpsearch learn; without it the one that comes with hpsearch
model = "tpe"           # or "gp", a Gaussian process: for few trials, 20 parameters and 300 trials at most
widen = 2               # decades a log range may grow on each side, where results ask for it
rungs = [3]             # epochs at which a trial may stop; [] turns it off
keep = 0.33             # share of the trials that goes on past each rung

[stop]                  # each optional: the first to hold ends the study before its budget is spent
# target = 0.99         # a trial reached this value of the metric
# hours = 2.0           # so long after the study was created
# plateau = 40          # so many settled trials without a new best

[confirm]
top = 5                 # finalists; they and the default race on
seeds = 5               # fresh seeds each, on average: who falls behind leaves its runs to the others, for
epochs = 30             # so many epochs
ensemble = 10           # best trials whose predictions are averaged, with the confirming runs of the winner
refit = true            # what is judged at the end learns from the validation rows as well
# baseline = "histogram-boosting"   # a model that is judged beside the winner

[fleet]                 # who works, and where: not part of the study, may differ in every run
engine = "local"        # or "dask", "slurm", "ray"
# address = "tcp://10.0.0.5:8786"   # of the engine's scheduler; without it Dask and Ray work on this machine
# workers = 8
# options = { partition = "cpu", time = 240 }   # for the engine, in its own words
```

Fewer lines do, too: `[data] source` and one parameter in `[space]`.

## In an editor

`hpsearch init` writes two files: the study, and `.hpsearch/study.schema.json` beside it, a
[JSON Schema](https://json-schema.org) (draft 7). The study's first line names it:

```toml
#:schema ./.hpsearch/study.schema.json
```

An editor that knows this line completes keys and names, shows what a key means, and marks what is wrong. In
Visual Studio Code that is the extension *Even Better TOML*; `taplo check FILE` does it without an editor. The
schema lies beside the study, because this path is right on every machine: put both under version control. The
line is a comment and no part of the study. An older study file gets the same by this line, written by hand.
`hpsearch init` writes the schema into a folder that has none, or that of an earlier version.

The schema judges one value at a time. What depends on two keys, or on the data, `hpsearch check` finds;
`hpsearch check --json` prints every fault with its line and column, for tools.
"""
TABLES: Mapping[str, tuple[type, str]] = {
    "data": (DataSpec, "`source` must be there. A path starts at the folder of the study file."),
    "objective": (
        ObjectiveSpec,
        "[An estimator](../howto/estimators.md), [code](../howto/own-objective.md), or else a network.",
    ),
    "search": (SearchSpec, "How it is searched: [the search](../explanation/search.md)."),
    "stop": (StopSpec, "The first rule that holds ends the study; its confirmation follows as usual."),
    "confirm": (
        ConfirmSpec,
        "Why there is a race at the end: [the honest winner](../explanation/winner.md).",
    ),
    "fleet": (
        FleetSpec,
        "None of it changes a result. Commands for each engine: [a cluster](../howto/cluster.md).",
    ),
}
NAMES: Mapping[str, Mapping[str, Any]] = {
    "activation": ACTIVATIONS,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "init": INITIALIZERS,
    "normalization": NORMALIZATIONS,
    "dropout_kind": DROPOUT_KINDS,
    "metric": METRICS,
}
RANGES: Mapping[str, tuple[type, str]] = {
    "Real numbers": (FloatParameter, "lr = { low = 1e-5, high = 1e-1, log = true }"),
    "Numbers near 1": (MirroredParameter, 'momentum = { low = 0.9, high = 0.999, log = "mirrored" }'),
    "Whole numbers": (IntParameter, "batch_size = { low = 16, high = 128, log = true }"),
    "Choices": (
        ChoiceParameter,
        'activation = { choices = ["relu", "tanh"] }\nhidden = { choices = [[64], [64, 64], [128, 64]] }',
    ),
}
TOP = {
    "name": "the file's name",
    "seed": "`0`",
    "trials": "`100`",
    "parallelism": "a sixth of `trials`, 1 to 16",
}
"""Defaults that the reader of a file has, not the record."""
LAYERS = {
    "depth": "Number of hidden layers, 0 to 1000, in place of `hidden`.",
    "width": "Units of each of them, 1 or more: `depth = 2` and `width = 64` mean `hidden = [64, 64]`.",
}
"""Keys of ``[model]`` that no network has: they stand for its hidden layers."""
DERIVED: Mapping[tuple[type, str], str] = {
    (SearchSpec, "rounds"): '`[parallelism + 8]`; shorter with `model = "gp"`',
    (SearchSpec, "keep"): "a third",
    (FleetSpec, "options"): "`{}`",
    (FloatParameter, "widen"): "`widen` of `[search]` with `log = true`, else `0`",
}
"""Defaults that follow from other keys, or have no short number."""
SAID: Mapping[str, str] = {
    "none": "No layer between the sums and the activation.",
    "warmup": "`lr` after `warmup_epochs` epochs that lead up to it.",
    "standard": "Units are zeroed, the others divided by what is kept.",
    "alpha": "Units are set to SELU's limit, mean and deviation of the layer kept.",
    "accuracy": "The share of rows whose class is right.",
    "balanced_accuracy": "The mean over classes of the share of their rows that is right.",
    "f1": "The mean over classes of `2 TP / (2 TP + FP + FN)`.",
    "log_loss": "The mean of `-log p(true class)`; less is better.",
    "roc_auc": "How often a row of a class has a larger probability of it than another row.",
    "r2": "`1 - sum (y - p)^2 / sum (y - mean y)^2`.",
    "rmse": "The root of the mean of `(y - p)^2`; less is better.",
    "mae": "The mean of `abs(y - p)`; less is better.",
    "variational": "Weights are dropped one by one, the same ones for a whole epoch.",
    "locked": "Units are zeroed, the same ones for a whole epoch, the others divided by what is kept.",
}
"""Names behind which no docstring of their own stands."""
MAP = re.compile(r"(?i)a name in `[A-Z_]+`")


def page() -> str:
    """Return the page."""
    return "\n".join([HEAD, _top(), *_tables(), _model(), *_names(), _space()])


def _top() -> str:
    told = attributes(StudySpec)
    rows = [_row(key, default, told[key]) for key, default in TOP.items()]
    rows.append(_row("attempts", _default(StudySpec, "attempts"), told["attempts"]))
    return _section("At the top", "Above the first table.", rows)


def _tables() -> Iterator[str]:
    for name, (record, text) in TABLES.items():
        told = attributes(record)
        rows = [_row(f.name, _default(record, f.name), told[f.name]) for f in fields(record)]
        yield _section(f"`[{name}]`", text, rows)


def _model() -> str:
    told = attributes(MLPConfig)
    told |= {key: MAP.sub(f"one of [these](#names-of-{key})", told[key]) for key in NAMES if key in told}
    rows = [_row(f.name, _default(MLPConfig, f.name), told[f.name]) for f in fields(MLPConfig) if f.init]
    rows[1:1] = [_row(key, f"`{usual}`", LAYERS[key]) for key, usual in USUAL_LAYERS.items()]
    text = (
        "Settings of the network that every trial has. Each may stand in `[space]` instead, to be searched."
    )
    return _section("`[model]`", text, rows)


def _names() -> Iterator[str]:
    for key, names in NAMES.items():
        rows = [f'| `"{name}"` | {SAID.get(name) or _first_line(thing)} |' for name, thing in names.items()]
        yield "\n".join([f"### Names of `{key}`\n", "| name | what it is |", "|---|---|", *rows, ""])


def _space() -> str:
    text = """## `[space]`

At least one parameter; its name is a key of `[model]`. Every range may have a `default`, what you would try
without a search (it races with the finalists at the end), and a `when`, the choices under which the parameter
is there at all:

```toml
[space]
optimizer = { choices = ["adam", "momentum"], default = "adam" }
momentum = { low = 0.5, high = 0.99, when = { optimizer = "momentum" } }
```

A `when` may name several choices, `{ optimizer = ["momentum", "nesterov"], schedule = "cosine" }`: all of
them must hold. Where the choices are lists, a list alone is one of them, `{ hidden = [64, 64] }`, and a list
of lists is several, `{ hidden = [[64], [64, 64]] }`.
"""
    return "\n".join([text, *(_range(title, *found) for title, found in RANGES.items())])


def _range(title: str, record: type, example: str) -> str:
    told = attributes(record)
    rows = [_row(f.name, _default(record, f.name), told[f.name]) for f in fields(record) if f.name != "name"]
    text = f"{_first_line(record)}\n\n```toml\n[space]\n{example}\n```"
    return _section(title, text, rows, level=3)


def _section(title: str, text: str, rows: list[str], *, level: int = 2) -> str:
    head = [f"{'#' * level} {title}\n", f"{text}\n", "| key | default | meaning |", "|---|---|---|"]
    return "\n".join([*head, *rows, ""])


def _row(key: str, default: str, meaning: str) -> str:
    return f"| `{key}` | {default} | {meaning} |"


def _default(record: type, name: str) -> str:
    if (record, name) in DERIVED:
        return DERIVED[record, name]
    (found,) = [field.default for field in fields(record) if field.name == name]
    if found is MISSING:
        return "must be given"
    return "" if found is None else f"`{toml(found)}`"


def toml(value: Any) -> str:
    """Return a value as a study file would say it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else f"{value:.4g}"


def attributes(record: type) -> dict[str, str]:
    """Return field -> what the docstring of a record says of it, as Markdown of a table's cell."""
    text = (inspect.getdoc(record) or "").partition("Attributes:\n")[2].partition("\n\n")[0]
    entries = re.split(r"^(\w+): ", textwrap.dedent(text), flags=re.MULTILINE)[1:]
    return {name: markdown(told) for name, told in zip(entries[::2], entries[1::2], strict=True)}


def markdown(text: str) -> str:
    """Return a piece of a docstring as Markdown on one line."""
    return (
        " ".join(text.split())
        .replace("``()``", "``[]``")
        .replace("``None``", "left out")
        .replace("``", "`")
        .replace("|", "\\|")
    )


def _first_line(thing: Any) -> str:
    (first, *_) = (inspect.getdoc(thing) or "").partition("\n\n")
    return markdown(first)

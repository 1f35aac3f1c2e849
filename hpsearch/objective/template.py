"""The template of a study file for new data: a summary of the data, and settings that suit its size."""

import math
import os
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from hpsearch.data import (
    Examples,
    Label,
    Split,
    Target,
    find_source,
    guess_target,
    is_file,
    is_packed,
    open_table,
    split_rows,
)
from hpsearch.errors import DataError, did_you_mean
from hpsearch.memory import memory_limit
from hpsearch.objective.estimator.named import NAMED_ESTIMATORS
from hpsearch.objective.objectives import OBJECTIVES
from hpsearch.objective.size import BINS, TemplateSettings, binned_columns, fit_size
from hpsearch.space import LONGEST_NAME
from hpsearch.space.checks import expect
from hpsearch.study_file import (
    DataSpec,
    Document,
    ObjectiveSpec,
    Purpose,
    build_study,
    child_seed,
    comment_text,
    expect_new_name,
    toml_text,
    without_reserved,
)
from hpsearch.types import IntArray

SEED = 0
SMALL_ROWS, FOLDS = 1000, 5
"""Below so many rows outside the test split folds are suggested: one split ranks trials by few rows."""
LONGER = 6
"""Times the epochs of a trial that a confirming run has."""
_LISTED, _LISTED_CLASSES = 6, 10
_CERTAIN = 1.96
_ENDING = (
    "",
    "[search]",
    "widen = 0               # the ranges above stay as they are",
)
_LEARNED = 'start = "learned"       # first a few settings that were good on other tables'
_WHY_BINS = f"each number is also given as its place in {BINS} bins of its column"


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyTemplate:
    """A first study file.

    Attributes:
        text: The file.
        target: The column that was guessed to be the class, or ``None`` without a guess.
        news: What was guessed, left out or doubted when the data were read.
    """

    text: str
    target: Target | None
    news: Sequence[str] = ()


def draft_study(
    data: DataSpec, *, file: Path, metric: str | None = None, model: str | None = None
) -> StudyTemplate:
    """Return a study file for data; it passes ``hpsearch check`` and runs.

    Args:
        data: The data: their source, and what is known of their columns. A target that a table needs is
            guessed where it is not named.
        file: The path of the study file; it names the data relative to its own folder.
        metric: What trials are judged by; ``None`` for the task's own metric.
        model: A name in ``NAMED_ESTIMATORS``; ``None`` for a network.

    Raises:
        FieldError: There is no such metric or model.
        DataError: The data do not exist, or nothing can be learned from them.
        StudyFileError: The name of the data is not possible in a study file; or the package of the model is
            not installed.
    """
    if model is not None:
        known = list(NAMED_ESTIMATORS)
        expect(model in known, "--model", f"one of {', '.join(known)}{did_you_mean(model, known)}", model)
    limit, guessed = memory_limit(), None
    data = replace(data, task=data.task or ObjectiveSpec(metric=metric).task)
    table = open_table(data, base=Path(), limit=limit) if data.target is None else None
    if table is not None:
        guessed = guess_target(table, spec=data, where=data.source)
        data = replace(data, target=guessed.name)
    try:
        examples = find_source(data, base=Path(), limit=limit).read()
        n_binned = binned_columns(examples) if model is None else 0
        n_features = len(examples.features) + BINS * n_binned
        fit = fit_size(len(examples.y), n_features, len(examples.classes))
        seed = child_seed(SEED, Purpose.SPLIT)
        split = split_rows(examples, validation=fit.share, test=fit.share, seed=seed)
    except DataError as error:
        if guessed is None:
            raise
        hint = f"{comment_text(guessed.name)} was taken for the target ({guessed.why})"
        raise DataError(f"{error}\n{hint}; if it is another column, name it with --target") from None
    folds = _possible_folds(np.delete(examples.strata, split.test))
    lines = [
        *_about(examples, guessed, data.target),
        *_study(study_name(data.source), _from(file, data.source), data),
        *_rows(fit, split, classes=bool(examples.classes), folds=folds),
        *([_line(f"bins = {BINS}", _WHY_BINS)] if n_binned else []),
        *_objective(metric, model, task="classification" if examples.classes else "regression"),
        *(_settings(fit, len(split.train), classes=bool(examples.classes)) if model is None else _ENDING),
    ]
    text = "\n".join(lines) + "\n"
    spec = build_study(tomllib.loads(text), Document(path=file))
    expect_new_name(spec.name)
    OBJECTIVES[spec.objective.kind].check(spec)
    news = (*examples.notes, *examples.doubts)
    return StudyTemplate(text=text, target=guessed, news=news)


def study_name(source: str) -> str:
    """Return what a study of some data is called.

    Example:
        >>> study_name("data/flowers.csv"), study_name("openml:61")
        ('flowers', 'openml-61')
    """
    name = Path(source).name.partition(".")[0] if is_packed(source) else Path(source).stem
    name = name if is_file(source) else source.replace(":", "-")
    return without_reserved(name[:LONGEST_NAME]) or "study"


def _from(file: Path, source: str) -> str:
    """Return the data's path from the folder of the study file, with slashes."""
    if not is_file(source) or Path(source).is_absolute():
        return source
    data = Path(source).parent.resolve() / Path(source).name
    return Path(os.path.relpath(data, file.parent.resolve())).as_posix()


def _about(examples: Examples, guessed: Target | None, target: str | None) -> Iterator[str]:
    """Yield a summary of the data, as comments."""
    rows, names = len(examples.y), _columns(examples)
    what = comment_text(Path(examples.where).name)
    yield f"# A study of {what}, drafted by hpsearch init: change it as you like."
    yield "# hpsearch check says what this file means, line by line."
    yield "#"
    more = f", and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    yield f"# {rows:,} rows, {len(names)} columns to learn from: {', '.join(names[:_LISTED])}{more}"
    where = f" in the column {comment_text(target)}" if target else ""
    why = f" ({guessed.why})" if guessed else ""
    yield from _classes(examples, where + why) if examples.classes else _number(examples, where + why)
    news = (*examples.notes, *examples.doubts)
    if news:
        yield "#"
        yield from (f"# {line if line.isprintable() else comment_text(line)}" for line in news)
    yield ""


def _classes(examples: Examples, where: str) -> Iterator[str]:
    """Yield the classes of a target, the largest first."""
    counts, rows = np.bincount(examples.strata, minlength=len(examples.classes)), len(examples.y)
    yield f"# {len(counts)} classes{where}:"
    order = np.argsort(-counts, kind="stable")[:_LISTED_CLASSES]
    labels = [_shown(examples.classes[k]) for k in order]
    width = max(map(len, labels))
    for k, label in zip(order, labels, strict=True):
        yield f"#   {label:<{width}}  {counts[k]:>7,} rows  {counts[k] / rows:6.1%}"
    if len(counts) > len(order):
        yield f"#   and {len(counts) - len(order)} more"
    share = f"{counts.max() / rows:.1%} of the rows"
    yield f"# Who always says {labels[0]} is right in {share}: that is to be beaten."


def _number(examples: Examples, where: str) -> Iterator[str]:
    """Yield the range of a target that is a number."""
    y = examples.y
    yield f"# A number{where}: {y.min():.5g} to {y.max():.5g}, mean {y.mean():.5g}, deviation {y.std():.5g}"
    yield "# The mean for every row has R2 0, and that deviation for its RMSE: that is to be beaten."


def _columns(examples: Examples) -> list[str]:
    """Return the columns of the data, each once; with the number of categories where it has some."""
    counts = {column.first: column for column in examples.categorical}
    inside = {feature for column in examples.categorical for feature in column.features}
    return [
        f"{comment_text(counts[j].name)} ({len(counts[j].labels)} categories)"
        if j in counts
        else comment_text(name)
        for j, name in enumerate(examples.features)
        if j in counts or j not in inside
    ]


def _shown(label: Label) -> str:
    return comment_text(label) if isinstance(label, str) else str(label)


def _study(name: str, source: str, data: DataSpec) -> Iterator[str]:
    yield f"name = {toml_text(name)}"
    yield _line(f"seed = {SEED}", "everything random comes from it: the same file, the same study")
    yield _line("trials = 100", "exactly")
    yield _line("parallelism = 16", "trials in flight over all workers; part of the result")
    yield from ("", "[data]", f"source = {toml_text(source)}")
    if data.target is not None:
        yield f"target = {toml_text(data.target)}"
    if data.task is not None:
        yield f"task = {toml_text(data.task)}"
    if data.weights is not None:
        yield _line(f"weights = {toml_text(data.weights)}", "how much each row counts in the training loss")
    for key in ("categorical", "ignore"):
        if names := getattr(data, key):
            yield f"{key} = [{', '.join(map(toml_text, names))}]"


def _possible_folds(y: IntArray) -> int:
    """Return the number of folds to suggest for rows outside the test split; 1 where a split will do."""
    return 1 if len(y) >= SMALL_ROWS else min(FOLDS, int(np.bincount(y).min()))


def _rows(fit: TemplateSettings, split: Split, *, classes: bool, folds: int) -> Iterator[str]:
    n_train, n_validation = len(split.train), len(split.validation)
    margin = _CERTAIN * math.sqrt(0.9 * 0.1 / n_validation)
    validation = f"chooses among trials: {n_validation:,} rows"
    validation += f" tell 0.9 from {0.9 - margin:.3f}, no finer" if classes else ""
    yield _line(f"validation = {fit.share}", validation)
    if folds > 1:
        instead = f"in its place: each of {n_train + n_validation:,} rows validates, in {folds} trainings"
        yield _line(f"# folds = {folds}", instead)
    yield _line(f"test = {fit.share}", f"judges the winner, once; {n_train:,} rows are left for training")


def _objective(metric: str | None, model: str | None, *, task: str) -> Iterator[str]:
    """Yield the table of the objective, and of an estimator its settings and its space."""
    if metric is not None or model is not None:
        yield from ("", "[objective]")
    if model is not None:
        yield f"estimator = {toml_text(NAMED_ESTIMATORS[model].path(task))}"
    if metric is not None:
        yield f"metric = {toml_text(metric)}"
    if model is not None:
        yield from NAMED_ESTIMATORS[model].lines(task)


def _settings(fit: TemplateSettings, n_train: int, *, classes: bool) -> Iterator[str]:
    steps = math.ceil(n_train / fit.batch_size)
    yield from ("", _line("[model]", "fixed settings; anything here may move to [space]"))
    yield _line(f"hidden = {list(fit.hidden)}", "units of each hidden layer")
    yield from ('activation = "relu"', 'optimizer = "adam"')
    yield _line(f"batch_size = {fit.batch_size}", f"{steps} steps an epoch")
    yield _line(f"epochs = {fit.epochs}", "a trial only has to show how good its settings are")
    yield _line('schedule = "cosine"', "the learning rate falls to 0 until the last epoch")
    yield from (
        "",
        _line("[space]", "what to search; log = true draws the exponent evenly, as suits a rate"),
        "lr = { low = 1e-5, high = 1e-1, log = true }",
        "weight_decay = { low = 1e-8, high = 1e-2, log = true }",
        "dropout = { low = 0.0, high = 0.6 }",
        "",
        "[search]",
        *([_LEARNED] if classes else []),  # the portfolio that ships has seen no regression
        _line(f"rungs = [{fit.epochs // 3}]", "epochs at which a trial may stop; [] turns it off"),
        "",
        _line("[confirm]", "the best trials race again, on fresh seeds, before one is the winner"),
        _line(f"epochs = {LONGER * fit.epochs}", "longer than a trial"),
    )


def _line(setting: str, comment: str) -> str:
    return f"{setting:<23} # {comment}"

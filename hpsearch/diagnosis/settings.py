"""The check of a study file: where each setting comes from, what a trial costs, what looks doubtful."""

import dataclasses
import math
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Any

from hpsearch.data import Dataset
from hpsearch.errors import TYPED
from hpsearch.nn.layout import Layout
from hpsearch.objective import OBJECTIVES, Ending, MLPEvaluator, Task, training_rows
from hpsearch.objective.estimator.evaluator import EstimatorEvaluator
from hpsearch.objective.mlp import MLPTask
from hpsearch.search import MODEL_NAMES
from hpsearch.search.sampling.ranges import NARROW_RESULTS
from hpsearch.space import key_path, key_text
from hpsearch.study_file import StudySpec, spec_to_dict

LEAST_MODELLED = 8
"""With fewer trials after the random rounds the model has hardly begun."""
WIDEST_MARGIN = 0.05
_CERTAIN = 1.96
_USUAL = 0.9

DEFAULT = "default"
PORTFOLIO = "portfolio"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting of a study.

    Attributes:
        path: Its key path, as in the study file.
        value: Its value; ``None`` where it has none.
        origin: ``"line 4"`` of the file, the name of an option, ``"--set"``, ``"default"``, or
            ``"portfolio"``.
    """

    path: str
    value: Any
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """The cost of a trial of the declared default.

    Attributes:
        parameters: Numbers that its network learns; ``None``, as the next two, for an estimator.
        steps_per_epoch: Updates an epoch, the short last batch included.
        steps_per_trial: Updates of a trial that runs to its last epoch, over all its folds.
        seconds_per_trial: Measured on one core, alone in its stack; ``None`` where it was not.
    """

    parameters: int | None = None
    steps_per_epoch: int | None = None
    steps_per_trial: int | None = None
    seconds_per_trial: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the figures by name."""
        return asdict(self)


def settings_of(spec: StudySpec, options: Mapping[str, str]) -> list[Setting]:
    """Return every setting of a study and of its fleet with its origin.

    Args:
        spec: The study, every default filled in.
        options: Key path -> the option of the command line that gave its value.
    """
    lines = spec.document.lines
    found = []
    for path, value in _walk({**spec_to_dict(spec), "fleet": asdict(spec.fleet)}):
        if path in options:
            origin = options[path]
        elif path in lines:
            origin = f"line {lines[path]}" if lines[path] else TYPED
        elif path.startswith("space.") and path.endswith(".widen") and value and "search.widen" in lines:
            widen = lines["search.widen"]
            origin = f"line {widen}" if widen else TYPED  # what holds for every log range of the file
        elif path.startswith("learned."):
            origin = PORTFOLIO
        else:
            origin = DEFAULT
        found.append(Setting(path=path, value=value, origin=origin))
    return found


def _walk(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the key path and the value of each leaf; parameters have their names in their paths."""
    if isinstance(value, list) and value and all(isinstance(item, dict) and "name" in item for item in value):
        value = {item["name"]: {key: item[key] for key in item if key != "name"} for item in value}
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _walk(item, key_path(path, key_text(key)))
    else:
        yield path, value


def cost(spec: StudySpec, dataset: Dataset, *, timed: bool = False) -> Cost:
    """Return the cost of a trial of the declared default.

    Args:
        spec: The study, every default filled in.
        dataset: Its data.
        timed: Whether to train two epochs and measure the second: the first one makes the buffers. An
            estimator is fitted twice, because the first time it is imported.
    """
    if spec.objective.kind == "estimator":
        return Cost(seconds_per_trial=_seconds(spec, dataset) if timed else None)
    evaluator = MLPEvaluator(spec, dataset)
    config = evaluator.config(spec.space.external(spec.default or ()))
    rows, lanes = training_rows(spec, dataset), spec.data.folds * spec.data.repeats
    layout = Layout.of(config, n_features=dataset.X_train.shape[1], n_outputs=dataset.n_outputs)
    steps = math.ceil(rows / config.batch_size)
    seconds = None
    if timed:
        stamps: list[float] = []
        task = MLPTask(config=dataclasses.replace(config, epochs=2), seed=0)
        evaluator.train([task], on_report=lambda _: stamps.append(time.process_time()))
        seconds = config.epochs * (stamps[1] - stamps[0]) if len(stamps) == 2 else None
    return Cost(
        parameters=layout.n_learned,
        steps_per_epoch=steps,
        steps_per_trial=lanes * steps * config.epochs,
        seconds_per_trial=seconds,
    )


def _seconds(spec: StudySpec, dataset: Dataset) -> float | None:
    """Return how long it takes to fit the estimator of the declared default; ``None`` where that fails."""
    settings = spec.space.external(spec.default or ())
    stamps = []
    with closing(EstimatorEvaluator(spec, dataset, folder=spec.base.resolve())) as evaluator:
        for seed in range(2):
            stamps.append(time.monotonic())
            task = Task(settings=settings, seed=seed, folder=spec.base)
            (outcome,) = evaluator.evaluate([task])
            if outcome.ending is not Ending.COMPLETE:
                return None
    return time.monotonic() - stamps[-1]


def doubts(spec: StudySpec, dataset: Dataset | None) -> list[str]:
    """Return a line for each setting that is allowed and probably not what was meant.

    Args:
        spec: The study, every default filled in.
        dataset: Its data; ``None`` for a function or a command.
    """
    plan = [*_doubtful_plan(spec), *_doubtful_rungs(spec)]
    if dataset is None:
        return plan
    return [*plan, *_doubtful_rows(spec, dataset), *OBJECTIVES[spec.objective.kind].warnings(spec, dataset)]


def _doubtful_plan(spec: StudySpec) -> Iterator[str]:
    rounds, drawn = spec.search.rounds, sum(spec.search.rounds)
    left, model = spec.trials - drawn, MODEL_NAMES[spec.search.model]
    if left < LEAST_MODELLED:
        random, rest = ("all", "none") if left < 1 else (f"the first {drawn} of", f"only {left}")
        yield (
            f"trials: {random} {spec.trials} are random draws, so {model}, which learns from results, "
            f"chooses {rest}; for a search write trials = {drawn + LEAST_MODELLED} or more"
        )
    seen = rounds[0] - spec.parallelism if rounds else 0
    if len(rounds) > 1 and seen < NARROW_RESULTS:
        yield (
            f"search.rounds: the second round sees {max(seen, 0)} results, too few to narrow its ranges; "
            f"make the first {spec.parallelism + NARROW_RESULTS} trials long, or parallelism smaller"
        )


def _doubtful_rungs(spec: StudySpec) -> Iterator[str]:
    epochs = spec.model.get("epochs")
    for parameter in spec.space:
        if parameter.name == "epochs" and parameter.kind == "int":
            epochs = parameter.high
    idle = [rung for rung in spec.search.rungs if isinstance(epochs, int) and rung >= epochs]
    if idle:
        yield f"search.rungs: no trial stops at epoch {idle[0]}, because all end by epoch {epochs}"


def _doubtful_rows(spec: StudySpec, dataset: Dataset) -> Iterator[str]:
    # With folds every row outside the test split scores each trial.
    scored = {"validation": len(dataset.y_val)} if spec.data.folds == 1 else {}
    for name, rows in (scored | {"test": len(dataset.y_test)}).items():
        margin = _CERTAIN * math.sqrt(_USUAL * (1 - _USUAL) / rows)
        if dataset.classes and margin > WIDEST_MARGIN:
            yield (
                f"data.{name}: with {rows} rows an accuracy of {_USUAL} is known to within {margin:.3f} only "
                f"(95 %); {math.ceil(_USUAL * (1 - _USUAL) * (_CERTAIN / WIDEST_MARGIN) ** 2)} rows "
                f"would make it {WIDEST_MARGIN}"
            )
    size = spec.model.get("batch_size")
    if isinstance(size, int) and size >= training_rows(spec, dataset):
        yield (
            f"model.batch_size: {size} takes all {training_rows(spec, dataset)} training rows at once, "
            "one step an epoch; 8 to 64 suit so few rows"
        )

"""The studies that runs work on: small, but with every stage, and longer than the faults take to come."""

from collections.abc import Mapping
from dataclasses import dataclass, field

NAME = "storm"
CONFIRM = "storm.confirm"
NEIGHBOR = "neighbor-"
"""What the names of other programs' studies begin with."""
TRIALS = 36
CONFIRMING = 6
PARALLELISM = 6
ATTEMPTS = 50
"""Kills from outside may hit one trial several times; they must not make it fail for good."""
EPOCHS = 150
RUNG = 60
CONFIRM_EPOCHS = 150
LEASE_S = 2.0
BUDGETS = {NAME: TRIALS, CONFIRM: CONFIRMING}
"""Study -> its number of trials, exactly."""
STEPS = 8
"""Reports of a complete trial of a function or a command: so few that its last one is its value."""
STEP_S = 0.012
STEP_RUNG = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class StormStudy:
    """What a study of one kind of objective looks like.

    Attributes:
        text: The study file.
        files: Name -> text of each file beside it.
        outside: Whether its trials run in processes of their own.
        steps: Study -> the length of a complete trial's curve; 0 where a trial reports nothing.
        rung: Where a trial may stop; ``None`` where none does.
        worker: What ``hpsearch worker`` needs, so that it runs the study's code.
    """

    text: str
    files: Mapping[str, str] = field(default_factory=dict)
    outside: bool = True
    steps: Mapping[str, int]
    rung: int | None
    worker: tuple[str, ...] = ()


_HEAD = f"""
name = "{NAME}"
seed = 5
trials = {TRIALS}
parallelism = {PARALLELISM}
attempts = {ATTEMPTS}
"""

TEXT = f"""{_HEAD}
[data]
source = "digits"
train = 300

[model]
hidden = [16]
epochs = {EPOCHS}

[space]
lr = {{ low = 1e-4, high = 1e-1, log = true }}
dropout = {{ low = 0.0, high = 0.5 }}

[search]
rounds = [14, 8]
rungs = [{RUNG}]

[confirm]
top = 2
seeds = 2
epochs = {CONFIRM_EPOCHS}
ensemble = 2
"""
"""Two random rounds, 14 trials of TPE, a rung, confirming runs, an ensemble."""

_OUTSIDE = f"""{_HEAD}
[objective]
{{objective}}

[space]
lr = {{{{ low = 1e-4, high = 1e-1, log = true, default = 1e-3 }}}}
dropout = {{{{ low = 0.0, high = 0.5, default = 0.0 }}}}

[search]
rounds = [14, 8]
rungs = [{STEP_RUNG}]

[confirm]
top = 2
seeds = 2
"""
"""The same without a network."""

_SCORE = f"""
import json, math, os, time
from types import SimpleNamespace


def score(trial):
    lr, dropout = trial.params["lr"], trial.params["dropout"]
    best = (1 - 0.5 * dropout) / (1 + abs(math.log10(lr) + 2)) - 0.0001 * (trial.seed % 100)
    saved = trial.checkpoint_dir / "values"
    values = json.loads(saved.read_text()) if saved.exists() else []
    for step, value in enumerate(values, 1):
        trial.report(step, value)
    while len(values) < {STEPS} and not trial.should_stop():
        time.sleep({STEP_S})
        last = values[-1] if values else 0.0
        values.append(last + 0.5 * (best - last))
        fresh = trial.checkpoint_dir / f"fresh{{os.getpid()}}"
        fresh.write_text(json.dumps(values))
        fresh.replace(saved)
        trial.report(len(values), values[-1])
    return {{"value": values[-1], "test": values[-1] - 0.01}}
"""
"""A training of its own, which goes on from a file after a kill: each value follows from the one before."""

_MAIN = """

if __name__ == "__main__":
    import pathlib, sys

    lr, dropout, seed, folder = sys.argv[1:]
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)

    def report(step, value):
        print(json.dumps({"step": step, "value": value}), flush=True)

    params = {"lr": float(lr), "dropout": float(dropout)}
    given = {"params": params, "seed": int(seed), "checkpoint_dir": folder}
    print(json.dumps(score(SimpleNamespace(**given, report=report, should_stop=bool))))
"""
"""The same training as a command: a rung stops it from outside."""

_CALL = 'call = "train.py:score"'
_COMMAND = 'command = ["python", "train.py", "{lr}", "{dropout}", "{seed}", "{checkpoint_dir}"]'
_STEPS = {NAME: STEPS, CONFIRM: STEPS}

_ESTIMATOR = f"""{_HEAD}
[data]
source = "digits"
train = 300

[objective]
estimator = "sklearn.ensemble.ExtraTreesClassifier"

[model]
n_estimators = 60

[space]
max_features = {{ low = 0.02, high = 0.8, log = true, widen = 0 }}
max_depth = {{ low = 2, high = 12 }}

[search]
rounds = [14, 8]

[confirm]
top = 2
seeds = 2
ensemble = 2
"""
"""Fits of some 100 ms, each from the start after a kill."""

STUDIES = {
    "network": StormStudy(text=TEXT, outside=False, steps={NAME: EPOCHS, CONFIRM: CONFIRM_EPOCHS}, rung=RUNG),
    "function": StormStudy(
        text=_OUTSIDE.format(objective=_CALL),
        files={"train.py": _SCORE},
        steps=_STEPS,
        rung=STEP_RUNG,
        worker=("--allow",),
    ),
    "command": StormStudy(
        text=_OUTSIDE.format(objective=_COMMAND),
        files={"train.py": _SCORE + _MAIN},
        steps=_STEPS,
        rung=STEP_RUNG,
        worker=("--allow",),
    ),
    "estimator": StormStudy(text=_ESTIMATOR, steps={NAME: 0, CONFIRM: 0}, rung=None),
}
"""Kind of objective -> its study: one line adds a kind to every storm."""

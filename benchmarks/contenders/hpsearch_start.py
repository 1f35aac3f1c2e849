"""The contender hpsearch: a study file and ``hpsearch start``."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

STUDY = """\
name = "digits"
seed = {seed}
trials = {trials}

[data]
source = "digits"
validation = 0.2
test = 0.2

[model]
hidden = [64, 64]
activation = "relu"
optimizer = "adam"
batch_size = 64
epochs = {epochs}

[space]
lr = {{ low = 1e-5, high = 1e-1, log = true }}
weight_decay = {{ low = 1e-8, high = 1e-2, log = true }}
dropout = {{ low = 0.0, high = 0.6 }}
"""

PLANS: Mapping[str, str] = {
    "default": """
[search]
rounds = {rounds}
rungs = [3]

[confirm]
top = 5
seeds = 5
epochs = {confirm_epochs}
ensemble = 10
""",
    "plain": """
[search]
rounds = {rounds}
rungs = []

[confirm]
top = 0
ensemble = 0
""",
}
"""The plan of ``studies/digits.toml``, and one that trains every trial to the end and leaves it at that."""


ROUNDS_NEED = 40
"""Trials that the random rounds of ``studies/digits.toml`` need; a smaller search is one round."""


def write_study(path: Path, *, plan: str, seed: int, trials: int, epochs: int) -> None:
    """Write a study file.

    Args:
        path: Where.
        plan: A name in ``PLANS``.
        seed: The study's seed; its split comes from it too.
        trials: Number of trials.
        epochs: Epochs of a trial; a confirming run of the default plan has three times as many.
    """
    text, rounds = STUDY + PLANS[plan], [32, 8] if trials >= ROUNDS_NEED else [trials]
    filled = {"seed": seed, "trials": trials, "epochs": epochs, "rounds": rounds}
    path.write_text(text.format(**filled, confirm_epochs=3 * epochs))


def start_command(study_file: Path, storage: str, *, workers: int) -> list[str]:
    """Return the command that searches."""
    options = ["--storage", storage, "--workers", str(workers), "--quiet"]
    return [sys.executable, "-m", "hpsearch", "start", str(study_file), *options]


def finding(storage: str) -> dict[str, float | None]:
    """Return what a finished study found, as its own commands tell it.

    Returns:
        ``value``, the best validation accuracy; ``test_accuracy`` of the winner; ``ensemble_test_accuracy``.
    """
    best = _ask("best", storage)
    return {
        "value": _ask("status", storage)["best"]["value"],
        "test_accuracy": best["test_accuracy"],
        "ensemble_test_accuracy": best["ensemble_test_accuracy"],
    }


def _ask(command: str, storage: str) -> dict[str, Any]:
    """Return the document that a command prints; the confirming runs are a second study."""
    words = [sys.executable, "-m", "hpsearch", command, "--study", "digits", "--storage", storage, "--json"]
    answer: dict[str, Any] = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
    return answer

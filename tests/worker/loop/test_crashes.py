"""Trainings that raise: stored, tried again alone, and given up without harm to anybody else."""

import pytest

from hpsearch.objective import MLPEvaluator
from hpsearch.search import SearchPlan, TrialState
from hpsearch.worker import Stop, load_data
from hpsearch.worker.loop.loop import Loop
from tests.cli.program import HPSEARCH, ended, rows, study_text

SMALL_MEMORY = ("sh", "-c", 'ulimit -v 4000000; exec "$@"', "sh", *HPSEARCH)
"""A command that has 4 GB of addresses."""
HUGE = {
    "hidden = [16]": "hidden = [30000, 30000]",
    "rounds = [16, 8]": "rounds = [8]",
    "[data]": "[data]\nmax_memory = 100.0",
}
"""A network of 7 GB."""


class Poisoned(MLPEvaluator):
    """An objective that cannot train one trial, as a user's own function might."""

    def __init__(self, *arguments, poison, error):
        super().__init__(*arguments)
        self.poison, self.error, self.companies = poison, error, []

    def train(self, tasks, **more):
        """Raise when the trial is among those to train."""
        if any(task.seed == self.poison for task in tasks):
            self.companies.append(len(tasks))
            raise self.error
        return super().train(tasks, **more)


@pytest.mark.parametrize(
    "error",
    [ValueError("bad value"), ZeroDivisionError("by zero"), KeyError("loss"), MemoryError("too large")],
)
def test_fault_36_a_training_that_raises(ledger, study, spec, error):
    """Trial 2 is tried with its neighbours, three times alone, then fails with the error as its reason."""
    plan, news = SearchPlan(spec), []
    data = load_data(spec, spec.base)
    objective = Poisoned(spec, data, poison=plan.seed(2), error=error)
    loop = Loop(ledger, objective, stop=Stop(), say=news.append)
    history = loop.run(plan, study).history
    assert objective.companies == [4, 1, 1, 1]
    assert (len(history.states), list(history.states).count(TrialState.FAILED)) == (40, 1)
    trial = ledger.trial(study, 2)
    assert (trial.state, trial.attempts) == (TrialState.FAILED, 4)
    what = f"{type(error).__name__}: {error} (test_crashes.py, line "
    assert trial.reason.startswith(f"given up after 3 attempts alone: its training raised {what}")
    told = [line for line in news if line.startswith(f"training raised {what}")]
    assert [line.rpartition(": ")[2] for line in told] == [
        "trial 0, trial 1, trial 2, trial 3",
        "trial 2",
        "trial 2",
        "trial 2",
    ]


def test_fault_36_a_training_that_leaves(ledger, study, spec):
    """What asks the process to end is no trial's fault: the trials are handed back, and the worker ends."""
    plan = SearchPlan(spec)
    objective = Poisoned(spec, load_data(spec, spec.base), poison=plan.seed(2), error=SystemExit(3))
    with pytest.raises(SystemExit, match="3"):
        Loop(ledger, objective, stop=Stop()).run(plan, study)
    assert ledger.row(study).orphans == 4
    assert Loop(ledger, MLPEvaluator(spec, load_data(spec, spec.base)), stop=Stop()).run(plan, study)
    assert ledger.snapshot(study).search.counts.get(TrialState.FAILED, 0) == 0


def test_fault_26_36_a_network_that_does_not_fit_into_memory(program):
    """A line, exit 1 and no traceback; the error stands with each attempt, and trials fail visibly."""
    text = study_text(name="huge", trials=8)
    for old, new in HUGE.items():
        text = text.replace(old, new)
    program.write("huge.toml", text)
    run = ended(program.launch("start", "huge.toml", "--workers", 1, command=SMALL_MEMORY), timeout_s=120)
    assert run.code == 1
    assert run.out == ""
    error, limit = run.err.splitlines()[-2:]
    assert "MemoryError: Unable to allocate" in error
    assert limit == "the limit is 4,000,000 KiB of address space (ulimit -v): raise it"
    assert "Traceback" not in run.err
    database = program.folder / "hpsearch.db"
    notes = rows(database, "SELECT DISTINCT outcome, substr(note, -40, 20) FROM hpsearch_attempts")
    assert len(notes) == 1
    assert notes[0][0] == "crashed"
    shown = program.run("show", 0)
    assert "  state     failed\n" in shown.out
    assert "ArrayMemoryError: Unable to allocate 6.71 GiB" in shown.out

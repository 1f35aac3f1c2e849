"""What must hold after any run: the twelve invariants of a history, and that it equals the calm one."""

import re
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa

from hpsearch.errors import StorageError
from hpsearch.store import Ledger
from tests.chaos.books import SETTLED, Books, Calm, Witness, read_lines
from tests.chaos.fleet import Ending
from tests.chaos.study import ATTEMPTS, BUDGETS, NAME, NEIGHBOR

OUTCOMES = {"finished", "released", "expired", "crashed", "exhausted", "overruled"}
DEATHS = {"expired", "crashed"}
LIVELY = (0, -9, -15, 75, 130, 143)
"""How a command may end: well, killed, or asked to."""
REFUSED = "default_transaction_read_only is on"
"""What a command says that an operator's order lets write nothing; it is launched again."""

_ACKNOWLEDGED = re.compile(r"^trial (\d+) (complete|pruned) (\d\.\d{4})$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the checker goes by.

    Attributes:
        books: What the run left.
        calm: What the calm run left.
        witness: What was seen on the way.
        endings: How every command ended.
        url: The database.
        secret: What no output may hold, or ``None``.
    """

    books: Books
    calm: Calm
    witness: Witness
    endings: list[Ending]
    url: str
    secret: str | None = None

    def trials(self):
        """Return (study, trial) of every trial."""
        return [(study, trial) for study, trials in self.books.trials.items() for trial in trials]


def acknowledged_results(evidence):
    """1. Each result that a worker told is stored once, and with one set of parameters."""
    stored = {
        (t.number, t.state.lower(), f"{value:.4f}") for _, t in evidence.trials() for _, value in t.values
    }
    for ending in evidence.endings:
        for number, state, value in _ACKNOWLEDGED.findall(ending.err):
            if (int(number), state, value) not in stored:
                yield f"trial {number} was acknowledged as {state} {value}, which is not stored"
    for study, trial in evidence.trials():
        if len(trial.values) != (trial.state in {"COMPLETE", "PRUNED"}):
            yield f"{study} trial {trial.number}, {trial.state}, has {len(trial.values)} values"
        finished = [a for a in trial.attempts if a["outcome"] == "finished"]
        if len(finished) != 1 and trial.state != "FAIL":
            yield f"{study} trial {trial.number} was finished {len(finished)} times"


def owners(evidence):
    """2. One owner at a time: attempts go 1, 2, 3, each begins after the one before it has ended."""
    for study, trial in evidence.trials():
        where = f"{study} trial {trial.number}"
        if [a["attempt"] for a in trial.attempts] != list(range(1, len(trial.attempts) + 1)):
            yield f"{where} has the attempts {[a['attempt'] for a in trial.attempts]}"
        for before, after in zip(trial.attempts, trial.attempts[1:], strict=False):
            if before["ended_at"] is None or before["ended_at"] > after["claimed_at"]:
                yield f"{where}: attempt {after['attempt']} began before the one before it had ended"
            if before["outcome"] == "finished":
                yield f"{where}: attempt {before['attempt']} finished it, and another one followed"


def dense_numbers(evidence):
    """3. Numbers are 0, 1, 2 and so on, each once."""
    for study, trials in evidence.books.trials.items():
        numbers = [trial.number for trial in trials]
        if numbers != list(range(len(trials))):
            yield f"{study} has the numbers {numbers}"


def legal_moves(evidence):
    """4. Every outcome is a legal one, and a settled trial was never seen otherwise again."""
    yield from evidence.witness.changes
    for study, trial in evidence.trials():
        where = f"{study} trial {trial.number}"
        if trial.state not in SETTLED:
            yield f"{where} is {trial.state} at the end"
        for attempt in trial.attempts:
            if attempt["outcome"] not in OUTCOMES or attempt["ended_at"] is None:
                yield f"{where}: attempt {attempt['attempt']} ended as {attempt['outcome']}"
    stored = {(study, t.number): (t.state, *(v for _, v in t.values)) for study, t in evidence.trials()}
    for key, seen in evidence.witness.settled.items():
        if stored.get(key, ())[: len(seen)] != tuple(x for x in seen if x is not None):
            yield f"trial {key} was seen as {seen}, and is {stored.get(key)} at the end"


def budgets(evidence):
    """5. Every study has exactly its number of trials."""
    for study, budget in BUDGETS.items():
        n = len(evidence.books.trials.get(study, ()))
        if n != budget:
            yield f"{study} has {n} trials, its budget is {budget}"


def nothing_open(evidence):
    """6. Nobody holds a trial once all have ended."""
    for study, trial in evidence.trials():
        if any(attempt["open"] for attempt in trial.attempts):
            yield f"{study} trial {trial.number} is still open"


def bounded_attempts(evidence):
    """7. No trial died more often than it may, and none failed."""
    for study, trial in evidence.trials():
        deaths = sum(attempt["outcome"] in DEATHS for attempt in trial.attempts)
        if deaths > ATTEMPTS or trial.state == "FAIL":
            yield f"{study} trial {trial.number} is {trial.state} after {deaths} deaths"


def whole_curves(evidence):
    """8. A curve is one attempt's: epochs 1, 2, 3 up to the end or the rung, its last fifth the value."""
    expected, rung = evidence.calm.study.steps, evidence.calm.study.rung
    for study, trial in evidence.trials():
        where = f"{study} trial {trial.number}"
        epochs = [epoch for epoch, _ in trial.curve]
        if epochs != list(range(1, len(epochs) + 1)):
            yield f"{where} has the epochs {epochs}"
        if trial.state == "COMPLETE" and len(epochs) != expected.get(study):
            yield f"{where} is complete with {len(epochs)} epochs"
        if trial.state == "PRUNED" and (rung is None or len(epochs) > rung):
            yield f"{where} was stopped after {len(epochs)} epochs"
        tail = max(1, len(epochs) // 5) if trial.state == "COMPLETE" else 1
        if epochs and [v for _, v in trial.values] != [float(np.mean([v for _, v in trial.curve[-tail:]]))]:
            yield f"{where}: its value {trial.values} is not the end of its curve {trial.curve[-tail:]}"


def the_best(evidence):
    """9. The best that hpsearch tells is the best of the rows."""
    rows = [
        (v, -t.number)
        for t in evidence.books.trials.get(NAME, ())
        if t.state == "COMPLETE"
        for _, v in t.values
    ]
    ledger = Ledger(evidence.url)
    try:
        status = ledger.snapshot(ledger.find_study(NAME)).search
    except StorageError as error:
        yield f"the study cannot be read: {error}"
        return
    finally:
        ledger.close()
    if not rows or status.best_value != max(rows)[0]:
        yield f"status tells {status.best_value} as the best, the rows say {max(rows, default=None)}"


def what_optuna_reads(evidence):
    """10. What Optuna reads is what is stored."""
    from optuna.storages import RDBStorage  # noqa: PLC0415 - takes a second, and a calm run needs none

    storage = RDBStorage(evidence.url, engine_kwargs={"poolclass": sa.NullPool})
    try:
        for study, trials in evidence.books.trials.items():
            found = storage.get_all_trials(storage.get_study_id_from_name(study), deepcopy=False)
            read = [(t.number, t.state.name, tuple(sorted(t.intermediate_values.items()))) for t in found]
            if read != [(t.number, t.state, t.curve) for t in trials]:
                yield f"{study}: Optuna reads other trials than are stored"
    finally:
        storage.remove_session()
        storage.engine.dispose()


def no_secrets(evidence):
    """11. No output of any command holds the password."""
    for ending in evidence.endings:
        if evidence.secret and evidence.secret in ending.out + ending.err:
            yield f"hpsearch {ending.arguments[0]} wrote the password"


def sound_file(evidence):
    """12. The database itself is sound, and every attempt belongs to a trial."""
    engine = sa.create_engine(evidence.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            for pragma, sound in (("integrity_check", [("ok",)]), ("foreign_key_check", [])):
                found = [tuple(row) for row in connection.exec_driver_sql(f"PRAGMA {pragma}")]
                if found != sound:
                    yield f"{pragma}: {found}"
        strays = connection.scalar(_STRAYS)
    engine.dispose()
    if strays:
        yield f"{strays} attempts belong to no trial of their study and number"


_STRAYS = sa.text(
    "SELECT count(*) FROM hpsearch_attempts a LEFT JOIN trials t "
    "ON t.trial_id = a.trial_id AND t.study_id = a.study_id AND t.number = a.number WHERE t.trial_id IS NULL "
    f"AND a.study_id IN (SELECT study_id FROM studies WHERE study_name NOT LIKE '{NEIGHBOR}%')"
)


def same_study(evidence):
    """13. Fingerprints, trials, rounds and winner equal the calm run's."""
    try:
        lines = read_lines(evidence.url)
    except StorageError as error:
        lines = {}
        yield f"the study cannot be read: {error}"
    for study, line in lines.items():
        if line != evidence.calm.lines[study]:
            yield f"{study} has the fingerprint {line[:12]}, the calm run {evidence.calm.lines[study][:12]}"
    for study, calm in evidence.calm.books.trials.items():
        expected = {trial.number: trial.result for trial in calm}
        others = [t for t in evidence.books.trials.get(study, ()) if t.result != expected.get(t.number)]
        if others:
            numbers = ", ".join(str(trial.number) for trial in others)
            what = _difference(expected.get(others[0].number), others[0].result)
            yield f"{study} differs from the calm run in the trials {numbers}; in the first: {what}"
    if evidence.books.rounds != evidence.calm.books.rounds:
        yield f"the rounds are not the calm run's: {len(evidence.books.rounds)} of them"
    if evidence.books.delivery != evidence.calm.books.delivery:
        numbers = [[d.get("number") for d in b.delivery] for b in (evidence.books, evidence.calm.books)]
        yield f"the winner is another than the calm run's: {numbers[0]}, then {numbers[1]}, or its figures"


def _difference(expected, found):
    """Return what of two results differs, in words."""
    if expected is None:
        return "the calm run has no such trial"
    names = ("number", "state", "parameters", "value", "curve", "digest")
    return ", ".join(name for name, a, b in zip(names, expected, found, strict=True) if a != b)


def good_endings(evidence):
    """14. Every command ended well, was killed or was asked to end; no traceback, no warning of Python's."""
    for ending in evidence.endings:
        what = f"hpsearch {ending.arguments[0]}"
        if "Traceback" in ending.err:
            yield f"{what} ended with a traceback: {ending.err[-1500:]}"
        elif "resource_tracker" in ending.err:
            yield f"{what} let Python's own warning through: {ending.err[-500:]}"
        elif ending.code not in LIVELY and REFUSED not in ending.err:
            yield f"{what} ended with {ending.code}: {ending.err[-500:]}"


INVARIANTS = {
    1: acknowledged_results,
    2: owners,
    3: dense_numbers,
    4: legal_moves,
    5: budgets,
    6: nothing_open,
    7: bounded_attempts,
    8: whole_curves,
    9: the_best,
    10: what_optuna_reads,
    11: no_secrets,
    12: sound_file,
    13: same_study,
    14: good_endings,
}
"""Number -> what yields a sentence for each violation."""


def violations(evidence):
    """Return a line for each violation, its invariant's number first; the same line once."""
    lines = [f"{n}. {line}" for n, check in INVARIANTS.items() for line in check(evidence)]
    return list(dict.fromkeys(lines))

"""What a run left in the database, read as it lies there; and the calm run that it must equal."""

import json
from dataclasses import dataclass, field

import sqlalchemy as sa

from hpsearch.search import fingerprint
from hpsearch.store import Ledger
from tests.chaos.study import BUDGETS, NAME, NEIGHBOR, StormStudy

SETTLED = ("COMPLETE", "PRUNED", "FAIL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A trial's rows, whatever there is of them.

    Attributes:
        trial_id: Its key.
        number: Its number.
        state: Its state, as Optuna spells it.
        params: (name, value) by name.
        values: Every value stored.
        curve: (epoch, accuracy) by epoch.
        attempts: Its attempts, as rows, by number.
    """

    trial_id: int
    number: int
    state: str
    params: tuple
    values: tuple
    curve: tuple
    attempts: tuple = ()

    @property
    def result(self):
        """What must be the same in every run."""
        digests = tuple(a["digest"] for a in self.attempts if a["digest"])
        return (self.number, self.state, self.params, self.values, self.curve, digests)


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """All that a run left.

    Attributes:
        trials: Study -> its trials by number, then key.
        delivery: What the search found, every stored version of it.
        rounds: Every round of every study.
    """

    trials: dict
    delivery: list
    rounds: list


@dataclass(frozen=True, slots=True, kw_only=True)
class Calm:
    """The run that nothing disturbed.

    Attributes:
        study: What it ran.
        books: What it left.
        lines: Study -> fingerprint.
    """

    study: StormStudy
    books: Books
    lines: dict


@dataclass(slots=True)
class Witness:
    """What was seen while the run went on.

    Attributes:
        settled: (study, number) -> (state, value) as first seen settled.
        changes: Settled trials that were seen otherwise later.
    """

    settled: dict = field(default_factory=dict)
    changes: list = field(default_factory=list)

    def look(self, rows):
        """Compare (study, number, state, value) of settled trials with what was seen before."""
        seen = {(study, number): (state, value) for study, number, state, value in rows}
        for key, was in self.settled.items():
            if seen.get(key) != was:
                self.changes.append(f"trial {key} was {was}, then {seen.get(key)}")
        self.settled |= {key: now for key, now in seen.items() if key not in self.settled}


LOOK = sa.text(
    "SELECT study_name, number, state, value FROM trials JOIN studies USING (study_id) "
    "LEFT JOIN trial_values USING (trial_id) WHERE state IN ('COMPLETE', 'PRUNED', 'FAIL') "
    f"AND study_name NOT LIKE '{NEIGHBOR}%'"
)
"""What a witness looks at: the trials of every study except other programs' own."""


def read_books(engine):
    """Read everything except the studies of other programs."""
    tables = sa.MetaData()
    with engine.connect() as connection:
        tables.reflect(connection)

        def rows(name):
            return connection.execute(sa.select(tables.tables[name])).mappings().all()

        names = {
            row["study_id"]: row["study_name"]
            for row in rows("studies")
            if not row["study_name"].startswith(NEIGHBOR)
        }
        children = {
            "params": _grouped(rows("trial_params"), "param_name", "param_value"),
            "values": _grouped(rows("trial_values"), "objective", "value"),
            "curve": _grouped(rows("trial_intermediate_values"), "step", "intermediate_value"),
        }
        attempts = sorted(rows("hpsearch_attempts"), key=lambda row: row["attempt"])
        trials = {name: [] for name in names.values()}
        mine = [row for row in rows("trials") if row["study_id"] in names]
        for row in sorted(mine, key=lambda row: (row["number"], row["trial_id"])):
            key = row["trial_id"]
            found = {name: tuple(sorted(group.get(key, ()))) for name, group in children.items()}
            tries = tuple(dict(a) for a in attempts if a["trial_id"] == key)
            trial = Trial(trial_id=key, number=row["number"], state=row["state"], attempts=tries, **found)
            trials[names[row["study_id"]]].append(trial)
        delivery = [
            json.loads(r["value_json"]) for r in rows("study_user_attributes") if r["key"] == "result"
        ]
        rounds = sorted(
            (names[r["study_id"]], r["first_number"], r["stage"], json.dumps([r["low"], r["high"]]))
            for r in rows("hpsearch_rounds")
            if r["study_id"] in names
        )
    return Books(trials=trials, delivery=delivery, rounds=rounds)


def read_lines(url):
    """Return the fingerprint of search and confirmation, as hpsearch computes it."""
    ledger = Ledger(url)
    try:
        space = ledger.find_study(NAME).spec.space
        studies = {name: ledger.find_study(name) for name in BUDGETS}
        return {name: fingerprint(space, ledger.history(study).history) for name, study in studies.items()}
    finally:
        ledger.close()


def _grouped(rows, key, value):
    """Return trial key -> list of (key, value)."""
    found = {}
    for row in rows:
        found.setdefault(row["trial_id"], []).append((row[key], row[value]))
    return found

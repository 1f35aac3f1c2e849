import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
import sqlalchemy as sa

from tests.chaos.books import LOOK, Witness, read_books
from tests.chaos.fleet import Ending
from tests.chaos.invariants import INVARIANTS, Evidence, violations
from tests.chaos.study import STUDIES

pytestmark = pytest.mark.long  # the judge of the storms, judged

_SEVEN = "(SELECT min(trial_id) FROM trials WHERE number = 7)"  # of the search, which was there first
_TOO_MANY = (
    "INSERT INTO trials (number, study_id, state) "
    "SELECT 36, study_id, 'COMPLETE' FROM studies WHERE study_name = 'storm'"
)
_LATE_POINT = (
    "INSERT INTO trial_intermediate_values (trial_id, step, intermediate_value, intermediate_value_type) "
    f"VALUES ({_SEVEN}, 151, 0.5, 'FINITE')"
)
_DEATH = (
    "INSERT INTO hpsearch_attempts (trial_id, attempt, study_id, number, token, worker_id, claimed_at, "
    "lease_until, ended_at, outcome, open) SELECT trial_id, {attempt}, study_id, number, 'x', 1, claimed_at, "
    "lease_until, {ended}, '{outcome}', 0 FROM hpsearch_attempts WHERE trial_id = {seven} AND attempt = 1"
).format
_RESULT = "WHERE key = 'result'"

PLANTS = {
    "a value is missing": (1, [f"DELETE FROM trial_values WHERE trial_id = {_SEVEN}"]),
    "nobody finished it": (
        1,
        [f"UPDATE hpsearch_attempts SET outcome = 'released' WHERE trial_id = {_SEVEN}"],
    ),
    "an attempt is left out": (2, [f"UPDATE hpsearch_attempts SET attempt = 3 WHERE trial_id = {_SEVEN}"]),
    "a second owner": (2, [_DEATH(attempt=2, ended="ended_at", outcome="finished", seven=_SEVEN)]),
    "a number twice": (3, [f"UPDATE trials SET number = 8 WHERE trial_id = {_SEVEN}"]),
    "a number left out": (3, [f"UPDATE trials SET number = 99 WHERE trial_id = {_SEVEN}"]),
    "never settled": (4, [f"UPDATE trials SET state = 'RUNNING' WHERE trial_id = {_SEVEN}"]),
    "an unknown end": (4, [f"UPDATE hpsearch_attempts SET outcome = 'lost' WHERE trial_id = {_SEVEN}"]),
    "one too many": (5, [_TOO_MANY]),
    "still held": (6, [f"UPDATE hpsearch_attempts SET open = 1 WHERE trial_id = {_SEVEN}"]),
    "died too often": (
        7,
        [_DEATH(attempt=n, ended="claimed_at", outcome="expired", seven=_SEVEN) for n in range(2, 53)],
    ),
    "failed for good": (7, [f"UPDATE trials SET state = 'FAIL' WHERE trial_id = {_SEVEN}"]),
    "a curve with a hole": (
        8,
        [f"DELETE FROM trial_intermediate_values WHERE step = 2 AND trial_id = {_SEVEN}"],
    ),
    "a point of a dead attempt": (8, [_LATE_POINT]),
    "a stray attempt": (12, [f"UPDATE hpsearch_attempts SET number = 8, open = 0 WHERE trial_id = {_SEVEN}"]),
    "a child without its trial": (
        12,
        ["PRAGMA foreign_keys = OFF", f"DELETE FROM trials WHERE trial_id = {_SEVEN}"],
    ),
    "another parameter": (13, [f"UPDATE trial_params SET param_value = 0.5 WHERE trial_id = {_SEVEN}"]),
    "another round": (13, ["UPDATE hpsearch_rounds SET stage = 'round 9'"]),
    "another winner": (
        13,
        ["UPDATE study_user_attributes SET value_json = json_set(value_json, '$.number', 1) " + _RESULT],
    ),
}
"""What is planted -> the invariant that it breaks, and how."""

LATE = {
    "another best": (9, [f"UPDATE trial_values SET value = 2 WHERE trial_id = {_SEVEN}"]),
    "other curves": (10, ["UPDATE trial_intermediate_values SET intermediate_value = 0.5 WHERE step = 3"]),
}
"""The same for what is read a second time: planted after the books were read."""

TOLD = {
    "a lost result": (1, Ending(arguments=("worker",), code=0, out="", err="trial 7 complete 1.2345\n")),
    "a password": (11, Ending(arguments=("start",), code=0, out="at postgres:canary@here", err="")),
    "a traceback": (14, Ending(arguments=("start",), code=-9, out="", err="Traceback (most recent")),
    "a bad end": (14, Ending(arguments=("worker",), code=4, out="", err="gave up")),
}
"""What a command says or how it ends -> the invariant that it breaks."""


def change(file, statements):
    """Change a database behind everybody's back."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture
def collect(quiet, tmp_path):
    """Return a function that collects evidence of a copy of the calm run, changed before or after."""
    file = quiet.copy_to(tmp_path)

    def collect(*, before=(), after=(), endings=(), witness=None):
        change(file, before)
        engine = sa.create_engine(f"sqlite:///{file}", poolclass=sa.NullPool)
        books = read_books(engine)
        change(file, after)
        return Evidence(
            books=books,
            calm=quiet.calm,
            witness=witness or Witness(),
            endings=list(endings),
            url=f"sqlite:///{file}",
            secret="canary",
        )

    return collect


def broken(evidence):
    """Return the numbers of the invariants that evidence breaks."""
    return {int(line.partition(".")[0]) for line in violations(evidence)}


def test_the_calm_run_breaks_nothing(collect):
    """Without a plant the checker is silent."""
    assert violations(collect()) == []


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_violation_is_found(collect, name):
    """What is wrong in the database is found by the invariant that it breaks."""
    number, statements = PLANTS[name]
    assert number in broken(collect(before=statements))


@pytest.mark.parametrize("name", LATE)
def test_what_is_told_otherwise_than_stored_is_found(collect, name):
    """What hpsearch or Optuna reads must be what the rows say."""
    number, statements = LATE[name]
    assert number in broken(collect(after=statements))


@pytest.mark.parametrize("name", TOLD)
def test_what_a_command_told_is_held_against_it(collect, name):
    """Results told and not stored, secrets, tracebacks and bad ends are found."""
    number, ending = TOLD[name]
    assert broken(collect(endings=[ending])) == {number}


@pytest.mark.parametrize("state", ["COMPLETE", "PRUNED"])
def test_what_reports_nothing_has_no_curve_and_no_rung(collect, state):
    """A curve, or a trial that was stopped early, is a violation where trials report nothing."""
    statements = ["DELETE FROM trial_intermediate_values", f"UPDATE trials SET state = '{state}'"]
    whole, bare = collect(), collect(before=statements)
    calm = replace(whole.calm, study=STUDIES["estimator"])
    assert (8 in broken(replace(bare, calm=calm))) == (state == "PRUNED")
    assert 8 in broken(replace(whole, calm=calm))


def test_every_invariant_has_a_plant():
    """No invariant is there that nothing was seen to break."""
    planted = {number for plants in (PLANTS, LATE, TOLD) for number, _ in plants.values()}
    assert planted == set(INVARIANTS)


def test_a_settled_trial_that_changes_is_seen(collect, quiet):
    """A value that is another one at the second look, or at the end, is a violation."""
    witness = Witness()
    engine = sa.create_engine(f"sqlite:///{quiet.file}", poolclass=sa.NullPool)
    with engine.connect() as connection:
        seen = connection.execute(LOOK).all()
    witness.look(seen)
    witness.look(seen)
    assert broken(collect(witness=witness)) == set()
    (study, number, _, value), *rest = seen
    witness.look([(study, number, "FAIL", value), *rest])
    assert len(witness.changes) == 1
    witness.changes.clear()
    other = [f"UPDATE trials SET state = 'PRUNED' WHERE number = {number}"]
    assert 4 in broken(collect(before=other, witness=witness))

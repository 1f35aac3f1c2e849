"""Rows that other programs wrote: a command works, or one line names the table and the row."""

import json
import random

import pytest
import sqlalchemy as sa

from hpsearch.errors import NotFoundError, StorageError
from hpsearch.store import (
    Intervention,
    InterventionKind,
    NursedEpoch,
    NursingPlan,
    WorkerIdentity,
    check_database,
)
from hpsearch.store.schema.rules import CELLS
from hpsearch.store.schema.tables import ROUNDS

VALUES = [
    None, "ru", "", b"\x00\xff", 1e308, float("inf"), float("nan"), -1, 0, 2.5, 2**62, "[1]",
    "[[1], [2], [3]]", "null",
    '{"a": {"b": "c"}}', "[" * 5000, "{", '"\\ud800"', "[NaN, NaN, NaN]", "\x1b[31m", "a\u202eb", "x" * 600,
]  # fmt: skip
"""What a cell is changed to: wrong types, wrong JSON, numbers without end, text that a terminal obeys."""
KEYS = {"study_name", "search_id", "number"}
"""What a study or a trial is found by: another one is not found."""


@pytest.fixture
def two(ledger, worker, terms, hire):
    """Return the name of a study with trials of every fate, beside another one."""
    study, claims = worker.study, worker.claim(0, 1, 2, 3)
    worker.finish(*claims[:2])
    worker.report(claims[2])
    row = {"study_id": study.study_id, "first_number": 0, "stage": "round 0", "reason": "declared"}
    ledger.database.write(
        lambda c: c.execute(sa.insert(ROUNDS), row | {"low": [0, 0, 0], "high": [1, 1, 1], "evidence": {}})
    )
    plan = NursingPlan(trial=1, first_epoch=3, epochs=9)
    held = ledger.open_nursing(study, plan, WorkerIdentity(host="here", process="1@1", pid=1))
    point = NursedEpoch(part=0, epoch=4, loss=0.5, value=0.5, digest="a" * 64)
    stop = Intervention(sequence=0, part=0, epoch=4, kind=InterventionKind.STOP)
    ledger.add_nursed(study, held, [point], stop)
    other = ledger.open_study(terms("other"))
    first = hire(ledger, other, process="2@2")
    first.finish(*first.claim(0, 1))
    return study.name


def read(ledger, name):
    """Read all that commands read of a study."""
    study = ledger.find_study(name)
    ledger.snapshot(study, fingerprint=True)
    ledger.history(study)
    for verb in (
        ledger.status,
        ledger.rounds,
        ledger.workers,
        ledger.epochs,
        ledger.first_worker,
        ledger.row,
        ledger.nursings,
    ):
        verb(study)
    for row in ledger.nursings(study):
        ledger.interventions(study, row.number)
        ledger.nursed_epochs(study, row.number)
    rows = list(ledger.rows(study))
    ledger.metadata(study, len(rows))
    ledger.trial(study, 0)
    ledger.pack(study, lambda dump: json.dumps([list(records.trials()) for records in dump.studies]))
    return study


def changed(ledger, table, column, value, key):
    """Change one cell; return whether the database takes the value."""
    try:
        text = f'UPDATE {table} SET "{column}" = :value WHERE {key[0]} = :key'
        return ledger.database.write(
            lambda c: c.execute(sa.text(text), {"value": value, "key": key[1]}).rowcount
        )
    except StorageError:  # of another type than the column, on PostgreSQL
        return 0


def cells(ledger):
    """Yield a row, by its first key, of every column that has a rule."""
    for table, rules in CELLS.items():
        keys = sa.text(f"SELECT * FROM {table}")
        row = ledger.database.read(lambda c, keys=keys: c.execute(keys).mappings().first())
        key = next(iter(row)) if row else None
        yield from ((table, column, (key, row[key]), row[column]) for column in rules if row)


def outcome(ledger, name):
    """Return the line that refuses to read a study; ``None`` where all of it can be read, or is not there."""
    try:
        read(ledger, name)
    except StorageError as error:
        return str(error)
    except NotFoundError as error:
        return str(error)
    return None


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.sampled
def test_fault_68_a_cell_that_another_program_wrote(ledger, two, seed):
    """Everything can be read, or one line names table, row and db check; the other study is never hidden."""
    rng, judged = random.Random(seed), 0
    for table, column, key, before in cells(ledger):
        value = rng.choice(VALUES)
        if not changed(ledger, table, column, value, key):
            continue
        here = (table, column, value)
        line = outcome(ledger, two)
        if line is not None and column == "admitted" and CELLS[table][column].problem(value) is None:
            assert "trials were handed out, and 4 are there" in line, here
        elif line is not None and column not in KEYS:
            assert f"table {table}, row with {key[0]} {key[1]}" in line, here
            assert line.endswith("hpsearch db check lists what is wrong"), here
            assert "\n" not in line
            found = [str(finding) for finding in check_database(ledger.database)]
            assert any(f"table {table}" in text for text in found), here
            judged += 1
        if column != "search_id":  # the one that may point at the other study
            assert read(ledger, "other").name == "other", here
        assert "other" in [one.study for one in ledger.overview() if one.problem is None], here
        stored = json.dumps(before) if isinstance(before, dict | list) else before
        assert changed(ledger, table, column, stored, key), here
    assert judged > 2
    read(ledger, two)
    assert [finding for finding in check_database(ledger.database) if finding.is_damage] == []


def test_fault_69_text_that_is_not_utf8(ledger, two):
    """It ends no command of another study; db check names the row, and so does what cannot do without it."""
    if ledger.database.path is None:
        pytest.skip("PostgreSQL keeps such text out")
    for table, column, key, before in cells(ledger):
        if isinstance(before, str):
            text = f"UPDATE {table} SET \"{column}\" = CAST(x'ff61' AS TEXT) WHERE {key[0]} = :key"
            ledger.database.write(lambda c, text=text, key=key: c.execute(sa.text(text), {"key": key[1]}))
            line = outcome(ledger, two)
            assert line is None or column in KEYS or f"table {table}, row with" in line
            assert read(ledger, "other").name == "other"
            found = [str(finding) for finding in check_database(ledger.database)]
            assert any(f"table {table}, row with" in line and f"{column}: " in line for line in found), column
            assert changed(ledger, table, column, before, key)


@pytest.mark.parametrize("past", [-1, 0, 1])
@pytest.mark.sampled
def test_fault_68_a_box_may_reach_as_far_as_its_parameter_widens(ledger, two, space, past):
    """Whatever box a search may make is read and sound; db check names one that reaches further."""
    low = [-parameter.margin + 0.1 * past for parameter in space]
    high = [1 + parameter.margin - 0.1 * past for parameter in space]
    assert any(parameter.margin for parameter in space), "the test is about a range that widens"
    ledger.database.write(lambda c: c.execute(sa.update(ROUNDS).values(low=low, high=high)))
    line = outcome(ledger, two)
    found = [str(finding) for finding in check_database(ledger.database)]
    assert line is None
    assert any("low: expected lr from" in text for text in found) if past < 0 else found == []

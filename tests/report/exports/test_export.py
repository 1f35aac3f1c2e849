"""A study as a table: what the database holds, in two formats; files that are whole or not there."""

import csv
import io
import json
import math
from contextlib import contextmanager

import numpy as np
import optuna
import pyarrow.parquet as pq
import pytest

from hpsearch.errors import NotFoundError
from hpsearch.report.exports import parquet
from hpsearch.report.exports.export import FORMATS
from hpsearch.report.exports.tables import TABLES
from hpsearch.search import Proposal, TrialState
from hpsearch.space import ChoiceParameter, FloatParameter, IntParameter, Space
from hpsearch.store import Ledger, Result, Terms, WorkerIdentity
from hpsearch.store.trials import export_rows
from tests.contracts import contract_of

SPACE = Space(
    (
        FloatParameter(name="lr", low=1e-4, high=1e-1, log=True),
        IntParameter(name="width", low=4, high=64),
        ChoiceParameter(name="activation", choices=("relu", "=1+1", 'a,b "c"')),
        ChoiceParameter(name="bias", choices=(True, False)),
    )
)
ENDINGS = (
    Result(state=TrialState.COMPLETE, value=0.1 + 0.2, curve=(0.1, 1 / 3, 0.1 + 0.2)),
    Result(state=TrialState.PRUNED, value=0.25, curve=(0.25,), reason="stopped after 1 whole epochs"),
    Result(state=TrialState.FAILED, value=None, reason="@its worker died"),
)


@pytest.fixture
def ledger(tmp_path):
    """Return a ledger without studies."""
    ledger = Ledger(f"sqlite:///{tmp_path}/study.db", create=True)
    yield ledger
    ledger.close()


@pytest.fixture
def fill(ledger):
    """Return a function that adds a study whose trials end in turn as ``ENDINGS``; two go on running."""

    def fill(name, n_trials):
        terms = Terms(name=name, contract=contract_of(SPACE), base="/", budget=100, parallelism=100)
        study = ledger.open_study(terms)
        worker = ledger.enlist(study, WorkerIdentity(host="here", process="1@1", pid=1))
        points = np.random.default_rng(n_trials).uniform(size=(n_trials, len(SPACE)))
        proposals = [
            Proposal(number=n, internal=SPACE.from_unit(point), stage="round 0")
            for n, point in enumerate(points)
        ]
        claims = ledger.claim(study, worker_id=worker, proposals=proposals, limit=n_trials)
        ledger.finish([(claim, ENDINGS[claim.number % 3]) for claim in claims[:-2]])
        return study

    return fill


@contextmanager
def reading(ledger, name):
    """Give a study as Optuna reads it."""
    storage = optuna.storages.RDBStorage(ledger.database.optuna_url)
    try:
        yield optuna.load_study(study_name=name, storage=storage)
    finally:
        storage.remove_session()
        storage.engine.dispose()


TEXTS = ("csv", "jsonl")


def written(ledger, study, form, *, table="trials", **options):
    """Return the text of an export and the number of its rows."""
    file = io.StringIO()
    n_rows = FORMATS[form](TABLES[table](ledger, study, **options), file)
    return file.getvalue(), n_rows


def read_parquet(ledger, study, table="trials"):
    """Return a table as it is read back from Parquet."""
    file = io.TextIOWrapper(io.BytesIO())
    FORMATS["parquet"](TABLES[table](ledger, study), file)
    return pq.ParquetFile(io.BytesIO(file.buffer.getvalue()))


def as_rows(form, text):
    """Return what either format says, as comparable rows."""
    if form == "jsonl":
        return [json.loads(line) for line in text.splitlines()]
    return [_row(line) for line in csv.DictReader(io.StringIO(text, newline=""))]


def _row(line):
    numbers = {"number": int, "attempts": int, "value": float, "seconds": float}
    cells = {name: None if text == "" else numbers.get(name, str)(text) for name, text in line.items()}
    kinds = {"lr": float, "width": int, "activation": str, "bias": json.loads}
    params = {name: kinds[name](cells.pop(f"params.{name}")) for name in kinds}
    epochs = [name for name in cells if name.startswith("epoch_")]
    curve = {name.removeprefix("epoch_"): cells.pop(name) for name in epochs}
    return cells | {"params": params, "curve": {n: float(v) for n, v in curve.items() if v is not None}}


@pytest.mark.parametrize("form", TEXTS)
def test_invariant_10_the_export_is_the_database(ledger, fill, form):
    """Optuna reads the same states, parameters, values, curves and times, each number to the last bit."""
    study = fill("study", 14)
    text, n_rows = written(ledger, study, form, raw=True)
    words = {"COMPLETE": "complete", "PRUNED": "pruned", "FAIL": "failed", "RUNNING": "running"}

    def moment(time):
        return None if time is None else time.isoformat(timespec="microseconds") + "+00:00"

    with reading(ledger, "study") as found:
        expected = [
            {
                "number": trial.number,
                "state": words[trial.state.name],
                "stage": trial.user_attrs["stage"],
                "value": trial.value,
                "params": trial.params,
                "curve": {str(step): value for step, value in trial.intermediate_values.items()},
                "attempts": 1,
                "started": moment(trial.datetime_start),
                "ended": moment(trial.datetime_complete),
                "seconds": trial.duration.total_seconds() if trial.duration else None,
                "reason": trial.user_attrs.get("reason"),
            }
            for trial in found.trials
        ]
    assert n_rows == 14
    assert {row["state"] for row in expected} == set(words.values())
    assert as_rows(form, text) == expected


@pytest.mark.parametrize("batch", [1, 2, 3, 1000])
def test_batches_of_any_size_give_the_same_rows(ledger, fill, batch, monkeypatch):
    """Studies whose keys lie between do not get in, and no trial is left out or told twice."""
    fill("before", 5)
    study = fill("study", 9)
    fill("after", 4)
    expected = list(ledger.rows(study))
    monkeypatch.setattr(export_rows, "BATCH", batch)
    rows = list(ledger.rows(study))
    assert [row.number for row in rows] == list(range(9))
    assert rows == expected


def test_an_empty_study_has_a_header_alone(ledger, fill):
    """A study without trials is a table without rows."""
    terms = Terms(name="empty", contract=contract_of(SPACE), base="/", budget=1, parallelism=1)
    study = ledger.open_study(terms)
    fill("other", 5)
    header = (
        "number,state,stage,value,params.lr,params.width,params.activation,params.bias,"
        "attempts,started,ended,seconds,reason\n"
    )
    assert written(ledger, study, "csv") == (header, 0)
    assert written(ledger, study, "jsonl") == ("", 0)


def test_rows_are_read_as_they_are_asked_for(ledger, fill, monkeypatch):
    """The second batch is not read before it is needed: what is deleted until then is missed, aloud."""
    study = fill("study", 8)
    monkeypatch.setattr(export_rows, "BATCH", 4)
    rows = ledger.rows(study)
    assert next(rows).number == 0
    with reading(ledger, "study") as found:
        optuna.delete_study(study_name="study", storage=found._storage)
    assert [next(rows).number for _ in range(3)] == [1, 2, 3]
    with pytest.raises(NotFoundError, match="study 'study' was deleted from the database while it was read"):
        next(rows)


def test_columns_hold_every_epoch_of_the_longest_curve(ledger, fill):
    """A short curve leaves the later cells empty; numbers stand without quotes."""
    text, _ = written(ledger, fill("study", 5), "csv")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [name for name in rows[0] if name.startswith("epoch_")] == ["epoch_1", "epoch_2", "epoch_3"]
    assert [rows[0][f"epoch_{n}"] for n in (1, 2, 3)] == ["0.1", "0.3333333333333333", "0.30000000000000004"]
    assert [rows[1][f"epoch_{n}"] for n in (1, 2, 3)] == ["0.25", "", ""]


def test_texts_that_a_spreadsheet_would_run_are_neutral(ledger, fill):
    """A choice and a reason that begin like a formula get a quote in front; ``raw`` leaves them alone."""
    study = fill("study", 14)
    neutral, raw = (
        list(csv.DictReader(io.StringIO(written(ledger, study, "csv", raw=raw)[0], newline="")))
        for raw in (False, True)
    )
    assert {row["params.activation"] for row in raw} >= {"=1+1", 'a,b "c"'}
    assert [row["params.activation"].replace("'=", "=") for row in neutral] == [
        row["params.activation"] for row in raw
    ]
    assert "=1+1" not in {row["params.activation"] for row in neutral}
    assert (neutral[2]["reason"], raw[2]["reason"]) == ("'@its worker died", "@its worker died")


@pytest.mark.parametrize("form", TEXTS)
def test_numbers_that_are_not_finite_are_told(ledger, fill, form):
    """A trial that somebody added through Optuna may hold them; JSON stays strict."""
    study = fill("study", 4)
    with reading(ledger, "study") as found:
        trial = found.ask()
        for step, value in enumerate((math.nan, math.inf, -math.inf), start=1):
            trial.report(value, step)
        found.tell(trial, -math.inf)
    text, n_rows = written(ledger, study, form)
    assert n_rows == 5
    cells = text.splitlines()[-1]
    assert ("-inf," in cells and ",nan,inf,-inf,0," in cells) == (form == "csv")
    if form == "jsonl":
        row = json.loads(cells, parse_constant=pytest.fail)
        assert (row["value"], row["curve"]) == ("-inf", {"1": "nan", "2": "inf", "3": "-inf"})
        assert (row["stage"], row["params"], row["attempts"]) == (None, {}, 0)


def test_parquet_holds_the_same_rows_with_types(ledger, fill, monkeypatch):
    """What JSON lines say, in typed columns, however the rows fall into groups."""
    monkeypatch.setattr(parquet, "ROW_GROUP", 5)
    study = fill("study", 14)
    expected = as_rows("jsonl", written(ledger, study, "jsonl")[0])
    found = read_parquet(ledger, study)
    types = {field.name: str(field.type) for field in found.schema_arrow}
    assert types == {
        "number": "int64",
        "state": "string",
        "stage": "string",
        "value": "double",
        "params.lr": "double",
        "params.width": "int64",
        "params.activation": "string",
        "params.bias": "bool",
        "curve": "list<element: double>",
        "attempts": "int64",
        "started": "timestamp[us, tz=UTC]",
        "ended": "timestamp[us, tz=UTC]",
        "seconds": "double",
        "reason": "string",
    }
    assert found.num_row_groups == 3
    rows = found.read().to_pylist()
    for row in rows:
        row["params"] = {name: row.pop(f"params.{name}") for name in SPACE.names}
        row["curve"] = {str(epoch): value for epoch, value in enumerate(row["curve"], start=1)}
        for name in ("started", "ended"):
            row[name] = row[name] and row[name].isoformat(timespec="microseconds")
    assert rows == expected


@pytest.mark.parametrize("form", FORMATS)
def test_curves_are_a_table_of_their_own(ledger, fill, form):
    """One row an epoch, in every format; a trial without a curve has none."""
    study = fill("study", 5)
    expected = [(0, 1, 0.1), (0, 2, 1 / 3), (0, 3, 0.1 + 0.2), (1, 1, 0.25)]
    if form == "parquet":
        rows = read_parquet(ledger, study, "curves").read().to_pylist()
    else:
        text, n_rows = written(ledger, study, form, table="curves")
        assert n_rows == len(expected)
        kinds = {"number": int, "epoch": int, "accuracy": float}
        rows = [json.loads(line) for line in text.splitlines()] if form == "jsonl" else None
        rows = rows or [{n: kinds[n](v) for n, v in row.items()} for row in csv.DictReader(io.StringIO(text))]
    assert [tuple(row[name] for name in ("number", "epoch", "accuracy")) for row in rows] == expected


def test_the_header_is_neutral_too(ledger):
    """A parameter may be called like a formula; its column never is."""
    space = Space((FloatParameter(name="=1+1", low=0.0, high=1.0),))
    terms = Terms(name="odd", contract=contract_of(space), base="/", budget=1, parallelism=1)
    study = ledger.open_study(terms)
    file = io.StringIO()
    FORMATS["csv"](TABLES["trials"](ledger, study), file)
    assert "params.=1+1" in file.getvalue()
    assert not any(name.startswith("=") for name in file.getvalue().split(","))

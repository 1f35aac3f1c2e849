"""The rules of every column that hpsearch reads: the one list by which rows and bundles are checked.

SQLite keeps a text where a number belongs, and no database looks into JSON. So each column has a rule here.
``db check`` and ``import`` go by all of them, and a command that fails on what a row holds finds the row by
them.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from hpsearch.errors import HpsearchError
from hpsearch.search import StopRule, Verdict
from hpsearch.space import Space
from hpsearch.space.checks import is_printable
from hpsearch.store.schema.cells import (
    NOTE,
    NUMBER,
    RESULT,
    SENSELESS,
    TEXT,
    CellRule,
    digest,
    is_number,
    is_text,
    is_whole,
    one_of,
    seconds,
    whole,
)
from hpsearch.store.schema.nursing_tables import NURSING_CELLS
from hpsearch.store.schema.states import STATES
from hpsearch.store.schema.tables import AttemptOutcome, Control
from hpsearch.study_file import spec_from_dict

VERDICT = "result"
"""The user attribute of a study that holds its verdict."""

_ROUNDING = 1e-9
"""Two machines may compute the ends of a box with another last digit."""

_NUMBER_TYPES = ("FINITE", "INF_POS", "INF_NEG", "NAN")
_DIRECTIONS = ("NOT_SET", "MINIMIZE", "MAXIMIZE")


def _is_json(value: Any) -> bool:
    return is_text(value) and (json.loads(value), True)[1]


def _is_moment(value: Any) -> bool:
    """Return whether a value is a time as Optuna stores it: a text on SQLite, without a zone."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment.tzinfo is None and moment.year >= 1970


def _are_numbers(value: Any) -> bool:
    return isinstance(value, list) and all(map(is_number, value))


def _is_evidence(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(found, dict) and all(map(is_number, found.values())) for found in value.values()
    )


def _are_facts(value: Any) -> bool:
    return isinstance(value, dict) and all(
        fact is None or isinstance(fact, bool) or is_number(fact) or is_text(fact) for fact in value.values()
    )


def _is_contract(value: Any) -> bool:
    """Return whether a value is a contract: that of a search, or that of a confirmation."""
    if "study" in value:
        return bool(spec_from_dict(value["study"])) and is_text(value.get("data_hash", ""))
    runs = value["finalists"]
    default = value.get("default")
    known = isinstance(runs, list) and all(is_whole(run) and run >= 0 for run in runs)
    return known and is_text(value["confirms"]) and (default is None or isinstance(default, dict))


_JSON = CellRule(expected="JSON", fits=_is_json)
_FLAG = CellRule(expected="true or false", fits=lambda v: type(v) in {int, bool} and v in {0, 1})
_MOMENT = CellRule(expected="a date and a time since 1970", fits=_is_moment, optional=True)
_NUMBER_TYPE = one_of(*_NUMBER_TYPES)
_NUMBERS = CellRule(expected="a list of finite numbers", fits=_are_numbers, parsed=True)
_ATTRIBUTES = {"key": TEXT, "value_json": _JSON}

CELLS: Mapping[str, Mapping[str, CellRule]] = {
    "hpsearch_studies": {
        "contract": CellRule(expected="the contract of a study", fits=_is_contract, parsed=True),
        "base": TEXT,
        "budget": whole(1),
        "parallelism": whole(1),
        "admitted": whole(),
        "created_at": seconds(),
        "attempts": whole(1),
        "search_id": whole(),
        "control": one_of(*Control),
        "newest_trial_id": whole(),
        "reopened": whole(),
        "stop_number": whole(optional=True),
        "stop_rule": one_of(*StopRule, optional=True),
        "stop_text": NOTE,
        "changes": whole(),
        "artifacts": NOTE,
        "strict": _FLAG,
        "adopted": whole(),
    },
    "hpsearch_attempts": {
        "attempt": whole(1),
        "number": whole(),
        "token": TEXT,
        "worker_id": whole(),
        "claimed_at": seconds(),
        "lease_until": seconds(),
        "ended_at": seconds(optional=True),
        "outcome": one_of(*AttemptOutcome, optional=True),
        "open": _FLAG,
        "alone": _FLAG,
        "note": NOTE,
        "digest": digest(optional=True),
    },
    "hpsearch_rounds": {
        "first_number": whole(),
        "stage": TEXT,
        "low": _NUMBERS,
        "high": _NUMBERS,
        "reason": TEXT,
        "evidence": CellRule(expected="numbers by parameter and name", fits=_is_evidence, parsed=True),
    },
    "hpsearch_workers": {
        "host": TEXT,
        "process": TEXT,
        "pid": whole(),
        "started_at": seconds(),
        "beat_at": seconds(),
        "ended_at": seconds(optional=True),
        "spent": CellRule(
            expected="seconds by activity",
            fits=lambda v: isinstance(v, dict) and all(map(is_number, v.values())),
            parsed=True,
        ),
        "environment": CellRule(expected="texts and numbers by name", fits=_are_facts, parsed=True),
    },
    "hpsearch_checkpoints": {
        "attempt": whole(1),
        "epoch": whole(),
        "curve": _NUMBERS,
        "saved_at": seconds(),
        "digest": digest(),
    },
    "hpsearch_trainings": {
        "key": digest(),
        "lease_until": seconds(),
        "ended_at": seconds(optional=True),
    },
    **NURSING_CELLS,
    "studies": {
        "study_name": CellRule(
            expected="a text without control characters",
            fits=lambda v: is_text(v) and bool(v.strip()) and is_printable(v),
        )
    },
    "study_directions": {"direction": one_of(*_DIRECTIONS), "objective": whole()},
    "study_user_attributes": _ATTRIBUTES,
    "study_system_attributes": _ATTRIBUTES,
    "trials": {
        "number": whole(),
        "state": one_of(*STATES),
        "datetime_start": _MOMENT,
        "datetime_complete": _MOMENT,
    },
    "trial_params": {"param_name": TEXT, "param_value": NUMBER, "distribution_json": _JSON},
    "trial_values": {"objective": whole(), "value": RESULT, "value_type": _NUMBER_TYPE},
    "trial_intermediate_values": {
        "step": CellRule(expected="a whole number", fits=is_whole),
        "intermediate_value": RESULT,
        "intermediate_value_type": _NUMBER_TYPE,
    },
    "trial_user_attributes": _ATTRIBUTES,
    "trial_system_attributes": _ATTRIBUTES,
}
"""Table -> column -> rule, for each column that means something by itself; keys are checked by the books."""


def space_of(contract: Any) -> Space | None:
    """Return the space of a search, by its stored contract; ``None`` where that has none."""
    try:
        return spec_from_dict(json.loads(contract)["study"]).space
    except (HpsearchError, *SENSELESS):
        return None


def _study(row: Mapping[str, Any], _space: Space | None) -> str | None:
    ending = [row[name] for name in ("stop_number", "stop_rule", "stop_text")]
    if any(cell is None for cell in ending) and any(cell is not None for cell in ending):
        return "stop_number: expected a rule and a text with it, or none of the three"
    if ("study" in json.loads(row["contract"])) != (row["search_id"] == row["study_id"]):
        return f"search_id: expected the key of its search, by its contract, found {row['search_id']}"
    return None


def _round(row: Mapping[str, Any], space: Space | None) -> str | None:
    for name in ("low", "high"):
        ends = json.loads(row[name]) if isinstance(row[name], str) else row[name]
        if space is None:
            continue
        if len(ends) != len(space):
            return f"{name}: expected {len(space)} numbers, one a parameter, found {len(ends)}"
        # A declared range is 0 to 1; a side that the best results press moves out, as far as it may widen.
        for parameter, end in zip(space, ends, strict=True):
            least, most = -parameter.margin - _ROUNDING, 1 + parameter.margin + _ROUNDING
            if not least <= end <= most:
                return f"{name}: expected {parameter.name} from {least:.4g} to {most:.4g}, found {end!r}"
    return None


def _verdict(row: Mapping[str, Any], _space: Space | None) -> str | None:
    try:
        if row["key"] == VERDICT:
            Verdict.from_json(json.loads(row["value_json"]))
    except SENSELESS as error:
        return (
            f"its user attribute {VERDICT!r} is no verdict of this version ({str(error)[:60]}); "
            "update hpsearch, or delete the attribute and start the study again"
        )
    return None


ROW_RULES: Mapping[str, Callable[[Mapping[str, Any], Space | None], str | None]] = {
    "hpsearch_studies": _study,
    "hpsearch_rounds": _round,
    "study_user_attributes": _verdict,
}
"""Table -> what is wrong with a row whose cells fit by themselves; it gets the number of parameters, too."""


def expect_cells(table: str, row: Mapping[str, Any]) -> None:
    """Refuse a row that was read with types, JSON parsed: what comes of it has no other check.

    Raises:
        ValueError: A column holds what it cannot; where a verb is called, the row is named.
    """
    rules = CELLS[table]
    for name, value in row.items():
        if name in rules and rules[name].problem(value) is not None:
            raise ValueError(f"{table}.{name}")


def expect_column(table: str, column: str, values: Iterable[Any]) -> None:
    """Refuse a column of many rows, like ``expect_cells``; each value is judged once."""
    rule = CELLS[table][column]
    if any(rule.problem(value) is not None for value in set(values)):
        raise ValueError(f"{table}.{column}")

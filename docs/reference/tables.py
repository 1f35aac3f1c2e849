"""The page of the database's tables, from their definitions."""

import ast
import inspect
from collections.abc import Mapping
from itertools import pairwise
from types import ModuleType

import sqlalchemy as sa

from hpsearch.store.schema import nursing_tables, tables

HEAD = """# Tables of the database

This page is written by `make docs-reference` from the tables themselves; a test checks that it is current.

Studies, trials, parameters, values and curves are rows of Optuna's own tables, as any program that speaks
Optuna expects them: `studies`, `trials`, `trial_params`, `trial_values`, `trial_intermediate_values` and the
attributes beside them. hpsearch adds the tables below. Read them as you like; do not write into them. Times
are seconds since 1970, UTC, on the database's clock. `hpsearch db current` prints the versions.
"""


def page() -> str:
    """Return the page."""
    told = _docstrings()
    return "\n".join([HEAD, *(_section(table, told[table.name]) for table in tables.OWN.sorted_tables)])


def _section(table: sa.Table, text: str) -> str:
    rows = [f"| `{c.name}` | {_kind(c)} | {_facts(c)} |" for c in table.columns]
    body = text.strip().replace("``", "`")
    return "\n".join([f"## {table.name}\n", f"{body}\n", "| column | type | |", "|---|---|---|", *rows, ""])


def _kind(column: sa.Column[object]) -> str:
    return f"`{column.type}`"


def _facts(column: sa.Column[object]) -> str:
    facts = ["key"] if column.primary_key else []
    facts += ["may be null"] if column.nullable else []
    return ", ".join(facts)


def _docstrings() -> Mapping[str, str]:
    """Return the name of each table -> the string below its definition."""
    found = {}
    for module in (tables, nursing_tables):
        found |= _docstrings_in(module)
    return found


def _docstrings_in(module: ModuleType) -> dict[str, str]:
    found = {}
    for made, below in pairwise(ast.parse(inspect.getsource(module)).body):
        if (
            isinstance(made, ast.Assign)
            and isinstance(made.targets[0], ast.Name)
            and isinstance(below, ast.Expr)
        ):
            table = getattr(module, made.targets[0].id)
            if isinstance(table, sa.Table) and isinstance(below.value, ast.Constant):
                found[table.name] = str(below.value.value)
    return found

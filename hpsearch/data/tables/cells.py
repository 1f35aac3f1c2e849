"""The rules of cells: what a text of a table stands for, and the type of a column, from all its cells."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hpsearch.data.examples import quote
from hpsearch.data.tables.columns import Column, Dates, Numbers, Texts
from hpsearch.errors import DataError
from hpsearch.number import read_quantity
from hpsearch.study_file import DECIMALS, DataSpec
from hpsearch.table.dates import date_form, read_dates

MARKS = frozenset(
    [
        "?",
        "NA",
        "N/A",
        "n/a",
        "#N/A",
        "#NA",
        "<NA>",
        "NULL",
        "null",
        "None",
        "NaN",
        "nan",
        "-NaN",
        "-nan",
        "1.#IND",
        "-1.#IND",
        "1.#QNAN",
        "-1.#QNAN",
        "NaT",
    ]
) | {"#N/A N/A"}
"""Texts that stand for a missing cell: pandas', NaT, and the question mark of ARFF."""
_PHRASE = "None"
_TRUTHS = {"true": "True", "false": "False"}
_LEAST_ROWS, _MOSTLY, _MOST_LEVELS = 20, 0.9, 20
"""With so many rows, such a share of numbers, and more different cells a column holds no categories."""
_ROWS_A_CODE = 3
"""Whole numbers with so many rows each on average may be codes, beside which ``12a`` is one more code."""
_MIXED_CODE = re.compile(r"[0-9]+[A-Za-z]+|[A-Za-z]+[0-9]+")
_MOST_TRUTHS = 6  # each of true and false in three spellings
_ORDERS = {None: (".", ","), ".": (".",), ",": (",", ".")}
"""Decimal mark of a file -> the marks by which its columns are tried."""
_LOOKED_AT = 100
_MARKED = re.compile(r",|\.[0-9]+\.")
_CODE = re.compile(r"0[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRules:
    """The rules by which the cells of a file are read.

    Attributes:
        missing: Texts that stand for a missing cell, beside the empty one.
        decimal: The mark before the fraction of a number; ``None`` where the numbers do not agree on one.
        plain: Whether to read as version 1 did: nothing is missing, a date or a number with a unit.
    """

    missing: frozenset[str] = MARKS
    decimal: str | None = None
    plain: bool = False


def cell_rules(
    columns: Iterable[Texts], *, spec: DataSpec, separator: str, where: str, plain: bool = False
) -> CellRules:
    """Return the rules that the columns of a file call for.

    A file has one decimal mark: a number that is one only with a comma, such as ``1,25``, makes it the comma.
    Where every number that has a mark reads either way, such as ``1,100``, the separator decides: a
    semicolon stands where commas are in numbers, and a comma where they group thousands.

    Args:
        columns: The columns as texts.
        spec: The data's part of the study.
        separator: The separator of the file.
        where: Path of the file, for errors.
        plain: Whether to read as version 1 did.

    Raises:
        DataError: The mark could be either.
    """
    missing = MARKS if spec.missing is None else frozenset(spec.missing)
    rules = CellRules(missing=missing, decimal=spec.decimal, plain=plain)
    if plain or spec.decimal:
        return rules
    named = frozenset(spec.categorical)
    numbers = dict[str, list[str]]()
    for column in columns:
        texts = [] if column.name in named else _filled(column.labels, rules)
        if texts and any(read_quantity(texts[0], decimal=mark) for mark in DECIMALS):
            numbers[column.name] = texts  # a column of texts shows itself at once
    if not any(_MARKED.search("\0".join(texts)) for texts in numbers.values()):
        return rules
    fits = {
        name: {mark for mark in DECIMALS if all(read_quantity(text, decimal=mark) for text in texts)}
        for name, texts in numbers.items()
    }
    shown = {mark for marks in fits.values() if len(marks) == 1 for mark in marks}
    either = [name for name, marks in fits.items() if len(marks) > 1 and any("," in t for t in numbers[name])]
    if len(shown) == 1:
        return replace(rules, decimal=shown.pop())
    if shown or not either:
        return rules  # each column by itself, a point before a comma
    if separator not in ",;":
        found = quote(next(text for text in numbers[either[0]] if "," in text))
        raise DataError(
            f"{where}: column {quote(either[0])}: expected numbers of one reading, found {found}; "
            'write decimal = "," or decimal = "." in [data]'
        )
    return replace(rules, decimal="," if separator == ";" else ".")


def typed(column: Texts, *, rules: CellRules, named: bool, faults: list[str]) -> tuple[Column, list[str]]:
    """Return a column of texts as what it holds, and what there is to say about it.

    It holds numbers where all its cells are numbers, dates where all are dates, and else categories. Cells
    that are missing do not count.

    Args:
        column: The column; its texts are stripped.
        rules: The rules of the file.
        named: Whether it is named as a column of categories.
        faults: Where it is said that the column can hardly be meant as categories.
    """
    column, notes = (column, []) if rules.plain else _without_marks(column, rules)
    texts = column.labels
    if named:
        return column, notes
    if rules.plain:
        numbers = plain_numbers(texts)
        return column if numbers is None else _with_values(column, numbers, rules), notes
    if 0 < len(texts) <= _MOST_TRUTHS and {text.lower() for text in texts} <= {*_TRUTHS}:
        return _renamed(column, [_TRUTHS[text.lower()] for text in texts]), notes
    values = _values(texts, rules)
    if values is not None:
        if any(map(_CODE.fullmatch, texts)) and len({len(text) for text in texts}) == 1:
            notes.append(
                f"column {quote(column.name)} is read as numbers, and {quote(texts[0])} looks like a code; "
                f"categorical = [{quote(column.name)}] makes each a category"
            )
        return _with_values(column, values, rules), notes
    form = date_form(texts)
    if form is None:
        notes += _strays(column, rules, faults)
        return column, notes
    padded = np.append(read_dates(texts, form), np.datetime64("NaT"))
    return Dates(name=column.name, values=padded[column.codes], form=form), notes


def _strays(column: Texts, rules: CellRules, faults: list[str]) -> list[str]:
    """Return what there is to say about a column of numbers with a few texts in it.

    With many different numbers it is no column of categories: that is a fault, except where the numbers are
    whole and repeat and the texts are digits with letters, as codes of patients or families are.
    """
    read = [read_quantity(text, decimal=rules.decimal or ".") for text in column.labels]
    numbers = np.array([quantity is not None for quantity in read])
    filled = column.codes[column.codes >= 0]
    n, share = len(filled), numbers[filled].mean() if len(filled) else 0.0
    if n < _LEAST_ROWS or not _MOSTLY < share < 1:
        return []
    others = [text for text, number in zip(column.labels, numbers, strict=True) if not number]
    name, shown = quote(column.name), quote(*others[:3])
    found = f"column {name}: expected numbers in all rows, found {shown} in {(~numbers[filled]).sum()} rows"
    mends = f"categorical = [{name}] makes each cell a category, missing = [{shown}] a missing one"
    whole = all(quantity[0].is_integer() and not quantity[1] for quantity in read if quantity is not None)
    codes = whole and n >= _ROWS_A_CODE * len(column.labels) and all(map(_MIXED_CODE.fullmatch, others))
    if len(column.labels) > _MOST_LEVELS and not codes:
        faults.append(f"{found}; {mends}, and ignore = [{name}] leaves the column out")
        return []
    return [f"column {name} is read as categories, because of {shown} among numbers; {mends}"]


def shows_a_mark(column: Texts) -> bool:
    """Return whether a column may hold numbers with a comma, or with several points."""
    texts = column.labels
    numbers = any(read_quantity(text, decimal=mark) for text in texts[:_LOOKED_AT] for mark in DECIMALS)
    return numbers and bool(_MARKED.search("\0".join(texts)))


def _filled(texts: Sequence[str], rules: CellRules) -> list[str]:
    return [text for text in texts if text and text not in rules.missing]


def _values(texts: Sequence[str], rules: CellRules) -> list[float] | None:
    """Return the number of each text, or ``None`` where one is no number, or their units differ."""
    if rules.decimal != ",":
        values = plain_numbers(texts)
        if values is not None:
            return values
    for mark in _ORDERS[rules.decimal]:
        read = [read_quantity(text, decimal=mark) for text in texts]
        found = [one for one in read if one is not None]
        if len(found) == len(read) and len({unit for _, unit in found}) <= 1:
            return [value for value, _ in found]
    return None


def _with_values(column: Texts, values: Sequence[float], rules: CellRules) -> Numbers:
    padded = np.array([*values, math.nan])
    found = padded[column.codes]  # the code -1 takes the last
    return Numbers(name=column.name, values=found, decimal=rules.decimal)


def _without_marks(column: Texts, rules: CellRules) -> tuple[Texts, list[str]]:
    """Return a column whose missing cells have the code -1, and a note where one of them is a word."""
    kept = _filled(column.labels, rules)
    if len(kept) == len(column.labels):
        return column, []
    place = {text: i for i, text in enumerate(kept)}
    codes = np.array([place.get(text, -1) for text in column.labels], dtype=np.int64)
    found = replace(column, labels=kept, codes=np.where(column.codes < 0, -1, codes[column.codes]))
    if _PHRASE not in column.labels or _PHRASE not in rules.missing:
        return found, []
    n = int(np.sum(column.codes == list(column.labels).index(_PHRASE)))
    found_in = f"column {quote(column.name)}: {_PHRASE!r} in {n:,} rows"
    note = f"{found_in} is read as missing; missing = [...] says what is"
    return found, [note]


def _renamed(column: Texts, labels: Sequence[str]) -> Texts:
    """Return a column whose texts have other names, of which several may be equal."""
    different = list(dict.fromkeys(labels))
    codes = np.array([*map(different.index, labels), -1], dtype=np.int64)
    return replace(column, labels=different, codes=codes[column.codes])


def plain_numbers(texts: Sequence[str]) -> list[float] | None:
    """Return texts as numbers; ``None`` where one is none, such as ``nan`` or Python's own ``1_000``.

    Args:
        texts: The texts; blanks around them do not count.
    """
    try:
        values = list(map(float, texts))
    except ValueError:
        return None
    return None if any(map(math.isnan, values)) or "_" in "".join(texts) else values

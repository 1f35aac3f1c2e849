"""Guess which column of a table holds the class, where the user does not name it."""

from dataclasses import dataclass, replace

from hpsearch.data.tables.choice import choose, index_columns
from hpsearch.data.tables.columns import Table, Texts
from hpsearch.errors import DataError
from hpsearch.study_file import DataSpec

OBVIOUS = ("target", "label", "class", "y", "labels", "classes", "species", "category", "outcome")
"""Names of columns that hold the class, in any case; the clearest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The column that holds the class.

    Attributes:
        name: Its name in the header line.
        why: The reason for this column.
    """

    name: str
    why: str


def guess_target(table: Table, *, spec: DataSpec, where: str) -> Target:
    """Return the column of a table that most likely holds the class.

    That is a column with an obvious name; else the last one, where most tables have it. A single column of
    texts elsewhere is as often a feature, such as a city beside prices, so the reason only names it.

    Args:
        table: The table.
        spec: The data's part of the study; what it ignores or weighs rows by is not the class.
        where: Path of the file, for errors.

    Raises:
        DataError: The table has less than two columns.
    """
    names = [name for name in table.header if name not in {*spec.ignore, *table.index, spec.weights}]
    if len(names) < 2:
        raise DataError(f"{where}: expected at least 2 columns, found {len(names)}")
    by_name = {name.casefold(): name for name in names}
    for name in OBVIOUS:
        if name in by_name:
            return Target(name=by_name[name], why="its name says so")
    asked = replace(spec, categorical=tuple(name for name in spec.categorical if name in names))
    columns, _, _ = table.read_columns(names)
    chosen = choose(columns, index=index_columns(table, columns), spec=asked).columns
    texts = [column.name for column in chosen if isinstance(column, Texts)]
    last = names[-1]
    doubt = f"; {texts[0]!r} is the only column of texts" if len(texts) == 1 and texts != [last] else ""
    return Target(name=last, why=f"the last column{doubt}")

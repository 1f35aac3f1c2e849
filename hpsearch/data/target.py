"""Which column of a table holds the class, when nobody has said so."""

import math
from dataclasses import dataclass
from itertools import islice

from hpsearch.data.table import open_table, read_number

OBVIOUS = ("target", "label", "class", "y", "labels", "classes", "species", "category")
"""Names that speak for themselves, whatever their case, the clearest first."""

_LOOKED_AT = 1000  # a column of texts shows itself in far fewer rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The column that holds the class.

    Attributes:
        name: Its name in the header line.
        why: What tells that it is this one.
    """

    name: str
    why: str


def guess_target(data: bytes, *, where: str) -> Target:
    r"""Return the column of a CSV file that most likely holds the class.

    One that is called so; else the only one that holds anything but numbers; else the last one.

    Args:
        data: The bytes of the file.
        where: Path of the file, for errors.

    Raises:
        DataError: There is no header line that names two columns or more.

    Example:
        >>> guess_target(b"kind,width\nx,1\ny,2\n", where="t.csv").name
        'kind'
    """
    header, records = open_table(data, where=where)
    by_name = {name.casefold(): name for name in header}
    for name in OBVIOUS:
        if name in by_name:
            return Target(name=by_name[name], why="its name says so")
    rows = [row for _, row in islice(records, _LOOKED_AT)]
    texts = [
        name
        for place, name in enumerate(header)
        if any(place < len(row) and row[place] and math.isnan(read_number(row[place])) for row in rows)
    ]
    if len(texts) == 1:
        return Target(name=texts[0], why="the only column that is not numbers")
    return Target(name=header[-1], why="the last column")

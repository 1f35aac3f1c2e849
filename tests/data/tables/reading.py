"""Read bytes as a table, in the way of a study."""

from hpsearch.data.tables.arff import read_arff
from hpsearch.data.tables.parquet import read_parquet
from hpsearch.data.tables.table import examples_of
from hpsearch.data.tables.text import read_text
from hpsearch.errors import DataError
from hpsearch.study_file import DataSpec

READERS = {"csv": read_text, "arff": read_arff, "parquet": read_parquet}


def read(data, *, target="kind", kind="csv", plain=False, **keys):
    """Return the examples of a file ``t.KIND``; ``keys`` are those of ``[data]``."""
    name, spec = f"t.{kind}", DataSpec(source=f"t.{kind}", target=target, **keys)
    data = data if isinstance(data, bytes) else data.encode()
    table = READERS[kind](data, where=name, spec=spec, plain=plain)
    return examples_of(table, where=name, spec=spec, plain=plain)


def outcome(data, **keys):
    """Return the examples of a file, or the words of their refusal."""
    try:
        return read(data, **keys)
    except DataError as error:
        return str(error)

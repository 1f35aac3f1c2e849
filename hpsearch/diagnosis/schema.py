"""The JSON Schema of the study file, for editors: the package holds it, a folder of studies has a copy.

``make docs-reference`` writes it from the records and maps behind the study file.
"""

from pathlib import Path

from hpsearch.files import whole_file

SCHEMA = Path(__file__).with_name("study.schema.json")
"""The schema, draft 7."""
COPY = Path(".hpsearch", SCHEMA.name)
"""Where its copy lies, from the folder of a study file."""
SCHEMA_LINE = f"#:schema ./{COPY.as_posix()}"
"""The first line of a study file by which an editor finds the schema."""


def copy_schema(folder: Path) -> None:
    """Write the schema into a folder of studies, unless it is there.

    A path of the installed package would hold on one machine alone, and an address would need a network.

    Raises:
        OSError: The copy cannot be written.
    """
    copy, content = folder / COPY, SCHEMA.read_bytes()
    if copy.is_file() and copy.read_bytes() == content:
        return
    copy.parent.mkdir(exist_ok=True)
    with whole_file(copy) as path:
        path.write_bytes(content)

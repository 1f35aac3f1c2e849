"""``hpsearch list``: which studies are there?"""

import typer

from hpsearch.cli.options import DEFAULT_STORAGE, AsJson, Storage, print_json, print_text, say
from hpsearch.errors import ExitCode, StorageError, to_type


def list_(*, storage: Storage = DEFAULT_STORAGE, as_json: AsJson = False) -> None:
    """Print the studies of a database, one per line.

    If a study cannot be read, a message on standard error names it, and the command ends with 4.

    Example: hpsearch list --storage sqlite:///hpsearch.db
    """
    from hpsearch.report import status_line, status_to_json
    from hpsearch.store import Reader, Status, opened

    def statuses(reader: Reader) -> tuple[list[Status], list[StorageError]]:
        found, problems = [], []
        for name in reader.study_names():
            try:
                found.append(reader.status(reader.find_study(name)))
            except StorageError as error:  # it hides no other study
                problems.append(error)
        return found, problems

    with opened(storage, foreign=True) as ledger:
        found, problems = ledger.at_one_moment(statuses)
    if as_json:
        print_json({"schema_version": 1, "studies": [status_to_json(status) for status in found]})
    else:
        for status in found:
            print_text(status_line(status))
        if not found and not problems:
            say(f"no studies yet: {to_type('start STUDY.toml')} makes one")
    for problem in problems:
        say(f"hpsearch: {problem}")
    if problems:
        raise typer.Exit(ExitCode.STORAGE)

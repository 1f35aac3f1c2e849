"""``hpsearch list``: which studies are there?"""

import typer

from hpsearch.cli.options import DEFAULT_STORAGE, AsJson, Storage, print_json, say


def list_(*, storage: Storage = DEFAULT_STORAGE, as_json: AsJson = False) -> None:
    """Print the studies of a database, a line each.

    Example: hpsearch list --storage sqlite:///hpsearch.db
    """
    from hpsearch.report import status_line, status_to_json
    from hpsearch.store import Reader, Status, opened

    def statuses(reader: Reader) -> list[Status]:
        return [reader.status(reader.find_study(name)) for name in reader.study_names()]

    with opened(storage) as ledger:
        found = ledger.at_one_moment(statuses)
    if as_json:
        print_json({"schema_version": 1, "studies": [status_to_json(status) for status in found]})
        return
    for status in found:
        typer.echo(status_line(status))
    if not found:
        say("no studies yet: hpsearch start STUDY.toml makes one")

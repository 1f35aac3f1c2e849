"""``hpsearch db``: the database itself; ``current``, ``upgrade``, ``check``, ``backup``."""

from contextlib import closing
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from hpsearch.cli.options import DEFAULT_STORAGE, AsJson, Storage, print_json, print_text, say
from hpsearch.errors import ExitCode


def current(*, storage: Storage = DEFAULT_STORAGE, as_json: AsJson = False) -> None:
    """Print the versions of the tables.

    Example: hpsearch db current
    """
    from hpsearch.store import Database, current_schema

    with closing(Database(storage)) as database:
        found = current_schema(database)
    if as_json:
        print_json({"schema_version": 1, **found})
        return
    for owner, revision in found.items():
        print_text(f"{owner}: {revision or 'no tables'}")


def upgrade(*, storage: Storage = DEFAULT_STORAGE) -> None:
    """Update the tables of an older hpsearch to this version.

    In an empty database the command creates the tables. An upgrade is done completely or not at all, and is
    refused while workers are running.

    Example: hpsearch db upgrade --storage sqlite:///hpsearch.db
    """
    from hpsearch.store import Database, current_schema, upgrade_schema

    with closing(Database(storage)) as database:
        before, after = upgrade_schema(database), current_schema(database)["hpsearch"]
    say(
        f"hpsearch: {after}, as it was"
        if before == after
        else f"hpsearch: {before or 'no tables'} -> {after}"
    )


def check(*, storage: Storage = DEFAULT_STORAGE, as_json: AsJson = False) -> None:
    """Check the file and every study for damage.

    The command also removes the remains of deleted studies.

    Example: hpsearch db check --storage sqlite:///hpsearch.db
    """
    from dataclasses import asdict

    from hpsearch.store import Database, check_database

    with closing(Database(storage)) as database:
        findings, address = check_database(database), database.address
    is_damaged = any(finding.is_damage for finding in findings)
    if as_json:
        document = {"schema_version": 1, "damaged": is_damaged}
        print_json(document | {"findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            print_text(f"{'damage' if finding.is_damage else 'note'}: {finding}")
        print_text(f"{address}: {'damaged; restore a copy' if is_damaged else 'all right'}")
    if is_damaged:
        raise typer.Exit(ExitCode.STORAGE)


def backup(
    file: Annotated[Path, typer.Argument(help="The copy; an existing file is replaced.", metavar="FILE")],
    *,
    storage: Storage = DEFAULT_STORAGE,
) -> None:
    """Copy a SQLite database to a file while studies are running in it.

    Example: hpsearch db backup copy.db
    """
    from hpsearch.store import Database, backup_database, sqlite_address

    with closing(Database(storage)) as database:
        backup_database(database, file)
    say(f"copied: use it with --storage {quote(sqlite_address(file))}")

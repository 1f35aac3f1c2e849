"""``hpsearch import``: a study from another machine."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from hpsearch.cli.options import DEFAULT_STORAGE, Storage, say

File = Annotated[
    Path, typer.Argument(metavar="FILE", help="The file that hpsearch export bundle has written.")
]


def import_(
    file: File,
    *,
    storage: Storage = DEFAULT_STORAGE,
    as_name: Annotated[str | None, typer.Option("--as", metavar="NAME", help="The name of the copy.")] = None,
) -> None:
    """Import a study and its confirmation from another machine.

    The study is imported completely or not at all. A second import of one file changes nothing. hpsearch
    start or worker continues an unfinished study. Data in the bundle are written to this folder; otherwise
    they must be there.

    Example: hpsearch import digits.hpsearch --as digits-of-anna
    """
    from hpsearch.bundle import opened_bundle
    from hpsearch.store import Ledger
    from hpsearch.study_file import expect_new_name

    base = Path.cwd()
    if as_name is not None:
        expect_new_name(as_name)
    # The data come first: a refusal leaves neither them nor an empty database.
    with opened_bundle(file) as bundle, bundle.placed_data(base):
        with closing(Ledger(storage, create=True)) as ledger:
            is_new = bundle.take_in(ledger, name=as_name, base=base)
        name = as_name or bundle.dump.name
    say(f"study {name} is here now" if is_new else f"study {name} is here already: nothing to do")
    if is_new and bundle.source is not None and not bundle.has_data:
        say(f"its data are looked for at {bundle.source} in this folder")

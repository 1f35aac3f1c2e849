"""``hpsearch compare``: studies side by side."""

from typing import Annotated

import typer

from hpsearch.cli.complete import complete_study
from hpsearch.cli.options import DEFAULT_STORAGE, AsJson, Storage, print_json, print_text

Compared = Annotated[
    list[str],
    typer.Argument(metavar="STUDY", help="The names of two or more studies.", autocompletion=complete_study),
]


def compare(studies: Compared, *, storage: Storage = DEFAULT_STORAGE, as_json: AsJson = False) -> None:
    """Compare what studies found, side by side.

    Each study is compared with the first one. A difference has a 95 % interval. Where both winners ran with
    the same seeds on the same rows, it is paired; otherwise the line below it says how it is made. Studies
    with other data or another metric have no difference.

    Example: hpsearch compare digits digits-2
    """
    if len(studies) < 2:
        raise typer.BadParameter(f"expected two or more studies, found {studies[0]!r}", param_hint="STUDY")
    from hpsearch.report.numbers.compare import compare as compute
    from hpsearch.report.plain.compare_text import comparison_text
    from hpsearch.store import expect_search, opened

    with opened(storage) as ledger:
        found = ledger.at_one_moment(
            lambda reader: compute(reader, [expect_search(reader.find_study(name)) for name in studies])
        )
    if as_json:
        print_json(found.to_json())
    else:
        print_text(comparison_text(found))

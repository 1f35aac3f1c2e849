"""``hpsearch report``: a study to read and to show."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from hpsearch.cli.complete import file_with, one_of
from hpsearch.cli.options import (
    DEFAULT_STORAGE,
    Quiet,
    Storage,
    StudyFlag,
    StudyName,
    print_text,
    say,
    storage_flag,
)
from hpsearch.cli.studies import chosen_study
from hpsearch.text import printable

FORMATS = ("html", "text", "json", "md")
_ENDINGS = {"html": "html", "htm": "html", "txt": "text", "text": "text", "json": "json", "md": "md"}

Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        autocompletion=file_with("html", "txt", "json", "md"),
        help="The file to write, or - for standard output; by default NAME.html for html, else standard "
        "output.",
    ),
]
Anonymous = Annotated[
    bool,
    typer.Option(
        "--anonymous", help="Leave out the machines, the processes, the folders and the database's address."
    ),
]


def report(  # noqa: PLR0913 - options
    study: StudyName = None,
    *,
    _study: StudyFlag = None,
    storage: Storage = DEFAULT_STORAGE,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="html|text|json|md",
            autocompletion=one_of(*FORMATS),
            help="The format; by default that of the file's ending, or html.",
        ),
    ] = None,
    output: Output = None,
    as_json: Annotated[bool, typer.Option("--json", help="Short for --format json.")] = False,
    anonymous: Anonymous = False,
    open_: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    quiet: Quiet = False,
) -> None:
    """Write a report of a study as HTML, text, JSON or Markdown.

    The report begins with the answer in one sentence and with what was done. Then it shows the winner, the
    race that confirmed it, the search, and how to repeat the study. A running study is reported as it is now.

    Example: hpsearch report digits --open
    """
    name = _format(format_, output, as_json=as_json)
    _expect_page(name, output, opens=open_)
    from hpsearch.files import STDOUT, file_name, replacing
    from hpsearch.report.numbers.study import study_report
    from hpsearch.store import opened

    with opened(storage, foreign=True) as ledger:
        chosen = chosen_study(ledger, study)
        flags = "" if anonymous else storage_flag(storage)
        found = study_report(ledger, chosen, flags=flags, anonymous=anonymous)
    text = _rendered(found, name)
    if output is None and name != "html":
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        print_text(text)
        return
    target = output or Path(file_name(found.summary.study, ".html"))
    with replacing(target) as file:
        file.write(f"{text}\n")
    if not quiet and target != STDOUT:
        say(f"written to {target}")
    if open_:
        _show(target)


def _expect_page(name: str, output: Path | None, *, opens: bool) -> None:
    """Refuse to open in a browser what is no page in a file."""
    found = "standard output" if output is not None and str(output) == "-" else name
    if opens and found != "html":
        raise typer.BadParameter(f"expected an HTML file, found {found}", param_hint="--open")


def _show(page: Path) -> None:
    """Open a page in the browser; where there is none, say how to see it."""
    import webbrowser

    address = page.resolve().as_uri()
    if not webbrowser.open(address):
        say(f"no browser was found; open {address} in one")


def _format(given: str | None, output: Path | None, *, as_json: bool) -> str:
    """Return the format that was asked for."""
    ending = output.suffix.removeprefix(".").lower() if output else ""
    name = "json" if as_json else _ENDINGS.get(ending, ending or "html") if given is None else given
    if name not in FORMATS or (as_json and given not in {None, "json"}):
        expected = f"expected one of {', '.join(FORMATS)}"
        found = f"--json and {given}" if as_json else repr(name)
        raise typer.BadParameter(f"{expected}, found {found}", param_hint="--format")
    return name


def _rendered(found: Any, name: str) -> str:
    from hpsearch.report.plain.report_json import report_to_json
    from hpsearch.report.plain.report_text import report_markdown, report_text

    if name == "json":
        return json.dumps(report_to_json(found), sort_keys=True, indent=2, allow_nan=False)
    if name == "html":
        from hpsearch.report.page.document import report_page

        return report_page(found)
    return printable(report_text(found) if name == "text" else report_markdown(found))

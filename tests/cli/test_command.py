"""Options that go past Typer's converters give what Typer gives."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.core import TyperCommand
from typer.testing import CliRunner

from hpsearch.cli.command import PlainCommand, converter
from hpsearch.cli.options import with_plain_numbers


class Shade(StrEnum):
    """A choice, which is left to Typer."""

    DARK = "dark"


def show(
    file: Path,
    *,
    name: Annotated[str, typer.Option(envvar="SHOWN_NAME")] = "none",
    out: Path | None = None,
    number: Annotated[int | None, typer.Option(min=1)] = None,
    share: Annotated[float, typer.Option(min=0.0)] = 0.5,
    shade: Shade = Shade.DARK,
    words: Annotated[list[str] | None, typer.Option("--word")] = None,
    there: Annotated[Path | None, typer.Option(exists=True)] = None,
    loud: bool = False,
) -> None:
    """Print what arrives, with its types."""
    typer.echo(repr((file, name, out, number, share, shade, words, there, loud)))


def ending(cls, words):
    """Return the exit code and all that a command prints, with the parameters of a class."""
    app = typer.Typer(rich_markup_mode=None)
    app.command(cls=cls)(with_plain_numbers(show))
    run = CliRunner().invoke(app, words, env={"SHOWN_NAME": "from outside"})
    return run.exit_code, run.output


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["f"], 0),
        (["f", "--name", "", "--out", "no/such", "--number", "3", "--share", "0", "--loud"], 0),
        (["f", "--word", "a", "--word", "b", "--shade", "dark", "--there", "."], 0),
        (["f", "--number", "1_0"], 2),
        (["f", "--number", "0"], 2),
        (["f", "--share", "-1"], 2),
        (["f", "--shade", "light"], 2),
        (["f", "--there", "no/such"], 2),
        (["f", "--name"], 2),
        ([], 2),
    ],
    ids=lambda value: " ".join(value) or "nothing" if isinstance(value, list) else None,
)
def test_a_value_arrives_as_typer_gives_it(words, code):
    """Values, defaults, variables and refusals, word for word."""
    assert ending(PlainCommand, words) == ending(TyperCommand, words)
    assert ending(PlainCommand, words)[0] == code


def test_a_path_that_exists_and_may_not_be_read_is_left_to_typer(tmp_path, monkeypatch):
    """Typer says so; root may read everything, so the system's answer is put in its place."""
    file = tmp_path / "secret"
    file.touch()
    monkeypatch.setattr("os.access", lambda *_: False)
    found = ending(PlainCommand, [str(file)])
    assert found == ending(TyperCommand, [str(file)])
    assert found[0] == 2
    assert "not readable" in found[1]


def test_a_parameter_that_typer_does_not_describe_is_left_to_it():
    """Where a later Typer keeps its types elsewhere, commands work on, as slowly as without this."""
    assert converter(object(), "text") is None

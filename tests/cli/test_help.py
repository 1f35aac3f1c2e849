"""The help: commands in groups, lines without orphans, the environment variables."""

import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from hpsearch.cli.app import COMMANDS, GROUPS, make_app
from hpsearch.cli.overview import PANELS, VARIABLES, panel_of

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
WIDTH = 80
PATHS = [(), *((name,) for name in (*COMMANDS, *GROUPS))]
PATHS += [(group, name) for group, (_, inner) in GROUPS.items() for name in inner]


def help_of(*path):
    """Return the help of a command as a terminal of 80 columns shows it."""
    run = CliRunner().invoke(make_app(path[:1] or (*COMMANDS, *GROUPS)), [*path, "--help"], env=ENVIRONMENT)
    assert run.exit_code == 0
    return run.output


ENVIRONMENT = {"COLUMNS": str(WIDTH), "TERMINAL_WIDTH": str(WIDTH), "TERM": "dumb"}


def options_of(command, path=()):
    """Yield each command below a command with its path and its parameters."""
    if hasattr(command, "commands"):
        for name, inner in command.commands.items():
            yield from options_of(inner, (*path, name))
    else:
        yield path, [param for param in command.params if param.envvar]


def test_each_command_is_in_one_group():
    """A command that was added to the program and to no group would be listed below all others."""
    grouped = [name for names in PANELS.values() for name in names]
    assert [name for name in (*COMMANDS, *GROUPS) if panel_of(name) is None] == []
    assert len(grouped) == len(set(grouped))


def test_commands_are_listed_in_their_groups_each_on_one_line():
    """The groups have their titles, and in 80 columns every line begins with the name of a command."""
    text = help_of()
    titles = re.findall(r"^╭─ (\w+) ─", text, re.MULTILINE)
    assert titles == ["Options", *PANELS]
    for title, names in PANELS.items():
        lines = text.partition(f"╭─ {title} ─")[2].partition("\n")[2].partition("╰")[0].splitlines()
        assert [line.split()[1] for line in lines] == [name for name in names if name in {*COMMANDS, *GROUPS}]


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_no_paragraph_ends_with_a_word_alone(path):
    """In 80 columns; a docstring's own line breaks are not shown."""
    paragraphs = re.split(r"\n\s*\n", help_of(*path).partition("╭")[0].strip())
    ends = [part.splitlines()[-1] for part in paragraphs if "\n" in part]
    assert [end for end in ends if len(end.split()) < 2] == []


def test_help_shows_what_looks_like_markup():
    """A table of the study file stands in brackets, as the markup of the library that prints it."""
    assert "table [search]" in " ".join(help_of("learn").split())


def test_variables_are_listed_and_are_those_of_the_page():
    """The help and the page name the same variables; what hpsearch sets itself is on the page alone."""
    text = help_of().partition("Environment variables")[2]
    listed = re.findall(r"^│ ([A-Z_]+) {2,}(\S.*?) *│$", text, re.MULTILINE)
    assert dict(listed) == VARIABLES
    page = (REFERENCE / "environment.md").read_text()
    own = set(re.findall(r"^\| `(HPSEARCH_\w+)` \|", page, re.MULTILINE))
    assert own - {"HPSEARCH_TRIAL", "HPSEARCH_CALL"} == {name for name in VARIABLES if name != "NO_COLOR"}


def test_each_option_with_a_variable_shows_it():
    """In the help of its own command; and the list of all variables names that option."""
    found = list(options_of(typer.main.get_command(make_app())))
    assert len(found) > 20
    for path, params in found:
        text = "".join(help_of(*path).split()) if params else ""
        for param in params:
            assert f"[envvar:{param.envvar}]" in text.replace("│", "")
            assert VARIABLES[param.envvar] in param.opts

"""The page of the commands, from the commands themselves."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import typer

from hpsearch.cli.app import make_app
from hpsearch.cli.overview import PANELS

HEAD = """# Commands

This page is written by `make docs-reference` from the commands themselves; a test checks that it is current.

Results go to standard output, and everything else goes to standard error. `--json` prints one document,
described in [JSON](json.md). See also the [exit codes](exit-codes.md), and the
[environment variables](environment.md) that replace options. Before a command, `--debug` prints the traceback
of an error, and `--version` prints the version.
"""
EXAMPLE = re.compile(r"^Examples?:\s+(hpsearch .*)$", re.MULTILINE)
NOT_RUN = {
    "dashboard": "stays until Ctrl-C",
    "doctor": "takes ten seconds and has tests of its own",
    "enqueue": "the study of the examples has no trial left",
    "import": "a study of that name is another one here",
    "init": "needs a table of flowers",
    "predict": "needs a file of new rows",
    "retry": "needs a trial that failed",
}
"""Commands whose example the tests do not type, and why."""


def page() -> str:
    """Return the page."""
    root: Any = typer.main.get_command(make_app())
    return "\n".join([HEAD, *_groups(root)])


def _groups(root: Any) -> Iterator[str]:
    """Yield the commands in the groups of the help, under their titles."""
    for title, names in PANELS.items():
        yield f"## {title}\n"
        listed = {name: root.commands[name] for name in names if name in root.commands}
        yield from _sections(listed, "hpsearch")


def _sections(commands: Mapping[str, Any], path: str) -> Iterator[str]:
    for name, command in commands.items():
        whole = f"{path} {name}"
        if hasattr(command, "commands"):
            yield from _sections(command.commands, whole)
        else:
            yield _section(command, whole)


def _section(command: Any, path: str) -> str:
    text = command.help or ""
    examples = EXAMPLE.findall(text)
    text = EXAMPLE.sub("", text).strip()
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and not p.hidden]
    usage = " ".join([path, *(f"{_metavar(p)}" for p in arguments), *(["[OPTIONS]"] if options else [])])
    rows = [f"| `{_metavar(p)}` | | {_text(p)} |" for p in arguments]
    rows += [f"| {_names(p)} | {_default(p)} | {_text(p)} |" for p in options if "--help" not in p.opts]
    return "\n".join(
        [
            f"### {path}\n",
            f"{text}\n",
            f"```text\n{usage}\n```\n",
            *_table(rows),
            *(_example(example, path) for example in examples),
        ]
    )


def _table(rows: list[str]) -> list[str]:
    return ["| argument or option | default | meaning |", "|---|---|---|", *rows, ""] if rows else []


def _example(example: str, path: str) -> str:
    reason = NOT_RUN.get(path.removeprefix("hpsearch "), "")
    mark = f"<!-- not run: {reason} -->\n" if reason else ""
    return f"{mark}```sh\n{example}\n```\n"


def _metavar(parameter: Any) -> str:
    found = parameter.metavar or parameter.name.upper()
    whole = found if found.startswith("[") or parameter.required else f"[{found}]"
    return f"{whole}..." if parameter.nargs < 0 and "..." not in whole else whole


def _names(parameter: Any) -> str:
    names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
    return names if parameter.is_flag else f"{names} `{_value(parameter)}`"


def _value(parameter: Any) -> str:
    return str(parameter.metavar or parameter.type.name.upper()).replace("|", "\\|")


def _default(parameter: Any) -> str:
    value = parameter.default
    if value is None or parameter.is_flag or value == () or not isinstance(value, str | int | float):
        return ""
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def _text(parameter: Any) -> str:
    text = " ".join((parameter.help or "").split()).replace("|", "\\|")
    variable = f" (`{parameter.envvar}`)" if parameter.envvar else ""
    return f"{text}{variable}"

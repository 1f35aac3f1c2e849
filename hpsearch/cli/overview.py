"""The help of the program: its commands in groups, and the environment variables."""

from collections.abc import Iterable, Mapping, Sequence
from inspect import cleandoc
from typing import Any

from hpsearch.cli.command import PlainGroup

PANELS: Mapping[str, Sequence[str]] = {
    "Begin": ("init", "check", "start", "worker", "doctor"),
    "Watch": ("status", "watch", "list", "show", "explain"),
    "Decide": ("pause", "resume", "stop", "cancel", "enqueue", "retry", "nurse"),
    "Share": ("best", "report", "export", "predict", "compare", "dashboard"),
    "Keep": ("fingerprint", "replay", "import", "learn", "rename", "delete", "db"),
}
"""Title -> the commands that are listed under it, in order; a test finds a command that is missing."""

VARIABLES: Mapping[str, str] = {
    "HPSEARCH_STORAGE": "--storage",
    "HPSEARCH_STUDY": "--study",
    "HPSEARCH_WORKERS": "--workers",
    "HPSEARCH_ENGINE": "--engine",
    "HPSEARCH_ADDRESS": "--address",
    "HPSEARCH_ARTIFACTS": "--artifacts",
    "HPSEARCH_LEASE": "--lease",
    "HPSEARCH_PATIENCE": "--patience",
    "HPSEARCH_NOTICE": "--notice",
    "HPSEARCH_NOTIFY": "--notify",
    "HPSEARCH_DASHBOARD_TOKEN": "the token in --token-file",
    "HPSEARCH_MAX_MEMORY": "max_memory of [data] in the study file",
    "HPSEARCH_CACHE": "the folder for prepared data",
    "NO_COLOR": "colors and moving lines, if it has any text",
}
"""Variable of the environment -> what it replaces; docs/reference/environment.md says more."""

_HELP_OF = {
    "--install-completion": "Install completion for this shell.",
    "--show-completion": "Print the completion script of this shell.",
}
"""Option of Typer -> its help in one line."""
_TITLE = "Environment variables, and what each replaces"


def in_panels(names: Iterable[str]) -> list[str]:
    """Return names of commands in the order of the help; those without a group come last.

    Example:
        >>> in_panels(["best", "start", "init"])
        ['init', 'start', 'best']
    """
    places = {name: place for place, name in enumerate(n for panel in PANELS.values() for n in panel)}
    return sorted(names, key=lambda name: places.get(name, len(places)))


def panel_of(name: str) -> str | None:
    """Return the title that a command is listed under; ``None`` where it is in no group."""
    return next((title for title, names in PANELS.items() if name in names), None)


def reflowed(text: str | None) -> str:
    r"""Return a docstring with each paragraph on one line, for a terminal of any width to wrap.

    Example:
        >>> reflowed("One.\n\n    Two\n    and three.")
        'One.\n\nTwo and three.'
    """
    return "\n\n".join(" ".join(part.split()) for part in cleandoc(text or "").split("\n\n"))


class MainGroup(PlainGroup):
    """The program itself: its help lists the environment variables below the commands."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the options before a command, with a line of help each."""
        params = super().get_params(ctx)
        for param in params:
            param.help = _HELP_OF.get(param.opts[0], param.help)
        return params

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help; how to begin comes last, where a person looks next."""
        epilog, self.epilog = self.epilog, None
        super().format_help(ctx, formatter)
        self.epilog = epilog
        from rich.panel import Panel
        from rich.table import Table
        from rich.text import Text
        from typer import rich_utils

        table = Table.grid(padding=(0, 2))
        table.add_column(style=rich_utils.STYLE_COMMANDS_TABLE_FIRST_COLUMN, no_wrap=True)
        for name, replaced in VARIABLES.items():
            table.add_row(name, Text(replaced))
        console = rich_utils._get_rich_console()  # noqa: SLF001 - where Typer prints the rest of the help
        border = rich_utils.STYLE_OPTIONS_PANEL_BORDER
        console.print(Panel(table, title=_TITLE, title_align="left", border_style=border))
        console.print(f"\n {epilog}\n", highlight=False, markup=False)

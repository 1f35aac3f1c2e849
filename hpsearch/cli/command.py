"""Commands that convert their own texts, numbers and paths.

Typer converts each value with Pydantic, which it imports for the first one: 45 ms of processor time, a tenth
of ``hpsearch status``. A text needs no conversion, and a number has hpsearch's own grammar.
"""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from hpsearch.cli.options import storage_flag
from hpsearch.cli.words import FLAG, arrange, name_study
from hpsearch.errors import commands_find_database


class PlainOption(TyperOption):
    """An option whose value goes past Typer where no conversion is needed."""

    def process_value(self, ctx: Any, value: Any) -> Any:
        """Return a value as the command takes it."""
        convert = converter(self, value)
        return (
            super().process_value(ctx, value) if convert is None else _called_back(self, ctx, convert(value))
        )

    def display_type_rich(self, ctx: Any) -> str | None:
        """Return what stands for the value in the help; nothing for an option without a value."""
        return None if self.is_flag else super().display_type_rich(ctx=ctx)  # type: ignore[no-any-return,misc,unused-ignore]

    def _get_number_range_help_str(self) -> None:
        """Leave out limits such as ``x>=0.5``: a number outside them is refused with words."""


class PlainArgument(TyperArgument):
    """An argument whose value goes past Typer where no conversion is needed."""

    def process_value(self, ctx: Any, value: Any) -> Any:
        """Return a value as the command takes it."""
        convert = converter(self, value)
        return (
            super().process_value(ctx, value) if convert is None else _called_back(self, ctx, convert(value))
        )


PLAIN: dict[type, type] = {TyperOption: PlainOption, TyperArgument: PlainArgument}
"""Typer's class of a parameter -> the one that takes its place; it stores nothing more."""


class PlainCommand(TyperCommand):
    """A command with such options and arguments: Typer makes them of its own classes only."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters of the command, with its option for help."""
        return plain(super().get_params(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help as it is: a table of the study file, ``[search]``, is no markup."""
        from rich.markup import escape

        text = self.help or ""
        self.help = escape(text) if self.rich_markup_mode else text
        super().format_help(ctx, formatter)
        self.help = text

    def make_parser(self, ctx: Any) -> Any:
        """Return a parser that knows which word names the study."""
        parser = super().make_parser(ctx)
        parse: Any = parser.parse_args

        def arranged(args: list[str]) -> Any:
            typed, rest, order = parse(args=args)
            arrange(typed)
            return typed, rest, order

        parser.parse_args = arranged  # type: ignore[method-assign]
        return parser

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments; where a command takes one study, its name is in ``study``."""
        rest = super().parse_args(ctx, args)
        if FLAG in ctx.params:
            name_study(ctx)
        return rest

    def invoke(self, ctx: Any) -> Any:
        """Run the command; commands that its messages name find the same database."""
        if "storage" not in ctx.params:
            return super().invoke(ctx)
        with commands_find_database(partial(storage_flag, ctx.params["storage"])):
            return super().invoke(ctx)


class PlainGroup(TyperGroup):
    """A group of commands whose own options are such."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters of the group, with its options for help and completion."""
        return plain(super().get_params(ctx))


def plain(params: list[Any]) -> list[Any]:
    """Return parameters, each of the class that takes the place of Typer's."""
    for param in params:
        param.__class__ = PLAIN.get(type(param), type(param))
    return params


def converter(param: Any, value: Any) -> Callable[[Any], Any] | None:
    """Return the function that makes of a value what the command takes; ``None`` where Typer must do it.

    Typer does it for all that is unusual, and for everything where it does not describe its parameters so.
    """
    described = getattr(param, "type_descriptor", None)
    if described is None or param.nargs != 1 or param.multiple:
        return None
    info, kind = described.parameter_info, described.annotation
    if value is None:
        return None if param.required else _unchanged
    if info.parser is not None:
        return info.parser  # type: ignore[no-any-return]
    if isinstance(value, str) and kind is str:
        return _unchanged
    return Path if kind is Path and isinstance(value, str) and _is_free(value, info) else None


def _unchanged(value: Any) -> Any:
    return value


def _called_back(param: Any, ctx: Any, value: Any) -> Any:
    return value if param.callback is None else param.callback(ctx, param, value)


def _is_free(path: str, info: Any) -> bool:
    """Return whether Typer would find nothing wrong with a path."""
    rules = (info.exists, info.writable, info.resolve_path, info.allow_dash, info.path_type)
    free = info.file_okay and info.dir_okay and not any(rules)
    return free and (os.access(path, os.R_OK) or not os.path.exists(path))  # noqa: PTH110 - no error, whatever the text

"""The words of a command line: which of them names the study, and which is the other argument."""

import os
import re
from collections.abc import Callable, Mapping
from typing import Any

import typer

STUDY, FLAG = "study", "_study"
"""The names of the argument and of the option that name a study."""
_MANY = {"params"}
"""Arguments that take all words behind the study."""
_NUMBER = re.compile(r"[-+]?\d+")


def _is_number(word: str) -> bool:
    return _NUMBER.fullmatch(word) is not None


def _is_what(word: str) -> bool:
    from hpsearch.cli.results.export import WHAT

    return word in WHAT


def _is_file(word: str) -> bool:
    """Return whether a word is meant as a file: it is there, has a folder, or a bundle's ending."""
    return os.path.lexists(word) or os.sep in word or word.endswith(".hpsearch")


FITS: Mapping[str, Callable[[str], bool]] = {
    "number": _is_number,
    "params": lambda word: "=" in word,
    "what": _is_what,
    "file": _is_file,
}
"""Name of the argument behind the study -> whether a word is a value of it."""


def arrange(typed: dict[str, Any]) -> None:
    """Sort the words of a command line: either of the study and the other argument may be left out.

    A word that fits the other argument is its value. So is the only word where ``--study`` names another
    study. Any other word names the study.

    Args:
        typed: Name of a parameter -> what the parser read; it is changed.
    """
    other = next((name for name in FITS if name in typed), None)
    word = typed.get(STUDY)
    if other is None or word is None:
        return
    rest, fits = typed[other], FITS[other]
    is_other = fits(word) or typed.get(FLAG) not in {None, word}
    if other in _MANY:
        if is_other:
            typed.update({STUDY: None, other: (word, *(rest or ()))})
    elif rest is None and is_other:
        typed.update({STUDY: None, other: word})
    elif rest is not None and fits(word) and not fits(rest):
        typed.update({STUDY: rest, other: word})


def name_study(context: typer.Context) -> None:
    """Let the argument name the study, before the option and its variable.

    Raises:
        typer.BadParameter: Argument and option name two studies.
    """
    word, flag = context.params.get(STUDY), context.params.get(FLAG)
    if word is None:
        context.params[STUDY] = flag
        return
    source = context.get_parameter_source(FLAG)
    if flag not in {None, word} and source is not None and source.name == "COMMANDLINE":
        found = f"expected one study, found {word!r} and --study {flag!r}"
        raise typer.BadParameter(found, ctx=context, param_hint="STUDY")

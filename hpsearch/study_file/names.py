"""The names that a new study may have, and the name of its confirmation."""

import re

from hpsearch.space.checks import expect, expect_text, is_printable
from hpsearch.space.parameter import LONGEST_NAME

_RESERVED = re.compile(r"(\.confirm(-\d+)?)+$", re.ASCII)


def confirmation_name(study: str) -> str:
    """Return the name of the companion study that confirms a study."""
    return f"{study}.confirm"


def without_reserved(name: str) -> str:
    """Return a name without the ending that belongs to confirmations."""
    return _RESERVED.sub("", name)


def expect_unreserved(name: str) -> None:
    """Refuse a name that belongs to the confirmation of a study, or to one that was set aside.

    Raises:
        FieldError: It ends so.
    """
    expect(
        without_reserved(name) == name,
        "name",
        'a name that does not end in ".confirm" or ".confirm-NUMBER", '
        "which belongs to the confirming runs of a study",
        name,
    )


def expect_new_name(name: str) -> None:
    """Refuse a name that no new study may have; one that is there already may have been named otherwise.

    Raises:
        FieldError: It is blank, longer than ``LONGEST_NAME`` characters (Optuna's column holds 512, and the
            confirmation's name is longer), has a control character, or is reserved.
    """
    expect_text("name", name, longest=LONGEST_NAME)
    expect_unreserved(name)


def expect_name(name: str) -> None:
    """Refuse a name that no study has: an earlier version has let longer ones pass, and reserved ones.

    Raises:
        FieldError: It is blank, or has a control character.
    """
    expect(name.strip(), "name", f"a text of 1 to {LONGEST_NAME} characters", name)
    expect(is_printable(name), "name", "a text without control characters", name)

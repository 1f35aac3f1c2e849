"""Writing TOML: texts in quotes, and texts in comments."""

import json

_SHOWN = 60


def toml_text(text: str) -> str:
    r"""Return a text as TOML writes it, in quotes.

    Example:
        >>> print(toml_text('the "kind"\n'))
        "the \"kind\"\n"
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def comment_text(text: str) -> str:
    """Return a text in quotes for a comment: on one line, without what moves a cursor, cut when long."""
    cut = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return toml_text("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in cut))

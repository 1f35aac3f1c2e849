"""Write texts as TOML: in quotes, and in comments."""

import json

from hpsearch.space.checks import cut

_ESCAPES = ("\\u{:04x}", "\\U{:08x}")


def toml_text(text: str) -> str:
    r"""Return a text as TOML writes it, in quotes; what cannot be seen is escaped.

    Example:
        >>> print(toml_text('the "kind"\n'))
        "the \"kind\"\n"
    """
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else _ESCAPES[ord(c) > 0xFFFF].format(ord(c)) for c in quoted)


def comment_text(text: str) -> str:
    """Return a text in quotes for a comment: on one line, without what moves a cursor, cut when long."""
    return toml_text(cut(text))

"""SVG and HTML as text in which nothing that comes from a study can be taken for a tag."""

import html
import re
import unicodedata
from collections.abc import Iterable

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_NARROW = frozenset("ijltfrI.,:;'|!()[] ·")
_WIDE = frozenset("mwMW@%—…")


class Markup(str):
    """Text that is markup already; every other string is escaped where it meets ``tag``."""

    __slots__ = ()


def escaped(text: object) -> Markup:
    """Return a text as markup that shows it, without control characters; markup stays as it is."""
    if isinstance(text, Markup):
        return text
    return Markup(html.escape(_UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", str(text))))


def joined(parts: Iterable[object]) -> Markup:
    """Return parts one after the other."""
    return Markup("".join(escaped(part) for part in parts))


def tag(name: str, *children: object, **attributes: object) -> Markup:
    """Return an element.

    Args:
        name: The element.
        children: What it holds.
        attributes: ``stroke_width`` is written ``stroke-width``, ``class_`` is ``class``; numbers are
            rounded to a tenth, ``None`` is left out.

    Example:
        >>> print(tag("p", "a < b", class_="note"))
        <p class="note">a &lt; b</p>
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escaped(_plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{given}>{joined(children)}</{name}>")


def tenths(number: float) -> str:
    """Return a length in pixels as short as can be: a tenth is finer than any screen."""
    text = f"{number:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _plain(value: object) -> object:
    return tenths(value) if isinstance(value, float) else value


def text_width(text: str, *, size: float) -> float:
    """Return about how wide a text is in a system font, in pixels, rather too much than too little."""
    return size * sum(_em(character) for character in text)


def _em(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 1.05
    if character in _NARROW:
        return 0.36
    if character in _WIDE:
        return 0.95
    return 0.7 if character.isupper() else 0.62


def shortened(text: str, *, size: float, width: float) -> str:
    """Return a text that is no wider than ``width`` pixels, an ellipsis in place of its middle where it was.

    Names that begin alike, as parameters and machines do, still differ at their ends.
    """
    if text_width(text, size=size) <= width:
        return text
    for kept in range(len(text) - 1, 0, -1):
        tail = kept // 2
        found = f"{text[: kept - tail]}…{text[len(text) - tail :]}"
        if text_width(found, size=size) <= width:
            return found
    return "…"

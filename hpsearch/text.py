"""Text that others wrote, as it may be shown: it moves no cursor, and turns no line round."""


def printable(text: str) -> str:
    r"""Return a text in which what does not print is written as in Python, such as ``\x1b``.

    That includes half characters and the marks that change the direction of a line. Line breaks stay.

    Example:
        >>> print(printable("red \x1b[31m"))
        red \x1b[31m
    """
    if text.isprintable():
        return text
    return "\n".join(
        "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
        for line in text.split("\n")
    )

"""The token of a dashboard: a secret that cannot be guessed, or it is refused."""

from itertools import pairwise

from hpsearch.errors import ExitCode, HpsearchError

SHORTEST = 16
"""Characters of a token."""
LEAST_TURNS = 10
"""Turns of a token; of 100,000 random ones of 32 hexadecimal digits the least had 14."""
_ROWS = ("0123456789", "1234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_STEPS = {pair for row in _ROWS for a, b in pairwise(row) for pair in ((a, b), (b, a))}
_ADVICE = "for example the output of: openssl rand -hex 16"


class TokenError(HpsearchError):
    """A token is missing, or one that could be guessed: set another one."""

    exit_code = ExitCode.USAGE


def expect_token(token: str) -> str:
    """Return a token without the blanks around it.

    A right token is accepted at once however many wrong ones are sent, so its strength is what protects.

    Raises:
        TokenError: It is too short, repeats or counts, or has characters that a header cannot carry.
    """
    token = token.strip()
    if len(token) < SHORTEST or not token.isascii() or not token.isprintable():
        raise TokenError(
            f"token: expected at least {SHORTEST} plain characters, found {len(token)}"
            f"{'' if len(token) < SHORTEST else ', some of them of another kind'}; {_ADVICE}"
        )
    if turns(token) < LEAST_TURNS:
        raise TokenError(f"token: expected one that cannot be guessed, found one that repeats; {_ADVICE}")
    return token


def turns(token: str) -> int:
    """Return how many characters of a token do not follow from the character before.

    A character follows where it is the same one again, the next of a row of the alphabet or the keyboard, or
    where the same two have stood side by side before. ``aaaa`` and ``1234`` have 1 turn, ``a7ma7m`` has 4.
    """
    pairs = list(pairwise(token.lower()))
    return 1 + len({pair for pair in pairs if pair[0] != pair[1] and pair not in _STEPS})

"""Login: a token, as ``Authorization: Bearer``, or typed once into a page that gives a cookie."""

import hashlib
import hmac
import math
import secrets
import time
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import parse_qs, quote

from hpsearch.dashboard.messages import HTML, Request, Response, redirect, refusal
from hpsearch.dashboard.pages import login_page
from hpsearch.dashboard.throttle import Throttle
from hpsearch.errors import ExitCode, HpsearchError

SHORTEST = 16
"""Characters of a token."""
SESSION_S = 12 * 3600
OPEN = frozenset(("/healthz", "/login"))
"""What is answered without a token."""


class TokenError(HpsearchError):
    """A token is missing, or one that could be guessed: set another one."""

    exit_code = ExitCode.USAGE


def expect_token(token: str) -> str:
    """Return a token without the blanks around it.

    Raises:
        TokenError: It is too short, or has characters that a header cannot carry.
    """
    token = token.strip()
    if len(token) < SHORTEST or not token.isascii() or not token.isprintable():
        raise TokenError(
            f"token: expected at least {SHORTEST} plain characters, found {len(token)}"
            f"{'' if len(token) < SHORTEST else ', some of them of another kind'}; "
            "for example the output of: openssl rand -hex 16"
        )
    return token


class Login:
    """Checks tokens and gives sessions.

    A session is its own end and a random number, signed with a key that follows from the token: nothing is
    stored, the token cannot be read from it, and another token ends all of them.

    Args:
        token: The token that a visitor needs.
        name: The name of the cookie; dashboards on two ports of one machine share a browser's cookies.
        clock: Seconds since 1970.
        throttle: Slows guesses down.
    """

    def __init__(
        self,
        token: str,
        *,
        name: str = "hpsearch",
        clock: Callable[[], float] = time.time,
        throttle: Throttle | None = None,
    ) -> None:
        self._key = hmac.digest(token.encode(), b"hpsearch dashboard session", "sha256")
        self._token = self._digest(token)
        self._name = name
        self._clock = clock
        self._throttle = throttle or Throttle()

    def check(self, request: Request) -> Response | None:
        """Refuse a request without token or session; a person is shown the page where to type the token."""
        if request.path in OPEN or self._holds(request.cookie(self._name)):
            return None
        kind, _, given = request.header("Authorization").partition(" ")
        if kind.lower() == "bearer":
            return self._try(request, given.strip(), self._refused(request))
        return self._refused(request)

    def page(self, request: Request) -> Response:
        """Answer ``/login``: with the form, or with the result of a token typed into it."""
        if request.method != "POST":
            return _form(HTTPStatus.OK)
        form = parse_qs(request.body().decode("utf-8", "replace"))
        given, to = (form.get(field, [""])[0].strip() for field in ("token", "next"))
        to = _own(to)
        refused = self._try(request, given, _form(HTTPStatus.UNAUTHORIZED, "That is not the token.", to))
        return refused or redirect(to, Set_Cookie=self._cookie(self._session(), SESSION_S))

    def leave(self, _request: Request) -> Response:
        """Answer ``/logout``: take the cookie away."""
        return redirect("/login", Set_Cookie=self._cookie("", 0))

    def _try(self, request: Request, given: str, refused: Response) -> Response | None:
        """Return nothing for the token; ``refused`` for anything else, and for everything while one waits."""
        if (wait_s := self._throttle.wait_s(request.address)) > 0:
            seconds = str(math.ceil(wait_s))
            reason = f"too many wrong tokens: wait {seconds} s"
            return refusal(HTTPStatus.TOO_MANY_REQUESTS, reason, Retry_After=seconds)
        if hmac.compare_digest(self._digest(given), self._token):
            self._throttle.succeeded(request.address)
            return None
        self._throttle.failed(request.address)
        return refused

    def _refused(self, request: Request) -> Response:
        if request.wants_page:
            return _form(HTTPStatus.UNAUTHORIZED, to=_own(quote(request.path)))
        reason = "a token is needed: Authorization: Bearer TOKEN, or log in at /login"
        return refusal(HTTPStatus.UNAUTHORIZED, reason, WWW_Authenticate='Bearer realm="hpsearch"')

    def _digest(self, token: str) -> bytes:
        """Return the hash that is compared in place of a token: it has one length for all tokens."""
        return hashlib.sha256(token.encode("utf-8", "replace")).digest()

    def _session(self) -> str:
        content = f"{int(self._clock()) + SESSION_S}.{secrets.token_hex(8)}"
        return f"{content}.{self._sign(content)}"

    def _holds(self, session: str) -> bool:
        content, _, signature = session.rpartition(".")
        if not hmac.compare_digest(self._sign(content).encode(), signature.encode("utf-8", "replace")):
            return False
        return int(content.partition(".")[0]) > self._clock()

    def _sign(self, content: str) -> str:
        return hmac.new(self._key, content.encode("utf-8", "replace"), "sha256").hexdigest()

    def _cookie(self, session: str, seconds: int) -> str:
        return f"{self._name}={session}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Strict"


def _form(status: HTTPStatus, notice: str = "", to: str = "/") -> Response:
    return Response(status=status, body=login_page(notice=notice, to=to), kind=HTML)


def _own(path: str) -> str:
    """Return a path of this site; one that begins with two slashes is another site's."""
    own = path.startswith("/") and not path.startswith(("//", "/\\", "/login", "/logout"))
    return path if own and path.isascii() and path.isprintable() else "/"

"""Login: a token, as ``Authorization: Bearer``, or typed once into a page that gives a cookie."""

import hashlib
import hmac
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import parse_qs, quote

from hpsearch.dashboard.login.sessions import SESSION_S, Sessions
from hpsearch.dashboard.login.throttle import Throttle
from hpsearch.dashboard.messages import HTML, Request, Response, redirect, refusal
from hpsearch.dashboard.pages import login_page

OPEN = frozenset(("/healthz", "/login"))
"""What is answered without a token."""


class Login:
    """Checks tokens and gives sessions.

    Args:
        token: The token that a visitor needs.
        name: The name of the cookie; dashboards on two ports of one machine share a browser's cookies.
        sessions: The sessions that are open.
        throttle: Slows guesses down.
    """

    def __init__(
        self,
        token: str,
        *,
        name: str = "hpsearch",
        sessions: Sessions | None = None,
        throttle: Throttle | None = None,
    ) -> None:
        self._token = _digest(token)
        self._name = name
        self._sessions = sessions or Sessions()
        self._throttle = throttle or Throttle()

    def check(self, request: Request) -> Response | None:
        """Refuse a request without token or session; a person is shown the page where to type the token."""
        if request.path in OPEN or any(map(self._sessions.holds, request.cookies(self._name))):
            return None
        kind, _, given = request.header("Authorization").partition(" ")
        if kind.lower() == "bearer":
            return self._try(given.strip(), self._refused(request))
        return self._refused(request)

    def page(self, request: Request) -> Response:
        """Answer ``/login``: with the form, or with the result of a token typed into it."""
        if request.method != "POST":
            return _form(HTTPStatus.OK)
        form = parse_qs(request.body().decode("utf-8", "replace"))
        given, to = (form.get(field, [""])[0].strip() for field in ("token", "next"))
        to = _own(to)
        refused = self._try(given, _form(HTTPStatus.UNAUTHORIZED, "That is not the token.", to))
        return refused or redirect(to, Set_Cookie=self._cookie(request, self._sessions.open(), SESSION_S))

    def leave(self, request: Request) -> Response:
        """Answer ``/logout``: end the session, and take the cookie away."""
        for key in request.cookies(self._name):
            self._sessions.close(key)
        return redirect("/login", Set_Cookie=self._cookie(request, "", 0))

    def _try(self, given: str, refused: Response) -> Response | None:
        """Return nothing for the token, and ``refused`` for anything else, held where many guess."""
        if hmac.compare_digest(_digest(given), self._token):
            return None
        return replace(refused, held_s=self._throttle.failed())

    def _refused(self, request: Request) -> Response:
        if request.wants_page:
            return _form(HTTPStatus.UNAUTHORIZED, to=_own(quote(request.path)))
        reason = "a token is needed: Authorization: Bearer TOKEN, or log in at /login"
        return refusal(HTTPStatus.UNAUTHORIZED, reason, WWW_Authenticate='Bearer realm="hpsearch"')

    def _cookie(self, request: Request, key: str, seconds: int) -> str:
        secure = "; Secure" if request.is_secure else ""
        return f"{self._name}={key}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Strict{secure}"


def _digest(token: str) -> bytes:
    """Return the hash that is compared in place of a token: it has one length for all tokens."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def _form(status: HTTPStatus, notice: str = "", to: str = "/") -> Response:
    return Response(status=status, body=login_page(notice=notice, to=to), kind=HTML)


def _own(path: str) -> str:
    """Return a path of this site; one that begins with two slashes is another site's."""
    own = path.startswith("/") and not path.startswith(("//", "/\\", "/login", "/logout"))
    return path if own and path.isascii() and path.isprintable() else "/"

"""Requests as the guard reads them, and responses as they are sent."""

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from io import BytesIO
from wsgiref.types import StartResponse, WSGIEnvironment

HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
JSON = "application/json"

READING = frozenset(("GET", "HEAD", "OPTIONS"))
"""Methods that change nothing."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request.

    Attributes:
        environ: As the server gives it.
    """

    environ: WSGIEnvironment

    @property
    def method(self) -> str:
        """Its method, in capitals."""
        return str(self.environ["REQUEST_METHOD"]).upper()

    @property
    def path(self) -> str:
        """Its path, decoded."""
        return str(self.environ.get("PATH_INFO", "")).encode("latin-1").decode("utf-8", "replace")

    @property
    def address(self) -> str:
        """Where it comes from."""
        return str(self.environ.get("REMOTE_ADDR", ""))

    @property
    def changes(self) -> bool:
        """Whether its method may change something."""
        return self.method not in READING

    @property
    def wants_page(self) -> bool:
        """Whether a person waits for a page."""
        return self.method == "GET" and "text/html" in self.header("Accept")

    def header(self, name: str) -> str:
        """Return a header, or nothing."""
        key = name.upper().replace("-", "_")
        return str(self.environ.get(key if key.startswith("CONTENT_") else f"HTTP_{key}", ""))

    def cookie(self, name: str) -> str:
        """Return a cookie, or nothing."""
        try:
            found = SimpleCookie(self.header("Cookie")).get(name)
        except CookieError:
            return ""
        return found.value if found else ""

    def body(self) -> bytes:
        """Return its body, and leave it to be read again."""
        length = self.header("Content-Length")
        body = self.environ["wsgi.input"].read(int(length)) if length.isdigit() else b""
        self.environ["wsgi.input"] = BytesIO(body)
        return bytes(body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A response to a request.

    Attributes:
        status: Its status.
        body: Its text.
        kind: Its content type.
        headers: Further headers.
    """

    status: HTTPStatus
    body: str
    kind: str = TEXT
    headers: dict[str, str] = field(default_factory=dict)

    def send(self, request: Request, start_response: StartResponse) -> list[bytes]:
        """Send it."""
        content = self.body.encode()
        headers = {"Content-Type": self.kind, "Content-Length": str(len(content)), **self.headers}
        start_response(f"{self.status.value} {self.status.phrase}", list(headers.items()))
        return [] if request.method == "HEAD" else [content]


def refusal(status: HTTPStatus, reason: str, **headers: str) -> Response:
    """Return a refusal in the form in which the dashboard's page shows it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status=status, body=json.dumps({"reason": reason}), kind=JSON, headers=named)


def redirect(to: str, **headers: str) -> Response:
    """Return a response that sends a browser to another page."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status=HTTPStatus.SEE_OTHER, body="", headers={"Location": to, **named})

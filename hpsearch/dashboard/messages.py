"""Requests as the guard reads them, and responses as they are sent."""

import json
import re
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO
from urllib.parse import SplitResult, urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
JSON = "application/json"

READING = frozenset(("GET", "HEAD", "OPTIONS"))
"""Methods that change nothing."""
HOLD = "hpsearch.hold"
"""The key in ``environ`` of the server's function that holds an answer for so many seconds."""


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
    def is_secure(self) -> bool:
        """Whether a browser has sent it by https, as it says itself or as a proxy of this machine says."""
        return self.environ.get("wsgi.url_scheme") == "https" or self.header("Origin").startswith("https://")

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

    def cookies(self, name: str) -> list[str]:
        """Return the values of a name among the cookies.

        Other programs of the host have cookies in the same header, and not all of them keep to the form of
        one; so each part is looked at by itself. A comma joins several headers.
        """
        parts = (part.partition("=") for part in re.split("[;,]", self.header("Cookie")))
        return [value.strip() for key, _, value in parts if key.strip() == name]

    def body(self) -> bytes:
        """Return its body, and leave it to be read again."""
        body = self.environ["wsgi.input"].read()  # the server ends it where the body ends
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
        held_s: The server holds it for so many seconds before it sends it.
    """

    status: HTTPStatus
    body: str
    kind: str = TEXT
    headers: dict[str, str] = field(default_factory=dict)
    held_s: float = 0.0

    def send(self, request: Request, start_response: StartResponse) -> list[bytes]:
        """Send it."""
        if self.held_s:
            request.environ[HOLD](self.held_s)
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


def split_address(text: str) -> SplitResult:
    """Return the parts of an address that a header holds; no part of one that cannot be read."""
    try:
        return urlsplit(text)
    except ValueError:  # such as http://[
        return urlsplit("")

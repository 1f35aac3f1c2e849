"""Links between optuna-dashboard's page and ours: in a corner, without a script."""

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from hpsearch.dashboard.messages import Request, Response, redirect, split_address
from hpsearch.store import Reader

LINKS = {"Studies": "/", "Report": "/report"}
STYLE = (
    "<style>.hpsearch{position:fixed;right:12px;top:14px;z-index:1250;display:flex;gap:16px;"
    "padding:6px 14px;border-radius:999px;border:1px solid #ffffff40;background:#10202f;"
    "font:500 14px/1.4 system-ui,sans-serif}"
    ".hpsearch a{color:#fff;text-decoration:none}.hpsearch a:hover{text-decoration:underline}"
    ".hpsearch span{color:#ffffffa6}"
    "@media(max-width:600px){.hpsearch{top:auto;bottom:12px}}@media print{.hpsearch{display:none}}</style>"
)
"""In the corner of the title bar, which is empty there; on a phone, where a name fills it, at the bottom."""


def add_links(page: str, links: Mapping[str, str], *, notice: str = "") -> str:
    """Return a page with links in its corner.

    Args:
        page: The page.
        links: Word -> path.
        notice: The text before them.
    """
    said = f"<span>{notice}</span>" if notice else ""
    words = "".join(f'<a href="{path}">{word}</a>' for word, path in links.items())
    corner = f'{STYLE}<div class="hpsearch" role="navigation" aria-label="hpsearch">{said}{words}</div>'
    head, end, tail = page.rpartition("</body>")
    return head + corner + end + tail


_STUDY = re.compile(r"/dashboard/studies/([0-9]{1,10})(/.*)?")


def linked(app: WSGIApplication, *, notice: str) -> WSGIApplication:
    """Return optuna-dashboard with links to our pages on its own, after a ``notice``."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        if request.path.split("/")[1:2] != ["dashboard"] or request.method != "GET":
            return app(environ, start_response)
        for name in ("HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE"):  # of the page without links
            environ.pop(name, None)
        return _with_links(app, environ, start_response, notice)

    return answer


def _with_links(
    app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse, notice: str
) -> Iterable[bytes]:
    starts: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status, headers, _error=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - as WSGI has it
        starts.append((status, headers))

    parts = app(environ, start)
    body = b"".join(parts)
    if (close := getattr(parts, "close", None)) is not None:
        close()
    status, headers = starts[-1]
    if status.startswith("200"):
        body = add_links(body.decode(), LINKS, notice=notice).encode()
        headers = [(n, v) for n, v in headers if n.lower() not in {"content-length", "last-modified", "etag"}]
        headers.append(("Content-Length", str(len(body))))
    start_response(status, headers)
    return [body]


def report_of_page(reader: Reader, request: Request) -> Response:
    """Answer ``/report``: the report of the study whose page the link was on, as the browser says."""
    match = _STUDY.fullmatch(split_address(request.header("Referer")).path)
    if match is None:
        return redirect("/")
    found = {one.study_id: one for one in reader.overview()}
    one = found.get(int(match[1]))
    search = found.get(one.search_id) if one else None
    if search is None:
        return Response(status=HTTPStatus.NOT_FOUND, body="That study was not made by hpsearch: no report.\n")
    return redirect(f"/report/{quote(search.study, safe='')}")

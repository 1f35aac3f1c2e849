"""The way from optuna-dashboard's page to ours: two links in its corner, without a script."""

import re
from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import quote, urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from hpsearch.dashboard.messages import Answer, Request, redirect
from hpsearch.store import Reader

LINKS = (
    b'<nav aria-label="hpsearch" style="position:fixed;right:12px;bottom:12px;z-index:1300;display:flex;'
    b"gap:14px;padding:7px 14px;border-radius:999px;background:#123;color:#fff;font:500 13px system-ui,"
    b'sans-serif;box-shadow:0 1px 6px #0006"><a href="/" style="color:inherit;text-decoration:none">'
    b'Studies</a><a href="/report" style="color:inherit;text-decoration:none">Report</a></nav>'
)
_END = b"</body>"
_STUDY = re.compile(r"/dashboard/studies/([0-9]+)(/.*)?")


def linked(app: WSGIApplication) -> WSGIApplication:
    """Return optuna-dashboard with links to our pages in its own."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        if request.path.split("/")[1:2] != ["dashboard"] or request.method != "GET":
            return app(environ, start_response)
        for name in ("HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE"):  # of the page without links
            environ.pop(name, None)
        return _with_links(app, environ, start_response)

    return answer


def _with_links(
    app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    told: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status, headers, _error=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - as WSGI has it
        told.append((status, headers))

    parts = app(environ, start)
    body = b"".join(parts)
    if (close := getattr(parts, "close", None)) is not None:
        close()
    status, headers = told[-1]
    if status.startswith("200"):
        body = body.replace(_END, LINKS + _END)
        headers = [(n, v) for n, v in headers if n.lower() not in {"content-length", "last-modified", "etag"}]
        headers.append(("Content-Length", str(len(body))))
    start_response(status, headers)
    return [body]


def report_of_page(reader: Reader, request: Request) -> Answer:
    """Answer ``/report``: the report of the study whose page the link was on, as the browser says."""
    match = _STUDY.fullmatch(urlsplit(request.header("Referer")).path)
    if match is None:
        return redirect("/")
    found = {one.study_id: one for one in reader.vitals()}
    one = found.get(int(match[1]))
    search = found.get(one.search_id) if one else None
    if search is None:
        return Answer(status=HTTPStatus.NOT_FOUND, body="That study was not made by hpsearch: no report.\n")
    return redirect(f"/report/{quote(search.study, safe='')}")

"""The site: checks that each request has to pass, our own pages by path, and optuna-dashboard behind them."""

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from hpsearch.dashboard.csrf import origin_check
from hpsearch.dashboard.edits import deletes_study, edit_check, read_only
from hpsearch.dashboard.headers import secured
from hpsearch.dashboard.host_header import host_check
from hpsearch.dashboard.landing import landing_page
from hpsearch.dashboard.link import add_links, linked, report_of_page
from hpsearch.dashboard.login.login import Login
from hpsearch.dashboard.messages import HTML, Request, Response, refusal
from hpsearch.dashboard.metrics import KIND, metrics_text
from hpsearch.dashboard.pages import message_page
from hpsearch.errors import ForeignStudyError, HpsearchError, NotFoundError, StorageError
from hpsearch.store import Ledger, Study

Check = Callable[[Request], Response | None]
"""Returns why a request is refused, or nothing."""
View = Callable[[Request], Response]
Report = Callable[[Ledger, Study], str]
"""Returns the page of a study's report."""

REPORTS = "/report/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of access: who may look from where, and what they may do.

    Attributes:
        host: The address to listen on.
        port: The port; 0 takes any that is free.
        token: The token that a visitor needs, or ``None`` on a machine that is trusted.
        allow_edit: Whether something may be changed.
        allow_hosts: Further names that the dashboard answers to.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    token: str | None = None
    allow_edit: bool = False
    allow_hosts: Sequence[str] = ()


class Site:
    """A WSGI application.

    Args:
        ledger: The studies.
        app: optuna-dashboard on the same database.
        rules: Who may do what.
        report: Makes the page of a report.
    """

    def __init__(self, ledger: Ledger, app: WSGIApplication, *, rules: Rules, report: Report) -> None:
        self._ledger = ledger
        self._app = linked(app, notice="" if rules.allow_edit else "read-only")
        self._rules = rules
        self._report = report
        self._reporting = threading.Lock()
        self._pages: dict[str, View] = {
            "/": self._landing,
            "/report": partial(report_of_page, ledger),
            "/metrics": self._metrics,
            "/healthz": self._health,
        }
        self._checks: list[Check] = [host_check(rules.host, rules.allow_hosts), origin_check]
        if rules.token is not None:
            login = Login(rules.token, name=f"hpsearch-{rules.port}")
            self._pages |= {"/login": login.page, "/logout": login.leave}
            self._checks.append(login.check)
        self._edits = edit_check(ledger) if rules.allow_edit else read_only

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        request = Request(environ)
        start = secured(request, start_response)
        try:
            answer = self._answer(request)
            body = self._app(environ, start) if answer is None else answer.send(request, start)
        except HpsearchError as error:
            return _failure(request, error).send(request, start)
        if answer is None and deletes_study(request):
            with suppress(StorageError):  # then the next start drops what is left
                self._ledger.forget_deleted()
        return body

    def _answer(self, request: Request) -> Response | None:
        """Return our response to a request, or ``None`` where optuna-dashboard responds."""
        for check in self._checks:
            if (refused := check(request)) is not None:
                return refused
        if request.path.startswith(REPORTS) and not request.changes:
            return self._report_page(request)
        page = self._pages.get(request.path)
        if page is not None and (not request.changes or _is_form(request)):
            return page(request)
        return self._edits(request)

    def _landing(self, _request: Request) -> Response:
        text = landing_page(
            self._ledger.overview(),
            database=self._ledger.database.address,
            allow_edit=self._rules.allow_edit,
            logged_in=self._rules.token is not None,
        )
        return Response(status=HTTPStatus.OK, body=text, kind=HTML)

    def _report_page(self, request: Request) -> Response:
        study = self._ledger.find_study(request.path.removeprefix(REPORTS))
        # One report at a time, and no request waits: other pages and the workers go on.
        if not self._reporting.acquire(blocking=False):
            reason = "another report is being made; ask again in a few seconds"
            return refusal(HTTPStatus.SERVICE_UNAVAILABLE, reason, Retry_After="3")
        try:
            text = self._report(self._ledger, self._ledger.search_of(study))
        finally:
            self._reporting.release()
        links = {"Studies": "/", "Dashboard": f"/dashboard/studies/{study.search_id}"}
        return Response(status=HTTPStatus.OK, body=add_links(text, links), kind=HTML)

    def _metrics(self, _request: Request) -> Response:
        return Response(status=HTTPStatus.OK, body=metrics_text(self._ledger.overview()), kind=KIND)

    def _health(self, _request: Request) -> Response:
        try:
            self._ledger.ping()
        except StorageError as error:
            return Response(status=HTTPStatus.SERVICE_UNAVAILABLE, body=f"{error}\n")
        return Response(status=HTTPStatus.OK, body="ok\n")


def _is_form(request: Request) -> bool:
    return request.method == "POST" and request.path in {"/login", "/logout"}


def _failure(request: Request, error: HpsearchError) -> Response:
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    if isinstance(error, NotFoundError | ForeignStudyError):
        status = HTTPStatus.NOT_FOUND
    elif isinstance(error, StorageError):
        status = HTTPStatus.SERVICE_UNAVAILABLE
    if request.wants_page:
        return Response(status=status, body=message_page(status.phrase, str(error)), kind=HTML)
    return refusal(status, str(error))

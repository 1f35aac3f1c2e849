"""optuna-dashboard as it is served here: what it would fail on is refused before it, with the reason.

It answers a request that it did not expect with 500, or prints a traceback. So the numbers in a path and the
parameters are read here first, and the bodies in ``edits``. What it fails on all the same is refused, too;
where the database is away, that is the reason.
"""

import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from optuna.storages import RDBStorage
from optuna_dashboard import wsgi

from hpsearch.dashboard.messages import Request, Response, refusal

LARGEST_ID = 2**31 - 1
"""Of a study or a trial: more does not fit into a column of the database."""

_OF_STUDY = re.compile(r"/(?:api/studies|csv|artifacts|api/artifacts)/(-?\d+)(?:/.*)?")
_OF_TRIAL = re.compile(r"/api/(?:studies|artifacts)/-?\d+/(-?\d+)(?:/.*)?|/api/trials/(-?\d+)(?:/.*)?")
_SHOWN = 60
"""Characters of a reason that repeats what was asked for."""
_NUMBER = re.compile(r"[0-9]{1,10}")


def optuna_app(storage: RDBStorage, *, ping: Callable[[], object]) -> WSGIApplication:
    """Return optuna-dashboard on a storage.

    Args:
        storage: The studies.
        ping: Raises ``StorageError`` where the database is away.
    """
    inner = wsgi(storage)
    inner.catchall = False  # else it prints tracebacks

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        environ.setdefault("HTTP_ACCEPT_ENCODING", "")  # it asks for that header by name
        environ.pop("HTTP_RANGE", None)  # a range that is none leaves a file open
        starts: list[tuple[Any, ...]] = []
        try:
            if (refused := _strange(request) or _missing(storage, request)) is not None:
                return refused.send(request, start_response)
            parts: Iterable[bytes] = inner(environ, lambda *start: starts.append(start))
        except Exception:  # noqa: BLE001 - neither it nor Optuna has a list of what it raises
            parts, starts = (), [("500",)]
        if not starts[-1][0].startswith("500"):
            start_response(*starts[-1])
            return parts
        ping()
        return refusal(
            HTTPStatus.UNPROCESSABLE_ENTITY, "optuna-dashboard cannot answer that for this study or trial"
        ).send(request, start_response)

    return answer


def _strange(request: Request) -> Response | None:
    """Refuse a request whose query optuna-dashboard cannot read."""
    query = parse_qs(str(request.environ.get("QUERY_STRING", "")).replace(";", "&"), keep_blank_values=True)
    for after in query.get("after", []):
        if not _NUMBER.fullmatch(after):
            return _bad(f"after: expected a number of trials, found {after[:20]!r}")
    return None


def _missing(storage: RDBStorage, request: Request) -> Response | None:
    """Refuse a path that names a study or a trial that is not there, and a change of a settled trial."""
    study, trial = (_number(pattern.fullmatch(request.path)) for pattern in (_OF_STUDY, _OF_TRIAL))
    what, number = "study", study
    try:
        if study is not None:
            storage.get_study_name_from_id(_key(study))
        what, number = "trial", trial
        if trial is None:
            return None
        settled = storage.get_trial(_key(trial)).state.is_finished()
    except KeyError:
        return refusal(HTTPStatus.NOT_FOUND, f"there is no {what} {number}"[:_SHOWN])
    if settled and request.path.startswith("/api/trials/"):
        return refusal(HTTPStatus.CONFLICT, f"trial {trial} is settled; what is stored of it stays")
    return None


def _number(match: re.Match[str] | None) -> str | None:
    return next(filter(None, match.groups()), None) if match else None


def _key(number: str) -> int:
    if len(number) > len(str(LARGEST_ID)) or int(number) > LARGEST_ID:
        raise KeyError(number)
    return int(number)


def _bad(reason: str) -> Response:
    return refusal(HTTPStatus.BAD_REQUEST, reason)

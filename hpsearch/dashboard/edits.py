"""The edits that the dashboard allows: none, or the few that are named here.

optuna-dashboard can do more than is good for a study of the ledger. It renames by copying: the copy is no
study of hpsearch any more. A result reported by hand is not what the parameters give, and a study without a
contract cannot be worked on. So those stay refused.
"""

import json
import re
from collections.abc import Callable
from http import HTTPStatus

from hpsearch.dashboard.messages import Request, Response, refusal
from hpsearch.store import Reader, StudyOverview

OWN_NOTES = frozenset(("stage", "reason", "enqueued", "fixed_params"))
"""User attributes of a trial that the ledger writes itself."""

_STUDY = r"/api/studies/(?P<study>[0-9]+)"
NOTE = re.compile(_STUDY + r"(/[0-9]+)?/note")
ATTRIBUTES = re.compile(r"/api/trials/[0-9]+/user-attrs")
STUDY = re.compile(_STUDY)
RENAME = re.compile(_STUDY + r"/rename")


def read_only(request: Request) -> Response | None:
    """Refuse every request that changes something."""
    if not request.changes:
        return None
    return refusal(HTTPStatus.FORBIDDEN, "this dashboard is read-only; hpsearch dashboard --allow-edit")


def edit_check(reader: Reader) -> Callable[[Request], Response | None]:
    """Return the check of a dashboard that may change something: notes, attributes, and studies at rest."""
    rules: dict[tuple[str, re.Pattern[str]], Callable[[Request, re.Match[str]], str | None]] = {
        ("PUT", NOTE): lambda _request, _match: None,
        ("POST", ATTRIBUTES): lambda request, _match: _own_note(request),
        ("DELETE", STUDY): lambda _request, match: _not_deletable(reader, int(match["study"])),
        ("POST", RENAME): lambda _request, match: _not_renamable(reader, int(match["study"])),
    }

    def check(request: Request) -> Response | None:
        if not request.changes:
            return None
        path = request.path.rstrip("/")  # as optuna-dashboard reads it
        for (method, pattern), rule in rules.items():
            if request.method == method and (match := pattern.fullmatch(path)):
                reason = rule(request, match)
                return None if reason is None else refusal(HTTPStatus.CONFLICT, reason)
        return refusal(
            HTTPStatus.FORBIDDEN,
            "expected a note, a user attribute, or the end of a study at rest; "
            "anything else is for hpsearch start, enqueue and cancel",
        )

    return check


def deletes_study(request: Request) -> bool:
    """Return whether a request asks for the end of a study."""
    return request.method == "DELETE" and STUDY.fullmatch(request.path.rstrip("/")) is not None


def _own_note(request: Request) -> str | None:
    try:
        names = set(json.loads(request.body())["user_attrs"])
    except (ValueError, TypeError, KeyError):
        return None  # optuna-dashboard says what is wrong with it
    taken = sorted(names & OWN_NOTES)
    return f"{', '.join(taken)}: hpsearch writes that itself; choose another name" if taken else None


def _at_work(reader: Reader, study_id: int) -> str | None:
    family = _family(reader, study_id)
    busy = next((one for one in family if one.at_work), None)
    if busy is None:
        return None
    search = next((one.study for one in family if one.is_search), busy.study)
    return (
        f"{busy.study} is at work ({busy.workers} workers, {busy.held} trials); "
        f"hpsearch stop --study {search} ends that"
    )


def _not_deletable(reader: Reader, study_id: int) -> str | None:
    busy = _at_work(reader, study_id)
    confirming = [one for one in _family(reader, study_id) if one.search_id == study_id and not one.is_search]
    if busy is None and confirming:
        return f"{confirming[-1].study} confirms it and would be left without its search: delete that first"
    return busy


def _not_renamable(reader: Reader, study_id: int) -> str | None:
    busy = _at_work(reader, study_id)
    if busy is None and _family(reader, study_id):
        return "optuna-dashboard renames by copying, and the copy would be no study of hpsearch any more"
    return busy


def _family(reader: Reader, study_id: int) -> list[StudyOverview]:
    """Return a search and the studies that confirm it; empty for a study that hpsearch did not make."""
    found = reader.overview()
    search = next((one.search_id for one in found if one.study_id == study_id), None)
    return [one for one in found if one.search_id == search]

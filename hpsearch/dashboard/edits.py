"""The edits that the dashboard allows: none, or the few that are named here.

optuna-dashboard can do more than is good for a study of the ledger. It renames by copying: the copy is no
study of hpsearch any more. A result reported by hand is not what the parameters give, and a study without a
contract cannot be worked on. So those stay refused.
"""

import json
import math
import re
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

from hpsearch.dashboard.messages import JSON, Request, Response, refusal
from hpsearch.errors import to_type
from hpsearch.store import Maker, Reader, StudyOverview

OWN_NOTES = frozenset(("stage", "reason", "enqueued", "fixed_params"))
"""User attributes of a trial that the ledger writes itself."""
LONGEST_NAME = 512
"""Characters of the name of an attribute, as Optuna's tables have it."""
DEEPEST = 100
"""Levels of lists and objects in a body."""

_SHOWN = 200
"""Characters of a reason."""
_STUDY = r"/api/studies/(?P<study>[0-9]{1,10})"
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
    rules: dict[tuple[str, re.Pattern[str]], Callable[[dict[str, Any], re.Match[str]], str | None]] = {
        ("PUT", NOTE): lambda _document, _match: None,
        ("POST", ATTRIBUTES): lambda document, _match: _own_note(document),
        ("DELETE", STUDY): lambda _document, match: _not_deletable(reader, int(match["study"])),
        ("POST", RENAME): lambda _document, match: _not_renamable(reader, int(match["study"])),
    }

    def check(request: Request) -> Response | None:
        if not request.changes:
            return None
        path = request.path.rstrip("/")  # as optuna-dashboard reads it
        for (method, pattern), rule in rules.items():
            if request.method == method and (match := pattern.fullmatch(path)):
                try:
                    document = _document(request)
                except (ValueError, RecursionError) as error:
                    return refusal(HTTPStatus.BAD_REQUEST, f"expected a JSON object, found {error}"[:_SHOWN])
                reason = rule(document, match)
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


def _document(request: Request) -> dict[str, Any]:
    """Return the body of an edit.

    Raises:
        ValueError, RecursionError: It is none, or one that a database cannot keep.
    """
    path, body = request.path.rstrip("/"), request.body()
    if not body and request.method == "DELETE":
        return {}
    document = json.loads(body.decode())
    if not isinstance(document, dict):
        raise ValueError("another sort of value")  # noqa: TRY004 - as ``json`` raises it
    for text in _texts(document):
        if "\0" in text:
            raise ValueError("a text with a zero character, which cannot be stored")
        text.encode()  # half a character, as JSON can name it, raises
    kinds = {"version": int, "body": str} if path.endswith("/note") else {}
    kinds |= {"study_name": str} if path.endswith("/rename") else {}
    kinds |= {"user_attrs": dict} if path.endswith("/user-attrs") else {}
    for name, kind in kinds.items():
        if type(document.get(name)) is not kind:
            raise ValueError(f"{name!r} missing, or not of the type {kind.__name__}")
    if "user_attrs" in kinds and any(len(name) > LONGEST_NAME for name in document["user_attrs"]):
        raise ValueError(f"a name of more than {LONGEST_NAME} characters")
    request.environ["CONTENT_TYPE"] = JSON  # without a charset, which optuna-dashboard does not expect
    return document


def _texts(value: object, level: int = 0) -> Iterator[str]:
    """Yield every text in a JSON value.

    Raises:
        ValueError: It is too deep, or holds a number that is not finite.
    """
    if level > DEEPEST:
        raise ValueError(f"one of more than {DEEPEST} levels")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a number that is not finite")
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in [*value, *value.values()] if isinstance(value, dict) else value:
            yield from _texts(one, level + 1)


def _own_note(document: dict[str, Any]) -> str | None:
    taken = sorted(document["user_attrs"].keys() & OWN_NOTES)
    return f"{', '.join(taken)}: hpsearch writes that itself; choose another name" if taken else None


def _at_work(reader: Reader, study_id: int) -> str | None:
    family = _family(reader, study_id)
    busy = next((one for one in family if one.at_work), None)
    if busy is None:
        return None
    search = next((one.study for one in family if one.is_search), busy.study)
    return (
        f"{busy.study} is at work ({busy.workers} workers, {busy.held} trials); "
        f"{to_type('stop', search)} ends that"
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
    found = [one for one in reader.overview() if one.maker is Maker.HPSEARCH]
    search = next((one.search_id for one in found if one.study_id == study_id), None)
    return [one for one in found if one.search_id == search]

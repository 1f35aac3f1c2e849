"""The check of cross-site requests: only the dashboard's own pages may change something.

A page of another site can make a browser send a request here, cookie and all (CSRF). The browser says where
such a request comes from, in ``Sec-Fetch-Site`` and ``Origin``; a program that is no browser says neither and
holds no cookie. The type of what is sent counts as well: a form cannot send JSON.
"""

from http import HTTPStatus

from hpsearch.dashboard.messages import JSON, Request, Response, refusal, split_address

FORMS = frozenset(("/login", "/logout"))
"""Paths to which our own pages send forms."""


def origin_check(request: Request) -> Response | None:
    """Refuse a request that changes something and does not come from a page of this dashboard."""
    if not request.changes:
        return None
    if not _from_here(request):
        return refusal(HTTPStatus.FORBIDDEN, "the request comes from a page of another site")
    if request.path not in FORMS and request.method != "DELETE" and _kind(request) != JSON:
        return refusal(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"expected Content-Type {JSON}, found {_kind(request) or 'none'}",
        )
    return None


def _from_here(request: Request) -> bool:
    site, origin = request.header("Sec-Fetch-Site"), request.header("Origin")
    if site and site != "same-origin":
        return False
    return not origin or split_address(origin).netloc.lower() == request.header("Host").lower()


def _kind(request: Request) -> str:
    return request.header("Content-Type").partition(";")[0].strip().lower()

"""Security headers: what a page may do in a browser, and which sites may embed it."""

from collections.abc import Iterable
from wsgiref.types import StartResponse

from hpsearch.dashboard.messages import Request

_EVERYWHERE = "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

POLICIES = {
    # Its parallel coordinates, drawn by WebGL, compile what they draw with: 'unsafe-eval'.
    "/dashboard": "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    f"img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; {_EVERYWHERE}",
    "/artifacts": "sandbox; default-src 'none'",
    "": f"default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; {_EVERYWHERE}",
}
"""Beginning of a path -> its Content-Security-Policy; the first that fits. Our own pages run no script."""

COMMON = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def secured(request: Request, start_response: StartResponse) -> StartResponse:
    """Return a ``start_response`` that adds our headers, in place of headers of the same name."""
    ours = COMMON | {
        "Content-Security-Policy": next(
            policy for start, policy in POLICIES.items() if request.path.startswith(start)
        ),
        # The program of the page, 2 MB, is kept and asked for again only when it has changed.
        "Cache-Control": "no-cache" if request.path.startswith("/static/") else "no-store",
    }
    if request.path.startswith("/artifacts"):
        ours["Content-Disposition"] = "attachment"

    def start(status, headers, *error):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN002, ANN202 - as WSGI has it
        return start_response(status, [*_others(headers, ours), *ours.items()], *error)

    return start


def _others(headers: Iterable[tuple[str, str]], ours: dict[str, str]) -> list[tuple[str, str]]:
    taken = {name.lower() for name in ours}
    return [
        (name, value)
        for name, value in headers
        if name.lower() not in taken and not name.lower().startswith("access-control-")
    ]

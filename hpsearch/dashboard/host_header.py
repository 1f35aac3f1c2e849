"""The check of the ``Host`` header: the names that the dashboard answers to.

A page of another site may let its own name point to this machine and then read what is served here as if it
were its own (DNS rebinding). Its requests still carry its name in ``Host``, so any name that is not known is
refused. An address in figures cannot be made to point elsewhere.
"""

import socket
from collections.abc import Callable, Iterable
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, ip_address

from hpsearch.dashboard.messages import Request, Response

_SHOWN = 100
"""Characters of a name that a refusal repeats."""
LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))


def is_loopback(host: str) -> bool:
    """Return whether an address, or a name, is that of this machine alone."""
    address = _address(host)
    return host.lower() == "localhost" if address is None else address.is_loopback


def host_check(bound: str, allowed: Iterable[str]) -> Callable[[Request], Response | None]:
    """Return the check of the ``Host`` header.

    Args:
        bound: The address that is listened on; of all addresses, every one in figures is right, and the
            machine's own name.
        allowed: Further names.
    """
    everywhere = (address := _address(bound)) is not None and address.is_unspecified
    names = LOOPBACK | {bound.lower(), *map(str.lower, allowed)}
    names |= {socket.gethostname().lower()} if everywhere else set()

    def check(request: Request) -> Response | None:
        name = _name(request.header("Host"))
        if name in names or (everywhere and _address(name) is not None):
            return None
        return Response(
            status=HTTPStatus.MISDIRECTED_REQUEST,
            body=f"This dashboard does not answer to the name {name[:_SHOWN]!r}; "
            "hpsearch dashboard --allow-host NAME lets it.\n",
        )

    return check


def _name(host: str) -> str:
    """Return a ``Host`` header without its port, in small letters."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].rstrip(".")


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None

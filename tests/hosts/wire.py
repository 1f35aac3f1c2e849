"""The wire between hosts: real packets, taken out of one device and put into another, late, or not at all."""

import heapq
import os
import random
import selectors
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Self

from tests.hosts.netns import Host

_LARGEST = 65536
_DESTINATION = slice(16, 20)
"""Where an IPv4 header says where to."""


@dataclass(slots=True, kw_only=True)
class Route:
    """One direction between two hosts.

    Attributes:
        delay_s: How long a packet is under way.
        loss: The share of packets that are lost, 0 to 1.
        cut: Whether all of them are.
        passed: Packets that have arrived.
        lost: Packets that have not.
    """

    delay_s: float = 0.0
    loss: float = 0.0
    cut: bool = False
    passed: int = 0
    lost: int = 0


class Wire:
    """Carries packets between hosts from a thread of its own; use it as a context.

    Args:
        ends: The hosts.

    Attributes:
        routes: (name, name) -> the direction from the one to the other.
        rng: What decides which packets are lost.
    """

    def __init__(self, ends: Iterable[Host]) -> None:
        self.rng = random.Random(0)
        self._ends = {host.address: host for host in ends}
        names = [host.name for host in self._ends.values()]
        self.routes = {(a, b): Route() for a in names for b in names if a != b}
        self._under_way: list[tuple[float, int, Route, int, bytes]] = []
        self._order = count()
        self._woken, self._wake = os.pipe()
        self._thread = threading.Thread(target=self._carry, name="wire", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        os.close(self._wake)
        self._thread.join()
        os.close(self._woken)

    def between(self, a: str, b: str) -> tuple[Route, Route]:
        """Return both directions of a link, the one from ``a`` first."""
        return self.routes[a, b], self.routes[b, a]

    def calm(self, *, seed: int = 0, delay_s: float = 0.0, loss: float = 0.0) -> None:
        """Mend whatever is cut, and set how all packets travel from now on."""
        self.rng = random.Random(seed)
        for route in self.routes.values():
            route.cut, route.delay_s, route.loss = False, delay_s, loss

    def _carry(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._woken, selectors.EVENT_READ)
            for host in self._ends.values():
                selector.register(host.device, selectors.EVENT_READ, host)
            while True:
                for key, _ in selector.select(self._pause_s()):
                    if key.data is None:
                        return
                    self._take(key.data)
                self._deliver()

    def _pause_s(self) -> float | None:
        return max(0.0, self._under_way[0][0] - time.monotonic()) if self._under_way else None

    def _take(self, source: Host) -> None:
        packet = os.read(source.device, _LARGEST)
        target = self._ends.get(".".join(map(str, packet[_DESTINATION])))
        if packet[0] >> 4 != 4 or target is None:
            return  # a router asked for in IPv6, which has none
        route = self.routes[source.name, target.name]
        if self.rng.random() < route.loss:
            route.lost += 1
        else:
            due_s = time.monotonic() + route.delay_s
            heapq.heappush(self._under_way, (due_s, next(self._order), route, target.device, packet))

    def _deliver(self) -> None:
        """Hand over the packets that are due; those that are on a cut wire are lost with it."""
        while self._under_way and self._under_way[0][0] <= time.monotonic():
            _, _, route, device, packet = heapq.heappop(self._under_way)
            if route.cut:
                route.lost += 1
                continue
            with suppress(BlockingIOError):  # a full queue drops packets, as queues do
                os.write(device, packet)
                route.passed += 1

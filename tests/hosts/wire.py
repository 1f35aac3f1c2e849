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
_VERSION = 4
_DESTINATION = slice(16, 20)
"""Where an IPv4 header says where to."""


@dataclass(slots=True, kw_only=True)
class Route:
    """One direction between two hosts.

    Attributes:
        delay_s: How long a packet is under way.
        loss: The share of packets that are lost, 0 to 1.
        cuts: How many faults cut it at this moment.
        up_share: For how much of each second it is up.
        snaps_at: A packet that holds these bytes is the last to arrive: then it snaps, in both directions.
        snapped: Whether it has.
        passed: Packets that have arrived.
        lost: Packets that have not.
    """

    delay_s: float = 0.0
    loss: float = 0.0
    cuts: int = 0
    up_share: float = 1.0
    snaps_at: bytes | None = None
    snapped: bool = False
    passed: int = 0
    lost: int = 0

    @property
    def up(self) -> bool:
        """Whether a packet arrives at this moment."""
        return not self.cuts and not self.snapped and time.monotonic() % 1 < self.up_share


class Wire:
    """Carries packets between hosts from a thread of its own; use it as a context.

    Args:
        ends: The hosts.

    Attributes:
        routes: (name, name) -> the direction from the one to the other.
    """

    def __init__(self, ends: Iterable[Host]) -> None:
        self._rng = random.Random(0)
        self._ends = {bytes(map(int, host.address.split("."))): host for host in ends}
        names = [host.name for host in self._ends.values()]
        self.routes = {(a, b): Route() for a in names for b in names if a != b}
        self._under_way: list[tuple[float, int, Host, Host, bytes]] = []
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

    def calm(self, *, seed: int = 0, delay_s: float = 0.0, loss: float = 0.0) -> None:
        """Mend every route, and set how packets travel from now on; the seed says which of them are lost."""
        self._rng = random.Random(seed)
        for ends in self.routes:
            self.routes[ends] = Route(delay_s=delay_s, loss=loss)

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
        target = self._ends.get(packet[_DESTINATION])
        if packet[0] >> 4 != _VERSION or target is None:
            return  # every network asks for routers in IPv6 when it comes up
        route = self.routes[source.name, target.name]
        if self._rng.random() < route.loss:
            route.lost += 1
        else:
            due_s = time.monotonic() + route.delay_s
            heapq.heappush(self._under_way, (due_s, next(self._order), source, target, packet))

    def _deliver(self) -> None:
        """Hand over the packets that are due; those that are on a wire when it is cut are lost with it."""
        while self._under_way and self._under_way[0][0] <= time.monotonic():
            _, _, source, target, packet = heapq.heappop(self._under_way)
            route, back = self.routes[source.name, target.name], self.routes[target.name, source.name]
            if not route.up:
                route.lost += 1
                continue
            with suppress(BlockingIOError):  # a full queue drops packets, as queues do
                os.write(target.device, packet)
                route.passed += 1
            if route.snaps_at and route.snaps_at in packet:
                route.snapped = back.snapped = True

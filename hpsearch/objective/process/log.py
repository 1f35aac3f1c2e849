"""The log of a trial: the end of what its processes have printed."""

LOG_BYTES = 64 * 2**10
"""So much of the end of a trial's output is kept."""


class TrialLog:
    """The last ``LOG_BYTES`` of what a trial has printed, however much that was."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self._lost = 0

    def add(self, data: bytes) -> None:
        """Add what was printed; the oldest of it makes room."""
        self._kept += data
        if len(self._kept) > 2 * LOG_BYTES:
            self._cut()

    def text(self) -> str | None:
        """Return it as text, after a line on what is left out; ``None`` where nothing was printed."""
        self._cut()
        text = self._kept.decode(errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
        if not text.strip():
            return None
        return f"[{self._lost:,} bytes before this are left out]\n{text}" if self._lost else text

    def _cut(self) -> None:
        more = len(self._kept) - LOG_BYTES
        if more > 0:
            del self._kept[:more]
            self._lost += more

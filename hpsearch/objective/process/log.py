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


class LogStream(TrialLog):
    """What trials have printed one after the other into one pipe, with a mark after each.

    A mark is a line that begins with a text which no trial prints, and ends with the trial's serial number.

    Args:
        mark: How each mark begins, before the number; its first byte is 0.
    """

    def __init__(self, mark: bytes) -> None:
        super().__init__()
        self._mark = mark
        self._held = b""
        self._open = TrialLog()
        self._closed: dict[int, TrialLog] = {}

    def add(self, data: bytes) -> None:
        """Add what was printed: up to the next mark it is of one trial."""
        data = self._held + data
        while (place := data.find(self._mark)) >= 0 and (end := data.find(b"\n", place)) >= 0:
            self._open.add(data[:place])
            self._closed[int(data[place + len(self._mark) : end])] = self._open
            self._open, data = TrialLog(), data[end + 1 :]
        # A mark may come in two pieces.
        place = data.rfind(self._mark[:1])
        whole = place < 0 or not (self._mark.startswith(data[place:]) or data[place:].startswith(self._mark))
        cut = len(data) if whole else place
        self._open.add(data[:cut])
        self._held = data[cut:]

    def text_of(self, serial: int) -> str | None:
        """Return what a trial has printed; without its mark, all that followed the mark before it."""
        found = self._closed.pop(serial, None)
        if found is None:
            found, self._open = self._open, TrialLog()
            found.add(self._held)
            self._held = b""
        return found.text()

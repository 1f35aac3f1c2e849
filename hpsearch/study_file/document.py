"""The document behind a study: the path of its file, and the line of each key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hpsearch.errors import TYPED, Fault, StudyFileError


@dataclass(frozen=True, slots=True)
class Document:
    """The file that a study was read from.

    Attributes:
        path: The file; ``<study>`` when the study did not come from one.
        lines: Dotted key path -> line, from 1; 0 for a key that was typed as ``--set KEY=VALUE``.
        columns: Dotted key path -> column in its line, from 1.
    """

    path: Path = Path("<study>")
    lines: Mapping[str, int] = field(default_factory=dict)
    columns: Mapping[str, int] = field(default_factory=dict)

    def error(self, key: str, message: str) -> StudyFileError:
        """Return the error that names file, line, key path, and what was expected and found."""
        return StudyFileError.of(self.fault(key, message))

    def fault(self, key: str, message: str, *, severity: str = "error") -> Fault:
        """Return what is wrong with a key, at its place, or at that of the nearest table around it."""
        near = self._near(key)
        is_typed = self.lines.get(near) == 0
        return Fault(
            message=message,
            file=TYPED if is_typed else str(self.path),
            key=key,
            line=None if is_typed else self.lines.get(near),
            column=self.columns.get(near),
            severity=severity,
        )

    def where(self, key: str) -> str:
        """Return ``path:line`` of a key, or of the nearest table around it, or the path alone."""
        near = self._near(key)
        if near and self.lines[near] == 0:
            return TYPED
        return f"{self.path}:{self.lines[near]}" if near else str(self.path)

    def _near(self, key: str) -> str:
        while key and key not in self.lines:
            key = key.rpartition(".")[0]
        return key

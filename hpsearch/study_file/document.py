"""The document behind a study: the path of its file, and the line of each key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hpsearch.errors import StudyFileError


@dataclass(frozen=True, slots=True)
class Document:
    """The file that a study was read from.

    Attributes:
        path: The file; ``<study>`` when the study did not come from one.
        lines: Dotted key path -> line, from 1.
    """

    path: Path = Path("<study>")
    lines: Mapping[str, int] = field(default_factory=dict)

    def error(self, key: str, message: str) -> StudyFileError:
        """Return the error that names file, line, key path, and what was expected and found."""
        return StudyFileError(f"{self.where(key)}: {key}: {message}" if key else f"{self.path}: {message}")

    def where(self, key: str) -> str:
        """Return ``path:line`` of a key, or of the nearest table around it, or the path alone."""
        while key and key not in self.lines:
            key = key.rpartition(".")[0]
        return f"{self.path}:{self.lines[key]}" if key else str(self.path)

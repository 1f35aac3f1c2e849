"""A file that a person will edit: never written over."""

from pathlib import Path

from hpsearch.files import read_file
from hpsearch.report.exports.export import ExportError, replacing


def write_new(path: Path, text: str) -> bool:
    """Write a text file that is not there yet, whole or not at all; tell whether it was written.

    One that has this very content stays as it is, and so may be written again and again.

    Raises:
        ExportError: There is another file, or none can be written.
    """
    try:
        if read_file(path) == text.encode():
            return False
    except FileNotFoundError:
        with replacing(path) as file:
            file.write(text)
        return True
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise ExportError(f"{path}: expected a place for a new file, found: {reason}") from None
    raise ExportError(f"{path}: expected no file there, found another one; remove it, or name another place")

"""Decode the text of a table: UTF-8, UTF-16 and UTF-32, and what older programs for Windows write."""

import codecs

from hpsearch.errors import DataError

_MARKS = {  # the longer marks first: that of UTF-32 begins with that of UTF-16
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_END = "\x1a"  # of a file, in DOS
_OLD = ("cp1252", "latin-1")  # five bytes are nothing in the first, none in the second


def decoded(data: bytes, *, where: str) -> tuple[str, list[str]]:
    """Return the text of a file, and a note where its encoding was guessed.

    A byte-order mark decides. Without one the text is UTF-8; UTF-16 where every second byte is 0; else
    Windows-1252, the usual one of the programs that do not write UTF-8.

    Args:
        data: The bytes of the file.
        where: Its path, for errors.

    Raises:
        DataError: It is no text.
    """
    encoding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), None)
    try:
        text, notes = _guessed(data) if encoding is None else (data.decode(encoding), [])
    except UnicodeDecodeError as error:
        found = f"bytes that are no {encoding or 'UTF-16'} at {error.start}"
        raise DataError(f"{where}: expected text, found {found}; save the file as UTF-8") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise DataError(f"{where}:{line}: expected text, found a NUL character; is it a table in UTF-8?")
    return text.rstrip(_END), notes


def _guessed(data: bytes) -> tuple[str, list[str]]:
    head = data[:1000]
    for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if zeros.count(0) > len(zeros) / 2:
            return data.decode(encoding), []
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        encoding = _OLD[0] if _is_in(_OLD[0], data) else _OLD[1]
        line = data.count(b"\n", 0, error.start) + 1
        note = f"line {line} is no UTF-8: the text is read as {encoding}; if that is wrong, save it as UTF-8"
        return data.decode(encoding), [note]


def _is_in(encoding: str, data: bytes) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True

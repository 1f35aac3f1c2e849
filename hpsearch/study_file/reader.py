"""Read a study file from disk into its record."""

import re
import tomllib
from difflib import get_close_matches
from pathlib import Path

from hpsearch.errors import StudyFileError
from hpsearch.files import read_file
from hpsearch.space.checks import expect, expect_text, show
from hpsearch.space.parameter import LONGEST_NAME
from hpsearch.study_file.build import build_study
from hpsearch.study_file.document import Document
from hpsearch.study_file.fields import TomlTable
from hpsearch.study_file.lines import key_lines
from hpsearch.study_file.records import CONFIRM_SUFFIX, StudySpec

_LARGEST = 2**20
_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")


def read_study(path: Path) -> StudySpec:
    """Return the study that a file describes.

    Raises:
        StudyFileError: The file cannot be read, is not TOML, or has a value that is refused; the message is
            one line that names file, line, key path, what was expected and what was found.
    """
    text = _text(path)
    values, lines = _parse(text, path)
    spec = build_study(values, Document(path=path, lines=lines))
    with TomlTable(values=values, document=spec.document).located():
        _expect_plan(spec)
    return spec


def expect_study_name(name: str) -> None:
    """Refuse a name that no study may be given.

    Raises:
        FieldError: It is empty, too long, not printable, or belongs to confirming runs.
    """
    expect_text("name", name, longest=LONGEST_NAME)  # leaves room in Optuna's 512 for the suffix
    reserved = (
        f'a name that does not end in "{CONFIRM_SUFFIX}", which belongs to the confirming runs of a study'
    )
    expect(not name.endswith(CONFIRM_SUFFIX), "name", reserved, name)


def _expect_plan(spec: StudySpec) -> None:
    """Refuse a study that a record may hold and a file may not ask for: its name, its rounds."""
    expect_study_name(spec.name)
    rounds = sum(spec.search.rounds)
    expect(
        rounds <= spec.trials, "search.rounds", f"a sum of at most trials ({spec.trials})", spec.search.rounds
    )


def _text(path: Path) -> str:
    try:
        data = read_file(path, most=_LARGEST + 1)
    except FileNotFoundError:
        raise StudyFileError(f"{path}: expected a study file, found none there{_near(path)}") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise StudyFileError(f"{path}: expected a readable study file, found: {why.lower()}") from None
    if len(data) > _LARGEST:
        raise StudyFileError(f"{path}: expected a study file of at most 1 MiB, found a larger file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{data[error.start]:02x}"
        raise StudyFileError(f"{path}:{line}: expected UTF-8 text, found {found}; save as UTF-8") from None


def _near(path: Path) -> str:
    near = get_close_matches(path.name, [p.name for p in path.parent.glob("*.toml")], n=1)
    return f"; did you mean {show(str(path.with_name(near[0])))}?" if near else ""


def _parse(text: str, path: Path) -> tuple[dict[str, object], dict[str, int]]:
    try:
        return tomllib.loads(text), key_lines(text)
    except RecursionError:
        raise StudyFileError(f"{path}: expected a study file, found lists nested too deeply") from None
    except ValueError as error:
        raise _not_toml(str(error), text, path) from None


def _not_toml(why: str, text: str, path: Path) -> StudyFileError:
    place = _PLACE.search(why)
    if place is None:  # a whole number of more digits than Python converts
        return StudyFileError(f"{path}: expected valid TOML, found: {why[:100]}")
    line, column = place["line"], place["column"]
    line = line or str(text.rstrip().count("\n") + 1)
    where = f"column {column}" if column else "at the end of the file"
    hint = "; is a key given twice?" if "overwrite" in why or "twice" in why else ""
    return StudyFileError(
        f"{path}:{line}: expected valid TOML, found: {why[: place.start()][:100]} ({where}){hint}"
    )

"""A bundle: a search and its confirmation in one file that another machine can import.

A bundle is a ZIP archive. ``manifest.json`` names its version, the tables' version, each study's fingerprint,
and the size and SHA-256 of every other member: ``studies.json``, a list of the studies, the search first;
``trials-0.jsonl`` and on, one line a trial of each of them; and ``data``, where the data came along. The same
study gives the same bytes. Nothing in a bundle is ever run, and no name in it says where anything is written.
"""

import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from hpsearch.bundle.archive import (
    ArchiveWriter,
    expect_sound,
    open_archive,
    read_manifest,
    to_json,
    understood,
)
from hpsearch.bundle.check import expect_data, expect_study
from hpsearch.bundle.place import placed
from hpsearch.data.sources import is_file
from hpsearch.errors import BundleError, DataError
from hpsearch.store import (
    REVISIONS,
    Ledger,
    Study,
    StudyDump,
    StudyRecords,
    portable_path,
    renamed,
    sqlite_address,
)
from hpsearch.study_file import spec_from_dict

FORMAT = "hpsearch bundle"
VERSION = 1
"""Of the format; a bundle of a newer one is refused."""

STUDIES, DATA = "studies.json", "data"
_LONGEST_LINE = 16 * 2**20
"""Bytes of one trial: a curve of 100,000 epochs takes 13 MiB."""


def write_bundle(dump: StudyDump, file: BinaryIO, *, data: bytes | None = None) -> int:
    """Write a search into a file, in place of what is in it; return the number of its trials.

    Args:
        dump: The search.
        file: Where to.
        data: The bytes of its data file, where they are to come along.
    """
    with closing(ArchiveWriter(file)) as archive:
        archive.add(STUDIES, [to_json([records.head for records in dump.studies], indent=1)])
        n_trials = [
            archive.add(_trials_member(place), (to_json(trial) + b"\n" for trial in records.trials()))
            for place, records in enumerate(dump.studies)
        ]
        if data is not None:
            archive.add(DATA, [data], compress=False)
        archive.seal(
            {
                "format": FORMAT,
                "version": VERSION,
                "schema": REVISIONS[-1],
                "study": dump.name,
                "fingerprints": list(dump.fingerprints),
            }
        )
    return n_trials[0]


class Bundle:
    """A bundle that has been checked to the last byte; made by ``opened_bundle``.

    Attributes:
        dump: The search in it.
        has_data: Whether its data came along.
    """

    def __init__(self, path: Path, archive: zipfile.ZipFile, manifest: Mapping[str, Any]) -> None:
        self._path, self._archive = path, archive
        heads, members = json.loads(archive.read(STUDIES)), manifest["members"]
        names = [_trials_member(place) for place in range(len(heads))]
        if set(members) - {DATA} != {STUDIES, *names}:
            raise BundleError(f"expected trials of {len(heads)} studies, found {', '.join(members)}")
        studies = [
            StudyRecords(head=head, trials=partial(self._trials, name))
            for head, name in zip(heads, names, strict=True)
        ]
        self.dump = StudyDump(studies=studies, fingerprints=manifest["fingerprints"])
        self.has_data = DATA in members
        spec_from_dict(studies[0].head["contract"]["study"])
        if self.has_data:
            self._expect_data_path()
            with TemporaryDirectory(prefix="hpsearch-") as scratch, self.placed_data(Path(scratch)):
                expect_data(studies[0].head["contract"], Path(scratch))
        expect_study(self.dump)

    @property
    def source(self) -> str | None:
        """The path of its data file, or ``None`` where its data come from elsewhere than a file."""
        return self.dump.source if is_file(self.dump.source) else None

    def expect_data(self, base: Path) -> None:
        """Refuse to go on where the data are neither in the bundle nor in the folder ``base``.

        Raises:
            DataError: Says which data are needed, and where.
        """
        if self.source is not None and not self.has_data and not (base / self.source).is_file():
            digest = self.dump.studies[0].head["contract"]["data_hash"]
            raise DataError(
                f"{self._path}: its data are not in it: expected {self.source!r} in this folder "
                f"(hash {digest[:12]}), found none; put it there, or export the study again --with-data"
            )

    def take_in(self, ledger: Ledger, *, name: str | None = None, base: Path) -> bool:
        """Write the data and the search, whole or not at all; return whether it was not there already.

        Args:
            ledger: Where to.
            name: What it is called there; as in the bundle by default.
            base: The folder that its data are looked for in, and written to where they came along.

        Raises:
            BundleError: What is in the bundle cannot be a study.
            ContractError: Another study has the name.
            DataError: Other data lie where its data belong, or there can be no file.
        """
        dump = self.dump if name is None else renamed(self.dump, name)
        with self.placed_data(base), understood(self._path):
            return ledger.unpack(dump, base=str(base.resolve()))

    @contextmanager
    def placed_data(self, base: Path) -> Iterator[None]:
        """Write the data that came along into the folder ``base``; remove them where the work inside fails.

        Raises:
            DataError: Other data lie there, or there can be no file.
        """
        if self.source is None or not self.has_data:
            yield
            return
        content = partial(self._archive.open, DATA)
        with placed(base / self.source, base=base, data=content, whose=self._path):
            yield

    def _expect_data_path(self) -> None:
        parts = PurePosixPath(self.source or ".").parts
        hidden = any(part.startswith(".") for part in parts)
        if portable_path(self.dump.source) != self.dump.source or hidden or self.source is None:
            raise BundleError(f"expected data at a path inside a folder, found {self.dump.source!r}")

    def _trials(self, member: str) -> Iterator[Mapping[str, Any]]:
        with self._archive.open(member) as lines:
            while line := lines.readline(_LONGEST_LINE + 1):
                if len(line) > _LONGEST_LINE:
                    raise BundleError(f"{member}: expected shorter lines")
                yield json.loads(line)


@contextmanager
def opened_bundle(path: Path) -> Iterator[Bundle]:
    """Give a bundle, checked to the last byte before anything is done with it.

    Raises:
        BundleError: It is no bundle, is damaged, or was written by a newer hpsearch.
    """
    # The place of a limit for all that is unpacked: nothing has been read yet.
    with understood(path):
        opened = open_archive(path)
    with opened as archive:
        with understood(path):
            manifest = read_manifest(archive)
            _expect_known(manifest)
            expect_sound(archive, manifest)
            bundle = Bundle(path, archive, manifest)
        yield bundle


@contextmanager
def taken_in(path: Path, *, base: Path, needs_data: bool) -> Iterator[tuple[Ledger, Study]]:
    """Give the search of a bundle in a database of its own, which is gone afterwards.

    Args:
        path: The bundle.
        base: The folder that its data are looked for in where they did not come along.
        needs_data: Whether to refuse a bundle whose data are nowhere.
    """
    with opened_bundle(path) as bundle, TemporaryDirectory(prefix="hpsearch-") as scratch:
        if needs_data:
            bundle.expect_data(base)
        with closing(Ledger(sqlite_address(Path(scratch, "bundle.db")), create=True)) as ledger:
            bundle.take_in(ledger, base=Path(scratch) if bundle.has_data else base)
            yield ledger, ledger.find_study(bundle.dump.name)


def _expect_known(manifest: Mapping[str, Any]) -> None:
    if manifest.get("format") != FORMAT:
        raise BundleError(f"expected a {FORMAT}, found {manifest.get('format')!r}")
    if manifest["version"] != VERSION or manifest["schema"] not in REVISIONS:
        raise BundleError(
            f"expected a bundle of version {VERSION} and schema up to {REVISIONS[-1]}, found version "
            f"{manifest['version']} and schema {manifest['schema']}, of a newer hpsearch: use that one"
        )


def _trials_member(place: int) -> str:
    return f"trials-{place}.jsonl"

"""A study on its way without the names of the machines, processes, users and folders that it came from."""

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import PureWindowsPath
from typing import Any, TypeVar

from hpsearch.store.schema.tables import ATTEMPTS, WORKERS
from hpsearch.store.transfer.pack import StudyDump
from hpsearch.store.transfer.records import StudyRecords

K = TypeVar("K", bound=Hashable)

_PLACES = re.compile(
    r"""
    (?P<address> \b[a-z][\w+.-]*://[^\s'"<>]+ )
    | (?<=['"]) (?: ~|[A-Za-z]: )? [/\\] [^'"\n]* (?=['"])
    | (?<![\w./\\]) (?: ~|[A-Za-z]: )? [/\\] [^\s'",;:()<>|]+
    """,
    re.VERBOSE,
)
"""Addresses and absolute paths in the message of an error: in quotes they may hold blanks."""


def anonymous(dump: StudyDump) -> StudyDump:
    """Return a search whose machines and processes are numbers, and whose messages name no place.

    Everything else stays, so the fingerprint does, too: versions, processors, times, the path of the data
    inside the folder of the study file, and what a user has noted through Optuna.
    """
    workers = [worker for records in dump.studies for worker in records.head[WORKERS.name]]
    hosts = ordinals(worker["host"] for worker in workers)
    processes = ordinals((worker["host"], worker["process"]) for worker in workers)
    names = {host.partition("/")[0]: f"host-{n}" for host, n in hosts.items()}

    def of_worker(worker: Mapping[str, Any]) -> dict[str, Any]:
        pid = processes[worker["host"], worker["process"]]
        return {**worker, "host": f"host-{hosts[worker['host']]}", "process": f"{pid}", "pid": pid}

    def of_study(records: StudyRecords) -> StudyRecords:
        head = {**records.head, WORKERS.name: [of_worker(w) for w in records.head[WORKERS.name]]}
        return replace(records, head=head, trials=lambda: _trials(records, names))

    return replace(dump, studies=[of_study(records) for records in dump.studies])


def ordinals(things: Iterable[K]) -> dict[K, int]:
    """Return things with numbers from 1, in the order in which they came first."""
    return {thing: n for n, thing in enumerate(dict.fromkeys(things), start=1)}


def _trials(records: StudyRecords, names: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    for trial in records.trials():
        attempts = [{**a, "note": _without_places(a["note"], names)} for a in trial[ATTEMPTS.name]]
        notes = [
            {**note, "value_json": _without_places(note["value_json"], names)}
            if note["key"] == "reason"
            else note
            for note in trial["trial_user_attributes"]
        ]
        yield {**trial, ATTEMPTS.name: attempts, "trial_user_attributes": notes}


def file_names(text: str) -> str:
    """Return a text in which an absolute path is the name of its file, and an address is ``(address)``."""
    whole = PureWindowsPath(text)
    if whole.root or text.startswith("~"):
        return whole.name or "(path)"
    return _PLACES.sub(
        lambda found: "(address)" if found["address"] else PureWindowsPath(found[0]).name or "(path)", text
    )


def without_places(text: str) -> str:
    """Return a text without addresses and absolute paths, such as the message of an error."""
    return _PLACES.sub(lambda found: "(address)" if found["address"] else "(path)", text)


def _without_places(text: str | None, names: Mapping[str, str]) -> str | None:
    if text is None:
        return None
    text = without_places(text)
    for host, name in names.items():
        text = re.sub(rf"(?<![\w-]){re.escape(host)}(?![\w-])", name, text)
    return text

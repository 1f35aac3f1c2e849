"""The study file of a study, written from the database, and the commands that repeat the study from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from shlex import quote
from typing import Any

from hpsearch.data.sources import is_file
from hpsearch.files import file_name
from hpsearch.report.next_steps import NextStep
from hpsearch.search import Stage, StopRule
from hpsearch.store import Maker, Status, Study, file_names
from hpsearch.study_file import LEARNED, VERSION, study_text

AGAIN = "sqlite:///again.db"
"""The database that the commands make: a study of the same name is not in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFile:
    """The study file of a study, and what else is needed to repeat the study.

    Attributes:
        name: The name of the file.
        text: The file: every setting is written out.
        needs: Files that must lie beside it: its data, its code.
        steps: The commands, in order; they work in the folder of the file.
        limits: Sentences that say why the results may still be others.
    """

    name: str
    text: str
    needs: tuple[str, ...]
    steps: tuple[NextStep, ...]
    limits: tuple[str, ...]


def study_file_of(
    study: Study, status: Status, *, stages: tuple[str, ...], anonymous: bool
) -> StudyFile | None:
    """Return the file of a search; ``None`` of a confirmation, and of a study that Optuna alone has made.

    Args:
        study: The study.
        status: Where it stands.
        stages: The stage of each trial.
        anonymous: Whether an absolute path is cut to the name of its file.
    """
    if study.maker is Maker.OPTUNA or not study.is_search:
        return None
    contract: Mapping[str, Any] = study.contract["study"]
    if anonymous:
        contract = _cut(contract)
    name = file_name(study.name, ".toml")
    where = f" --storage {AGAIN}"
    lead = "The study file as hpsearch stored it: every setting is written out."
    steps = (
        NextStep(command=f"hpsearch start {quote(name)}{where}", purpose="run the study again"),
        NextStep(
            command=f"hpsearch fingerprint --study {quote(study.name)}{where}",
            purpose="print its fingerprint, to compare with the one below",
        ),
    )
    return StudyFile(
        name=name,
        text=study_text(contract, lead=lead),
        needs=_needs(study, contract),
        steps=steps,
        limits=_limits(study, status, stages),
    )


def _cut(value: Any) -> Any:
    """Return a contract in which absolute paths are names of files."""
    if isinstance(value, Mapping):
        return {key: item if key == "name" else _cut(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_cut(item) for item in value]
    return file_names(value) if isinstance(value, str) else value


def _needs(study: Study, contract: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the files that a study reads, as its file names them."""
    source, portfolio = contract.get("data", {}).get("source"), contract["search"].get("portfolio")
    found = [source] if source is not None and is_file(source) else []
    found += sorted(study.contract.get("code") or {})
    return tuple(found + ([portfolio] if portfolio else []))


def _limits(study: Study, status: Status, stages: tuple[str, ...]) -> tuple[str, ...]:
    """Return why a study that is started from its file may not be this one to the last bit."""
    spec, found = study.spec, []
    bundle = f"hpsearch export bundle --study {quote(study.name)}"
    enqueued = sum(stage == Stage.ENQUEUED for stage in stages)
    if enqueued:
        what = "1 trial was" if enqueued == 1 else f"{enqueued:,} trials were"
        found.append(f"{what} enqueued by hand, and no study file holds such trials")
    if spec.version < VERSION:
        found.append(
            f"the study has version {spec.version} of the rules, and a new study has version {VERSION}"
        )
    if spec.search.start == LEARNED:
        found.append("its first trials came from a portfolio, which may have changed")
    if status.stopped is not None and status.stopped.rule == StopRule.HOURS:
        found.append("a clock has ended the study")
    if not status.finished:
        found.append("the study is not finished")
    return tuple(f"{reason[:1].upper()}{reason[1:]}." for reason in found) + (
        (f"{bundle} writes everything into one file.",) if found and status.finished else ()
    )

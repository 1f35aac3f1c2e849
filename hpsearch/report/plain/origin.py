"""The last sections of a report as text: what the study was made from, and what its workers ran on."""

from collections.abc import Sequence

from hpsearch.report.cells import fact_text, moment_text
from hpsearch.report.foreign import NOT_RECORDED, is_foreign
from hpsearch.report.numbers.study import StudyReport
from hpsearch.report.plain.section import Section


def provenance_section(report: StudyReport) -> Section:
    """Return what the study was made from; what is not recorded is left out."""
    found = report.provenance
    if is_foreign(report.summary.status):
        first = ("-" if found.created is None else moment_text(found.created), found.fingerprint)
        rows = [*zip(("first trial", "fingerprint"), first, strict=True)]
        return Section(title="Provenance", lines=(NOT_RECORDED,), rows=tuple(rows))
    data = [("data", found.data_hash or "the rows of its search")] if report.has_rows else []
    rows = [
        ("created", moment_text(found.created)),
        ("ended", moment_text(found.ended)),
        ("seed", str(found.seed)),
        ("parallelism", str(found.parallelism)),
        ("fingerprint", found.fingerprint),
        ("contract", str(found.contract_hash)),
        *data,
        ("tables", str(found.schema)),
    ]
    return Section(title="Provenance", rows=tuple(rows))


def environment_section(report: StudyReport) -> Section:
    """Return the environment of most workers, and how the others differ."""
    found = report.provenance
    noted = [environment for environment in found.environments if environment.facts]
    if not noted:
        return Section(title="Environment")
    rows = [(name, fact_text(fact)) for name, fact in noted[0].facts.items()]
    for other in noted[1:]:
        differing = (f"{name} {fact_text(other.facts.get(name))}" for name in found.differing)
        rows.append((_names(other.workers), ", ".join(differing)))
    lines = (f"of {_names(noted[0].workers)}",) if noted[1:] else ()
    return Section(title="Environment", lines=lines, rows=tuple(rows))


def _names(workers: Sequence[str]) -> str:
    more = f" and {len(workers) - 1} more" if len(workers) > 1 else ""
    return f"{workers[0]}{more}"

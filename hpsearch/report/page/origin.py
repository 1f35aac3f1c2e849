"""The last section of a page: contract, data, versions, machines, fingerprint."""

from hpsearch.report.cells import moment_text
from hpsearch.report.figures.markup import Markup, joined, tag
from hpsearch.report.foreign import NOT_RECORDED, is_foreign
from hpsearch.report.numbers.provenance import Environment, Provenance
from hpsearch.report.numbers.study import StudyReport
from hpsearch.report.page.done import download
from hpsearch.store import BITS

CLAIM = (
    "Two fingerprints are equal when both runs have the same trials with the same results, to the last bit. "
    "The contract's hash covers the name, the seed, all settings and the hash of the data; that one covers "
    "the rows of all three sets, the classes and the weights of rows."
)
"""What the three hashes are of."""
CODE_CLAIM = (
    "Two fingerprints are equal when both runs have the same trials with the same results, to the last bit. "
    "The contract's hash covers the name, the seed, all settings and the hash of the code's files."
)
"""What the two hashes of a study without rows are of."""

TITLE, FOREIGN_TITLE = "To repeat it", "What is recorded"
"""The heading of the section, for a study of hpsearch's and for one that Optuna alone has made."""

ENVIRONMENTS_MOST = 6
"""Environments that a page shows, a column each."""


def title_of_origin(report: StudyReport) -> str:
    """Return the heading of the last section: a study that Optuna alone has made cannot be repeated."""
    return FOREIGN_TITLE if is_foreign(report.summary.status) else TITLE


def origin(report: StudyReport) -> Markup:
    """Return the last section: what is needed to check and to repeat the study."""
    found = report.provenance
    claim = CLAIM if report.has_rows else CODE_CLAIM
    foreign = is_foreign(report.summary.status)
    return tag(
        "section",
        tag("h2", title_of_origin(report), id="origin"),
        _commands(report),
        tag("p", NOT_RECORDED if foreign else claim, class_="note"),
        _table([tag("tr", tag("th", name, scope="row"), tag("td", text)) for name, text in _facts(report)]),
        _environments(found),
    )


def _commands(report: StudyReport) -> Markup:
    """Return the commands that run the study again, and what else they need."""
    file = report.file
    if file is None:
        return Markup()
    beside = ""
    if file.needs:
        beside = f" Put {' and '.join(file.needs)} beside it."
    head = tag("p", "Save the study file, ", download(file), f", in a folder of its own.{beside}")
    steps = [
        tag("li", tag("span", f"{step.purpose[:1].upper()}{step.purpose[1:]}"), tag("pre", step.command))
        for step in file.steps
    ]
    limits = [tag("p", "The results may differ from those on this page. ", " ".join(file.limits))]
    return joined([head, tag("ul", *steps, class_="steps"), *(limits if file.limits else [])])


def _facts(report: StudyReport) -> list[tuple[str, object]]:
    found = report.provenance
    if is_foreign(report.summary.status):
        first = "not yet" if found.created is None else moment_text(found.created)
        return [("fingerprint", tag("code", found.fingerprint)), ("first trial", first)]
    data = tag("code", found.data_hash) if found.data_hash else "the rows of the search"
    return [
        ("fingerprint", tag("code", found.fingerprint)),
        ("contract", tag("code", str(found.contract_hash))),
        *([("data", data)] if report.has_rows else []),
        ("seed", str(found.seed)),
        ("parallelism", str(found.parallelism)),
        ("tables", f"revision {found.schema}"),
        ("created", moment_text(found.created)),
        ("ended", moment_text(found.ended)),
    ]


def _table(rows: list[Markup]) -> Markup:
    return tag("div", tag("table", tag("tbody", *rows), class_="facts"), class_="scroll", tabindex="0")


def _environments(found: Provenance) -> Markup:
    """Return a column for each environment, facts that differ marked."""
    noted = [environment for environment in found.environments if environment.facts]
    if not noted:
        return Markup()
    drawn = noted[:ENVIRONMENTS_MOST]
    names = sorted({name for environment in noted for name in environment.facts})
    rows = [tag("tr", tag("th", "workers", scope="row"), *(tag("td", _who(e)) for e in drawn))]
    rows += [
        tag(
            "tr",
            tag("th", name.replace("_", " "), scope="row"),
            *(tag("td", _fact(e, name)) for e in drawn),
            class_="differs" if name in found.differing else None,
        )
        for name in names
    ]
    words = []
    if found.differing:
        listed = ", ".join(name.replace("_", " ") for name in found.differing)
        bits = [name.replace("_", " ") for name in found.differing if name in BITS]
        more = f" The last bits of results may depend on {' and '.join(bits)}." if bits else ""
        words.append(tag("p", f"Not the same everywhere: {listed}.{more}"))
    if len(drawn) < len(noted):
        words.append(tag("p", f"The first {len(drawn)} of {len(noted)} environments.", class_="note"))
    return joined([tag("h3", "What the workers ran on"), *words, _table(rows)])


def _fact(environment: Environment, name: str) -> str:
    fact = environment.facts.get(name)
    return "\N{EN DASH}" if fact is None else str(fact)


def _who(environment: Environment) -> str:
    n = len(environment.workers)
    if n <= 3:
        return ", ".join(environment.workers)
    return f"{environment.workers[0]} and {n - 1} more"

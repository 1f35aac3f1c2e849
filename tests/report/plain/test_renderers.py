"""A report as text, Markdown and JSON, against golden files: delete one, and the next run writes it."""

import dataclasses
import json
from pathlib import Path

import pytest

from hpsearch.report.numbers.study import study_report
from hpsearch.report.plain.report_json import report_to_json
from hpsearch.report.plain.report_text import report_markdown, report_text
from hpsearch.store import Ledger
from tests.report import made
from tests.report.reports import a_report

GOLDEN = Path(__file__).parent / "golden"
STUDIES = {"whole": 40, "begun": 5, "empty": 0}
DIGITS = 6


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """Return name -> report of studies that are done, under way and not begun."""
    found = {}
    for name, n_trials in STUDIES.items():
        folder = tmp_path_factory.mktemp(name)
        ledger = Ledger(f"sqlite:///{folder}/made.db", create=True)
        study = made.make_study(ledger, made.study_spec(folder), n_trials=n_trials)
        found[name] = scrubbed(study_report(ledger, study))
        ledger.close()
    return found


def scrubbed(report):
    """Return a report without what a later version may change at will."""
    provenance = dataclasses.replace(
        report.provenance, fingerprint="f" * 64, contract_hash="c" * 64, schema="0000"
    )
    summary = dataclasses.replace(report.summary, fingerprint="f" * 64)
    return dataclasses.replace(report, provenance=provenance, summary=summary)


def rounded(value):
    """Return a document whose numbers have no more digits than processors agree on."""
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def as_json(report):
    """Return the document as text, the columns of a trial on a line each."""
    lines = [
        f"{json.dumps(key)}: {json.dumps(value, sort_keys=True, allow_nan=False)}"
        for key, value in sorted(rounded(report_to_json(report)).items())
    ]
    return "{\n" + ",\n".join(lines) + "\n}"


RENDERERS = {"txt": report_text, "md": report_markdown, "json": as_json}


@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize("ending", RENDERERS)
def test_a_report_reads_as_it_did(reports, study, ending):
    """Not a character differs from the golden file."""
    path = GOLDEN / f"{study}.{ending}"
    found = f"{RENDERERS[ending](reports[study])}\n"
    if not path.exists():
        path.write_text(found)
        pytest.fail(f"{path.name} was written: read it, and add it when it is right")
    assert found == path.read_text()


def test_json_is_strict_and_whole(reports):
    """NaN is null, times are UTC, states are words; every number of the report is there."""
    note = report_to_json(reports["whole"])
    assert json.loads(json.dumps(note, allow_nan=False)) == note
    names = {field.name for field in dataclasses.fields(reports["whole"])}
    assert names - {"surface", "timeline"} | {"schema_version", "study", "answer"} == set(note)
    assert note["schema_version"] == 1
    assert set(note["trials"]["states"]) == {"complete", "pruned", "failed"}
    assert note["trials"]["values"][12] is None
    assert note["provenance"]["created"] == "2023-11-14T22:13:20+00:00"
    assert note["parameters"][3]["values"].count(None) == note["parameters"][2]["values"].count(0.0)


def test_classes_stand_below_the_answer():
    """Recall and precision of each, by hand; with more than 30 classes a line says why there are none."""
    report = a_report()
    text = report_text(report)
    assert "\n\nClasses\n  class    test rows  recall  precision  most often taken for\n" in text
    assert "\n  cat            120  0.9833     0.9455  dog\n" in text
    assert "| owl \\<1\\> | 120 | 0.9167 | 0.9982 | cat |" in report_markdown(report)
    best = dataclasses.replace(
        report.summary.best, classes=tuple(map(str, range(31))), confusion=(), rows={"test": 360}
    )
    many = dataclasses.replace(report, summary=dataclasses.replace(report.summary, best=best))
    assert "31 classes: too many for a table of recall and precision" in report_text(many)


def test_no_line_of_text_ends_in_blanks(reports):
    """What is copied from a terminal is what was meant."""
    for report in reports.values():
        assert all(line == line.rstrip() for line in report_text(report).splitlines())


def test_markdown_shows_names_as_they_are(reports):
    """A name with signs of Markdown's, or a bar, breaks no table."""
    report = reports["whole"]
    first = dataclasses.replace(report.parameters[0], name="a|b_*<c>")
    odd = dataclasses.replace(report, parameters=(first, *report.parameters[1:]), boxes=())
    text = report_markdown(odd)
    assert r"| a\|b\_\*\<c\> |" in text

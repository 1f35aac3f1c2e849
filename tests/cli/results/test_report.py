"""``hpsearch report``: where it goes, in which format, and of which studies."""

import json
import sqlite3
from contextlib import closing

import pytest

from hpsearch.report.numbers.study import study_report
from hpsearch.store import opened


@pytest.fixture
def run(program, finished):
    """Return a function that reports on the finished study."""
    return lambda *arguments, **more: program.run("report", "--storage", finished.url, *arguments, **more)


def test_a_page_is_named_after_the_study(run, program):
    """Without a word about format and file, the page lies in the current folder, and the command says so."""
    found = run()
    assert (found.code, found.out, found.err) == (0, "", "written to small.html\n")
    page = (program.folder / "small.html").read_text()
    assert page.startswith("<!doctype html>")
    assert "small" in page


@pytest.mark.long
def test_fault_59_two_studies_have_two_pages(program, finished):
    """Names that one file name would hold: each report has a file of its own, and the command names it."""
    url = f"sqlite:///{finished.copy_to(program.folder)}"
    files = set()
    names = ("a/b", "a:b", "A_b", "a_b")
    for name in names:
        with closing(sqlite3.connect(program.folder / "hpsearch.db")) as connection:
            connection.execute("UPDATE studies SET study_name = ? WHERE study_id = 1", (name,))
            connection.commit()
        found = program.run("report", "--storage", url)
        assert found.code == 0, found.err
        file = found.err.removeprefix("written to ").rstrip("\n")
        assert f"<title>{name}: report</title>" in (program.folder / file).read_text()
        files.add(file.casefold())
        with opened(url) as ledger:
            report = study_report(ledger, ledger.find_study(name))
        written = [step.command.partition(" -o ")[2] for step in report.next_steps]
        files |= {one.casefold() for one in (report.file.name, *filter(None, written))}
    assert len(files) == 4 * len(names)  # the page, the study file, the model, the table
    assert "a_b.html" in files


SCRIPT = """#!/bin/sh
printf '%s' "$1" > opened.txt
"""


def test_a_page_opens_in_the_browser(run, program):
    """``--open`` writes the page, says where, and gives its address to the browser that BROWSER names."""
    browser = program.write("browser", SCRIPT)
    browser.chmod(0o755)
    found = run("-o", "a page.html", "--open", BROWSER=str(browser))
    assert (found.code, found.out, found.err) == (0, "", "written to a page.html\n")
    assert (program.folder / "opened.txt").read_text() == (program.folder / "a page.html").as_uri()
    assert "%20" in (program.folder / "opened.txt").read_text()


def test_without_a_browser_the_address_is_said(run, program):
    """A machine without a browser is no failure: one line has the address."""
    found = run("--open", "--quiet", BROWSER="", PATH=str(program.folder), DISPLAY="", WAYLAND_DISPLAY="")
    address = (program.folder / "small.html").as_uri()
    assert (found.code, found.out, found.err) == (0, "", f"no browser was found; open {address} in one\n")


def test_a_page_may_go_to_standard_output(run, program):
    """``-`` is no file, so nothing is said of one; ``--quiet`` says nothing of a file, too."""
    found = run("-o", "-")
    assert (found.code, found.err) == (0, "")
    assert found.out.startswith("<!doctype html>")
    assert not list(program.folder.glob("*.html"))
    found = run("--quiet")
    assert (found.code, found.out, found.err) == (0, "", "")
    assert (program.folder / "small.html").exists()


def test_text_and_json_go_to_standard_output(run, finished):
    """Both say what the study found; the document is strict JSON with sorted keys."""
    text = run("--format", "text")
    assert text.code == 0
    assert finished.fingerprint in text.out
    assert "The race on fresh seeds" in text.out
    note = json.loads(run("--json").out, parse_constant=pytest.fail)
    assert note["answer"] in text.out
    assert list(note) == sorted(note)
    assert note["summary"]["fingerprint"] == note["provenance"]["fingerprint"] == finished.fingerprint
    assert len(note["trials"]["values"]) == note["summary"]["status"]["settled"]
    assert note["workers"][0]["spent"]["training"] > 0


def test_the_ending_of_a_file_says_its_format(run, program):
    """Nothing goes to standard output; what was there is replaced as a whole."""
    target = program.write("told.md", "before")
    found = run("-o", "told.md")
    assert (found.code, found.out, found.err) == (0, "", "written to told.md\n")
    assert target.read_text().startswith("# small\n\n## Answer\n")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--format", "pdf"], 2, "expected one of html, text, json, md, found 'pdf'"),
        (["-o", "told.pdf"], 2, "expected one of html, text, json, md, found 'pdf'"),
        (["--format", "text", "--json"], 2, "found --json and text"),
        (["--open", "--json"], 2, "expected an HTML file, found json"),
        (["--open", "-o", "-"], 2, "expected an HTML file, found standard output"),
        (["--study", "smal"], 3, "there is no study 'smal'; did you mean \"small\"?"),
        (["-o", "nowhere/told.md"], 1, "nowhere/told.md: expected a file that can be written"),
    ],
)
def test_what_cannot_be_is_refused(run, program, arguments, code, words):
    """Nothing is written then."""
    found = run(*arguments)
    assert found.code == code
    assert words in " ".join(found.err.replace("│", " ").split())
    assert not list(program.folder.glob("*.html"))
    assert not list(program.folder.glob("told.*"))


def test_a_confirmation_has_a_report_of_its_own(finished):
    """Its answer is how the candidates stand; what belongs to a search alone is left out."""
    with opened(finished.url) as ledger:
        search = study_report(ledger, ledger.find_study("small"))
        confirmation = study_report(ledger, ledger.find_study("small.confirm"), flags=" --storage x")
    assert confirmation.confirms == "small"
    assert confirmation.race == search.race
    assert sum(runner.settled for runner in search.race) == len(confirmation.trials)
    assert (confirmation.boxes, confirmation.importances, confirmation.rungs) == ((), (), ())
    assert [stage.name for stage in confirmation.stages] == ["confirm"]
    assert confirmation.next_steps[-1].command == "hpsearch replay --train --study small --storage x"

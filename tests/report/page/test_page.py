"""The report as one HTML file: what is on it, in what order, and what never gets in."""

import dataclasses
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest

from hpsearch.report.page.document import report_page
from hpsearch.report.plots import PLOTS
from hpsearch.search import BaselineScore, TrialState, Verdict
from tests.report.reports import a_report, renamed

VOID = {"meta", "link"}
HOSTILE = "<script>alert(1)</script>'\"&]]>\x00"


class Outline(HTMLParser):
    """What a page is made of: elements with their attributes, headings, texts."""

    def __init__(self, page):
        super().__init__()
        self.open, self.elements, self.headings, self.texts = [], [], [], []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        """Note an element."""
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)
        if tag in {"h1", "h2", "h3"}:
            self.headings.append([tag, ""])

    def handle_endtag(self, tag):
        """Close an element: every one, in its order."""
        assert self.open.pop() == tag

    def handle_data(self, text):
        """Note a text."""
        self.texts.append(text)
        if self.open and self.open[-1] in {"h1", "h2", "h3"}:
            self.headings[-1][1] += text

    def count(self, tag):
        """Return how many elements of a kind there are."""
        return sum(name == tag for name, _ in self.elements)


def test_the_answer_comes_first_and_headings_are_in_order():
    """The study, what was done, the winner with what to type next, the figures, what repeats it."""
    page = Outline(report_page(a_report()))
    assert page.headings == [
        ["h1", "study"],
        ["h2", "What was done"],
        ["h2", "The best settings"],
        ["h3", "Its classes"],
        ["h3", "What to type next"],
        ["h2", "How sure the winner is"],
        ["h2", "Which class is taken for which"],
        ["h2", "How the search went"],
        ["h2", "How the ranges moved"],
        ["h2", "Value against each parameter"],
        ["h2", "Parameters together"],
        ["h2", "Learning curves"],
        ["h2", "Which parameters mattered"],
        ["h2", "lr and dropout together"],
        ["h2", "What the first epochs tell"],
        ["h2", "Nursed trainings"],
        ["h2", "Where the time went"],
        ["h2", "Who worked when"],
        ["h2", "To repeat it"],
        ["h3", "What the workers ran on"],
    ]


def test_the_numbers_of_the_answer():
    """Test accuracy, ensemble, confirmed value and interval, who ties, what to type, the fingerprint."""
    texts = " ".join(Outline(report_page(a_report())).texts)
    for text in (
        "0.9611",
        "0.9722",
        "10 models averaged, 95\N{NO-BREAK SPACE}% interval 0.9500 to 0.9900",
        "on rows by which no choice was made, 95\N{NO-BREAK SPACE}% interval 0.9300 to 0.9800",
        "The winner is not clearly better.",
        "Other metrics of the winner on the test rows: macro F1 0.9500.",
        "0.9654",
        "5 fresh seeds, 95\N{NO-BREAK SPACE}% interval 0.9500 to 0.9809",
        "These are the settings of trial 58.",
        "It is 0.9650 here, the best of all.",
        "The difference is within the noise for trial 0 and the declared default.",
        "The test figure, 0.9611, differs from the confirmed one, 0.9654, because it comes from other rows",
        "The declared default reached 0.9612 on fresh seeds.",
        "hpsearch explain 3 --study 'study'",
        "c0ffee" * 10,
        "Not the same everywhere: numpy.",
        "2026-01-02 03:04:05 UTC",
    ):
        assert text in texts


def test_the_answer_is_the_first_text_and_the_study_file_can_be_saved():
    """A sentence below the name; the file stands on the page, and in links that hold it whole."""
    report = a_report()
    page = Outline(report_page(report))
    begin = page.texts.index("study", page.texts.index("study: report") + 1)
    assert page.texts[begin + 1] == report.answer
    links = [a for tag, a in page.elements if tag == "a" and "download" in a]
    kind = "data:application/toml;charset=utf-8,"
    for link in links:
        assert link["download"] == report.file.name
        assert unquote(link["href"].removeprefix(kind)) == report.file.text
    assert len(links) == 2
    assert report.file.text in page.texts
    assert {step.command for step in report.file.steps} <= set(page.texts)
    assert ", in a folder of its own. Put table.csv beside it." in page.texts


def test_only_a_page_that_is_asked_to_asks_again():
    """A file that was written stays as it is."""
    refresh = '<meta http-equiv="refresh" content="15">'
    assert refresh in report_page(a_report(), refresh_s=15)
    assert "refresh" not in report_page(a_report())


def test_means_that_an_earlier_version_stored_are_named_shrunken():
    """Neither the tile of the winner nor the sentence on the default takes them for measured ones."""
    report = a_report()
    note = report.summary.best.to_json()
    del note["estimate"], note["shrunken"]
    summary = dataclasses.replace(report.summary, best=Verdict.from_json(note))
    texts = " ".join(Outline(report_page(dataclasses.replace(report, summary=summary))).texts)
    assert "validation accuracy, shrunken mean" in texts
    assert "The declared default reached 0.9612 on fresh seeds (a shrunken mean)." in texts
    assert "by an estimate" not in texts


def test_every_figure_is_there_twice_with_one_table():
    """One drawing for a desk, one for a telephone; the style sheet shows one of them."""
    page = Outline(report_page(a_report()))
    kinds = [attributes["class"] for tag, attributes in page.elements if tag == "svg"]
    assert kinds == ["hp wide", "hp narrow"] * len(PLOTS)
    assert page.count("details") == page.count("figure") + 1 == len(PLOTS) + 1
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [a["href"] for tag, a in page.elements if tag == "a" and "download" not in a]
    assert links == [f"#{name}" for name in ids]


def test_a_page_stays_small():
    """A hundred trials of five parameters, with words for each mark, are less than half a megabyte."""
    assert 100_000 < len(report_page(a_report(n_trials=100)).encode()) < 500_000


def test_a_page_asks_nobody_for_anything():
    """No script, no address of another host, and a policy that would forbid both."""
    report = a_report()
    text = report_page(report)
    page = Outline(text)
    assert page.elements[0] == ("html", {"lang": "en", "class": "hp"})
    assert page.count("script") == 0
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "")
    policy = [a["content"] for tag, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]
    assert not [a for _, a in page.elements if any(name.startswith("on") for name in a)]
    assert text == report_page(report)


def test_what_a_study_brings_along_stays_text():
    """A name that is a script, a quote or the end of a section is shown as it is."""
    usual, hostile = (Outline(report_page(report)) for report in (a_report(), renamed(a_report(), HOSTILE)))
    assert hostile.count("script") == 0
    assert hostile.headings[0][1] == HOSTILE.replace("\x00", "\N{REPLACEMENT CHARACTER}")
    assert {tag for tag, _ in hostile.elements} <= {tag for tag, _ in usual.elements}
    assert {name for _, a in hostile.elements for name in a} == {
        name for _, a in usual.elements for name in a
    }


@pytest.mark.parametrize(
    ("report", "headline", "figures"),
    [
        (a_report(n_trials=0, finished=False), "No trial is complete yet", {"rungs", "time"}),
        (
            a_report(n_trials=3, state=TrialState.RUNNING, finished=False),
            "No trial is complete yet",
            {"funnel"},
        ),
        (a_report(n_trials=30, state=TrialState.FAILED), "No trial was completed", {"funnel"}),
        (a_report(finished=False), "The best settings so far", {"history", "curves", "slice"}),
        (a_report(state=TrialState.PRUNED), "No trial was completed", {"history", "curves", "slice"}),
        (
            a_report(n_trials=1, n_parameters=1, state=TrialState.COMPLETE),
            "The best settings",
            {"history"},
        ),
    ],
    ids=["no trial", "all running", "all failed", "unfinished", "all pruned", "one trial"],
)
def test_a_study_of_any_kind_has_a_sensible_page(report, headline, figures):
    """It says how far the study is, and has the figures that there are numbers for."""
    page = Outline(report_page(report))
    assert page.headings[2] == ["h2", headline]
    ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    assert figures <= ids
    told = "The study is not finished: the page shows what is known so far."
    assert (told in page.texts) == (not report.summary.status.finished)


def test_a_default_that_was_not_beaten_is_the_headline():
    """It has no number and no value in the search."""
    report = a_report()
    best = dataclasses.replace(report.summary.best, number=None, value=None, default=True)
    page = Outline(
        report_page(dataclasses.replace(report, summary=dataclasses.replace(report.summary, best=best)))
    )
    assert page.headings[2] == ["h2", "The declared default was not beaten"]
    assert (
        "No trial was clearly better than the default configuration, which has a mean "
        in page.texts[page.texts.index("study", 1) + 1]
    )
    assert "validation accuracy in the search" not in page.texts


def test_a_baseline_stands_beside_the_winner():
    """Its test metric and the difference with its interval, as ``best`` prints them."""
    report = a_report()
    fields = {"test": {"accuracy": 0.875}, "lead": 0.05, "lead_interval": (0.01, 0.09)}
    best = dataclasses.replace(report.summary.best, baseline=BaselineScore(name="svm", **fields))
    summary = dataclasses.replace(report.summary, best=best)
    texts = " ".join(Outline(report_page(dataclasses.replace(report, summary=summary))).texts)
    assert "Beside it, 0.8750 on test, svm at its usual settings: the winner is better (+0.0500, " in texts


def test_ten_thousand_trials_are_a_few_megabytes():
    """The page of a long study with many parameters can still be sent to somebody."""
    assert len(report_page(a_report(n_trials=10_000, n_parameters=12))) < 5_000_000

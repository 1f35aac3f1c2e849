"""The report in a real browser: on a telephone, on a desk, in the dark, on paper."""

import pytest

from hpsearch.report.page.document import report_page
from hpsearch.report.plots import PLOTS
from tests.machine.browser import Visit
from tests.report.reports import a_report, renamed

WIDTHS = (390, 1000, 1600)
OUTSIDE = """
() => [...document.querySelectorAll('svg')].filter(svg => svg.getBoundingClientRect().width).flatMap(svg => {
  const frame = svg.getBoundingClientRect();
  return [...svg.querySelectorAll('text')].filter(text => {
    const box = text.getBoundingClientRect();
    return box.left < frame.left - 3 || box.right > frame.right + 3 || box.bottom > frame.bottom + 3;
  }).map(text => text.textContent);
})
"""
"""Labels that reach over the edge of their figure, as the browser has really set them."""
OVERLAPS = """
() => [...document.querySelectorAll('svg')].filter(svg => svg.getBoundingClientRect().width).flatMap(svg => {
  const texts = [...svg.querySelectorAll('text')];
  const boxes = texts.map(text => [text.textContent, text.getBoundingClientRect()]);
  return boxes.flatMap(([a, p], i) => boxes.slice(i + 1).filter(([b, q]) =>
    p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 4 && q.top < p.bottom - 4
  ).map(([b, q]) => [a, b]));
})
"""
"""Pairs of labels that lie on each other."""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Return the address of a report with many parameters and long choices."""
    choices = tuple(f"activation_number_{n}" for n in range(6))
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(report_page(a_report(n_parameters=7, choices=choices)), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_fits_its_screen(chromium, address, width):
    """No error, no host asked, nothing wider than the screen, every figure there, no label on another."""
    with Visit(chromium, width=width) as visit:
        page = visit.page
        page.goto(address)
        assert visit.complaints == []
        assert visit.hosts <= {None, ""}
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.locator("svg:visible").count() == len(PLOTS)
        assert page.evaluate(OUTSIDE) == []
        assert page.evaluate(OVERLAPS) == []
        assert page.locator(".answer").bounding_box()["y"] < 200
        page.locator("summary").first.click()
        assert page.locator("table:visible").first.is_visible()


def test_the_dark_theme_is_dark(chromium, address):
    """Page and figures change their colours with the system's."""
    shades = {}
    for scheme in ("light", "dark"):
        with Visit(chromium, color_scheme=scheme) as visit:
            visit.page.goto(address)
            shades[scheme] = [
                visit.page.locator(where).first.evaluate(f"element => getComputedStyle(element).{what}")
                for where, what in (("html", "backgroundColor"), ("svg", "backgroundColor"), ("h1", "color"))
            ]
    assert shades["light"] == ["rgb(255, 255, 255)", "rgb(255, 255, 255)", "rgb(21, 24, 30)"]
    assert shades["dark"] == ["rgb(19, 22, 27)", "rgb(19, 22, 27)", "rgb(236, 239, 243)"]


def test_on_paper_there_are_figures_and_no_contents(chromium, address):
    """Printed from a dark screen it is light; what one clicks is left out; it is pages, not one long one."""
    with Visit(chromium, width=1000, color_scheme="dark") as visit:
        visit.page.goto(address)
        visit.page.emulate_media(media="print")
        assert visit.page.locator("nav").is_hidden()
        assert visit.page.locator("details").first.is_hidden()
        assert visit.page.locator("svg:visible").count() == len(PLOTS)
        shade = visit.page.locator("html").evaluate("element => getComputedStyle(element).backgroundColor")
        assert shade == "rgb(255, 255, 255)"
        document = visit.page.pdf(prefer_css_page_size=True)
    assert document.startswith(b"%PDF")
    assert 4 <= document.count(b"/Type /Page\n") <= 12


def test_a_script_in_a_name_does_not_run(chromium, tmp_path):
    """The page of a study with hostile names shows them and does nothing else."""
    path = tmp_path / "hostile.html"
    name = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    path.write_text(report_page(renamed(a_report(), name)), encoding="utf-8")
    with Visit(chromium) as visit:
        visit.page.goto(path.as_uri())
        assert visit.page.title() == f"{name}: report"
        assert visit.complaints == []
        assert visit.page.locator("img, script").count() == 0


UNDER_THE_POINTER = """
() => [...document.querySelectorAll('svg.wide .hover path')].slice(0, 40).map(path => {
  path.scrollIntoView({block: 'center'});
  const box = path.getBoundingClientRect();
  const found = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return found && found.closest('.hover') ? found.querySelector('title').textContent : null;
})
"""


def test_a_pointer_on_a_mark_finds_its_words(chromium, address):
    """No other mark, grid line or label lies over the words of a mark; no script puts them there."""
    with Visit(chromium, width=1000) as visit:
        visit.page.goto(address)
        found = visit.page.evaluate(UNDER_THE_POINTER)
        assert len(found) == 40
        assert [words for words in found if not (words or "").startswith("trial ")] == []
        assert visit.page.locator("script").count() == 0

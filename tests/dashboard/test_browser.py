"""The dashboard as a person sees it: a real browser on a study at work, and on one that is done."""

import re

import pytest

from hpsearch.study_file import read_study
from tests.cli.program import LONG, ended, eventually, settled, study_text
from tests.dashboard.servers import TOKEN, ask, serving
from tests.machine.browser import Visit

PATIENCE_MS = 120_000


@pytest.fixture
def visit(chromium):
    """Return a function that opens a page of a dashboard; what went wrong on it is a failure."""
    visits = []

    def visit(port, path="/", **options):
        visits.append(Visit(chromium, **options))
        page = visits[-1].page
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"http://127.0.0.1:{port}{path}")
        return page

    yield visit
    found = [(one.complaints, one.hosts) for one in visits]
    for one in visits:
        one.page.close()
    assert [complaints for complaints, _ in found if complaints] == []
    assert {host for _, hosts in found for host in hosts} == {"127.0.0.1"}


def shown(page):
    """Return the text of a page."""
    return page.locator("body").inner_text()


def fits(page):
    """Return whether nothing of a page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("width", [1280, pytest.param(390, marks=pytest.mark.long)])
def test_from_the_first_page_to_dashboard_and_report(visit, port, width, tmp_path):
    """Two clicks; every page works under its policy, asks nobody else, and fits a phone."""
    page = visit(port, width=width)
    assert "40 of 40 trials settled" in shown(page)
    assert fits(page)
    page.screenshot(path=tmp_path / "studies.png")
    page.get_by_role("link", name="Dashboard", exact=True).click()
    page.get_by_text("small (id=1)").wait_for()
    page.locator(".js-plotly-plot .scatterlayer").first.wait_for()
    page.screenshot(path=tmp_path / "dashboard.png")
    page.get_by_role("link", name="Report").click()
    page.wait_for_url(f"http://127.0.0.1:{port}/report/small")
    page.get_by_role("heading", name="small", exact=True).wait_for()
    assert fits(page)
    page.screenshot(path=tmp_path / "report.png")
    page.get_by_text("The study file", exact=True).click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="small.toml").first.click()
    assert saved.value.suggested_filename == "small.toml"
    assert read_study(saved.value.path()).trials == 40
    page.get_by_role("link", name="Dashboard").click()
    page.get_by_text("small (id=1)").wait_for()
    assert all(path.stat().st_size > 5000 for path in tmp_path.glob("*.png"))


@pytest.mark.long
def test_every_tab_works_under_the_policy(visit, port):
    """Contours, parallel coordinates and tables are drawn by scripts that the policy must let run."""
    page = visit(port)
    for path in ("analytics", "trials", "trialTable", "note"):
        page.goto(f"http://127.0.0.1:{port}/dashboard/studies/1/{path}")
        page.get_by_text("small (id=1)").wait_for()
        page.wait_for_load_state("networkidle")


@pytest.mark.long
def test_a_refusal_is_shown(chromium, port):
    """The page says that it is read-only, and that what was asked for was not done; nothing is."""
    with Visit(chromium) as visit:
        page = visit.page
        page.goto(f"http://127.0.0.1:{port}/dashboard")
        page.get_by_label("hpsearch").get_by_text("read-only").wait_for()
        page.get_by_role("button", name="delete study").first.click(timeout=PATIENCE_MS)
        with page.expect_response(lambda response: response.request.method == "DELETE") as refused:
            page.get_by_role("button", name="Yes").or_(page.get_by_role("button", name="Delete")).click()
        assert refused.value.status == 403
        page.get_by_text("Failed to delete study").wait_for(timeout=PATIENCE_MS)
    assert ask(port, "/api/studies").text.count("study_name") == 2


@pytest.mark.long
def test_a_person_logs_in_and_out(chromium, locked):
    """The page that was asked for comes once the token is typed; no script can read the cookie."""
    with Visit(chromium) as visit:
        page = visit.page
        page.goto(f"http://127.0.0.1:{locked}/report/small")
        page.get_by_label("Token").fill("not the right one")
        page.get_by_role("button", name="Log in").click()
        page.get_by_text("That is not the token.").wait_for()
        page.get_by_label("Token").fill(TOKEN)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(f"http://127.0.0.1:{locked}/report/small")
        page.goto(f"http://127.0.0.1:{locked}/dashboard/studies/1")
        page.get_by_text("small (id=1)").wait_for()
        assert page.evaluate("document.cookie") == ""
        page.goto(f"http://127.0.0.1:{locked}/")
        page.get_by_role("button", name="Log out").click()
        page.wait_for_url(f"http://127.0.0.1:{locked}/login")
        assert page.goto(f"http://127.0.0.1:{locked}/").status == 401


def test_a_page_of_another_site_reads_and_changes_nothing(chromium, port, locked):
    """Another origin of the same browser: it can neither read an answer nor have anything changed."""
    with Visit(chromium) as visit:
        visit.page.goto(f"http://127.0.0.1:{locked}/healthz")
        for method in ("GET", "POST", "DELETE"):
            call = f"fetch('http://127.0.0.1:{port}/api/studies/1', {{method: '{method}'}})"
            assert visit.page.evaluate(f"{call}.then(() => 1, () => 0)") == 0, method
    assert ask(port, "/api/studies/1").status == 200


@pytest.mark.long
def test_a_study_grows_on_the_page(program, visit, finished_long):
    """A live study: its name, its best value, and more trials at every look; the search is not disturbed."""
    program.write("long.toml", study_text(name="long", epochs=LONG))
    database = program.folder / "hpsearch.db"
    start = program.launch("start", "long.toml", "--workers", 2, "--quiet")
    eventually(lambda: settled(database, "long") >= 1, what="a settled trial")
    with serving(f"sqlite:///{database}") as port:
        page = visit(port)
        first = count(page)
        assert "long" in shown(page)
        page.goto(f"http://127.0.0.1:{port}/dashboard/studies/1")
        page.get_by_text("long (id=1)").wait_for()
        eventually(lambda: settled(database, "long") > first, what="another settled trial")
        page.goto(f"http://127.0.0.1:{port}/")
        assert count(page) > first
        assert re.search(r"best 0\.|winner trial", shown(page)), "it may have ended meanwhile"
        run = ended(start, timeout_s=120)
        page.reload()
        assert "40 of 40 trials settled" in shown(page)
        assert " · finished" in shown(page)
    assert (run.code, run.err, run.out) == (0, "", finished_long.out)


def count(page):
    """Return the trials that the first page says are settled."""
    return int(shown(page).partition(" of 40 trials settled")[0].split()[-1])

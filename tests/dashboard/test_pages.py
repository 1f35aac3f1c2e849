"""Our own pages: the first one, the report, metrics and health."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http import HTTPStatus

import pytest
import sqlalchemy as sa
from optuna.exceptions import StorageInternalError
from optuna.study import StudyDirection

from hpsearch.dashboard.landing import landing_page
from hpsearch.dashboard.metrics import GAUGES, metrics_text
from hpsearch.dashboard.reports import study_page
from hpsearch.dashboard.storage import close_storage, open_storage
from hpsearch.search import Stopped, StopRule, TrialState
from hpsearch.store import Control, Ledger, StudyOverview, WorkerIdentity
from tests.dashboard.servers import ask, serving
from tests.report import made

EVIL = '<img src=x onerror="alert(1)">&\\\n'
LINE = re.compile(r'^(hpsearch_\w+)\{study="((?:[^"\\\n]|\\.)*)"(?:,state="(\w+)")?\} (\S+)$')


def vitals(**more):
    """Return a study at a glance."""
    return StudyOverview(**({"study_id": 1, "study": "digits", "search_id": 1, "budget": 10} | more))


def landing(*found, **more):
    """Return the first page."""
    given = {"database": "sqlite:///x.db", "allow_edit": False, "logged_in": False}
    return landing_page(list(found), **(given | more))


def samples(text):
    """Return (name, study, state) -> value; every line is one of the format."""
    found = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            name, study, state, value = LINE.fullmatch(line).groups()
            found[name, study, state] = float(value)
    return found


def test_the_first_page_shows_where_a_study_stands(port):
    """Name, counts, best value, and a way to report and dashboard; its confirmation beside it."""
    reply = ask(port, "/")
    assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "<h2>small</h2><span>winner trial 38, 0." in reply.text
    assert "40 of 40 trials settled (" in reply.text
    assert " · finished" in reply.text
    assert re.search(r"small\.confirm: \d+ of \d+ trials settled", reply.text)
    assert 'href="/report/small"' in reply.text
    assert 'href="/dashboard/studies/1"' in reply.text
    assert "read-only" in reply.text
    assert 'http-equiv="refresh"' not in reply.text


@pytest.mark.parametrize(
    ("study", "told"),
    [
        (vitals(), "no worker at work"),
        (vitals(control=Control.PAUSE), "paused"),
        (vitals(control=Control.STOP), "stopped"),
        (vitals(control=Control.CANCEL), "cancelled"),
        (vitals(counts={TrialState.COMPLETE: 10}), "finished"),
        (vitals(workers=1), "1 worker at work"),
        (vitals(workers=2, rate=0.5), "2 workers at work, 30 trials a minute"),
        (
            vitals(stopped=Stopped(rule=StopRule.TARGET, number=4, text="reached 0.9")),
            str(Stopped(rule=StopRule.TARGET, number=4, text="reached 0.9")),
        ),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_it_says_who_is_at_work(study, told):
    """Or why nobody is; the page comes again by itself while somebody is."""
    page = landing(study)
    assert f" · {told}</p>" in page
    assert ('http-equiv="refresh"' in page) == study.at_work


def test_a_name_is_text():
    """What somebody has called a study is shown, not obeyed."""
    page = landing(vitals(study=EVIL), vitals(study=EVIL, study_id=2), database=EVIL)
    assert "<img" not in page
    assert "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;" in page
    assert 'href="/report/%3Cimg%20src%3Dx' in page


def test_an_empty_ledger_says_what_to_do():
    """No study, and how to get one; whoever logged in can leave."""
    assert "No studies yet: <code>hpsearch start STUDY.toml</code> makes one." in landing()
    assert "Log out" not in landing()
    assert 'action="/logout"' in landing(logged_in=True)
    assert "edits allowed" in landing(allow_edit=True)


def test_the_report_is_a_page(port):
    """Of a search, and of what confirms it: the search's."""
    for name in ("small", "small.confirm"):
        reply = ask(port, f"/report/{name}")
        assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert '<a href="/dashboard/studies/1">Dashboard</a></div></body>' in reply.text
    assert ask(port, "/report/small", "HEAD").body == b""


def test_the_report_of_a_study_at_work_comes_again_by_itself(tmp_path):
    """It asks again while a worker is there and the winner is not known; a study that was left stays."""
    with closing(Ledger(f"sqlite:///{tmp_path}/made.db", create=True)) as ledger:
        study = made.make_study(ledger, made.study_spec(tmp_path), n_trials=5)
        assert "refresh" not in study_page(ledger, study)
        ledger.enlist(study, WorkerIdentity(host="here", process="1@1", pid=1))
        assert '<meta http-equiv="refresh" content="15">' in study_page(ledger, study)


def test_a_report_of_nothing_is_not_found(port):
    """A person gets a page, a program a reason."""
    reply = ask(port, "/report/smal", Accept="text/html")
    assert reply.status == 404
    assert "there is no study &#x27;smal&#x27;; did you mean &quot;small&quot;?" in reply.text
    assert ask(port, "/report/smal").reason == "there is no study 'smal'; did you mean \"small\"?"


@pytest.mark.parametrize(
    ("page", "to"),
    [
        ("/dashboard/studies/1", "/report/small"),
        ("/dashboard/studies/1/trials?numbers=3", "/report/small"),
        ("/dashboard/studies/2/analytics", "/report/small"),
        ("/dashboard", "/"),
        ("/elsewhere", "/"),
    ],
)
def test_the_dashboards_page_is_one_click_from_the_report(port, page, to):
    """The link is on its page, and leads to the report of the study that is shown there."""
    assert b'<a href="/report">Report</a></div></body>' in ask(port, "/dashboard/studies/1").body
    reply = ask(port, "/report", Referer=f"http://127.0.0.1:{port}{page}")
    assert (reply.status, reply.headers["location"]) == (303, to)


def test_a_foreign_study_has_no_report(port):
    """One that hpsearch did not make."""
    reply = ask(port, "/report", Referer=f"http://127.0.0.1:{port}/dashboard/studies/77")
    assert (reply.status, reply.text) == (404, "That study was not made by hpsearch: no report.\n")


def test_metrics_have_the_numbers(port, finished):
    """The same that ``status`` gives, in the format that Prometheus reads."""
    reply = ask(port, "/metrics")
    assert reply.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = samples(reply.text)
    ledger = Ledger(finished.url)
    status = ledger.snapshot(ledger.find_study("small")).search
    ledger.close()
    for state in TrialState:
        assert found["hpsearch_trials", "small", state.name.lower()] == status.counts.get(state, 0)
    assert found["hpsearch_trials_budget", "small", None] == 40
    assert found["hpsearch_best_value", "small", None] == status.best_value
    assert found["hpsearch_workers", "small", None] == 0
    assert found["hpsearch_silence_seconds", "small", None] >= 0
    assert ("hpsearch_trials_budget", "small.confirm", None) in found


def test_every_metric_is_described_once():
    """HELP and TYPE stand before the numbers, also where there are none."""
    text = metrics_text([])
    assert text.endswith("\n")
    lines = text.splitlines()
    assert [line.split()[:3] for line in lines[::2]] == [["#", "HELP", name] for name in GAUGES]
    assert lines[1::2] == [f"# TYPE {name} gauge" for name in GAUGES]


def test_what_is_not_known_is_left_out():
    """A best value of 0 would be a lie."""
    found = samples(metrics_text([vitals()]))
    names = {name for name, _, _ in found}
    assert "hpsearch_best_value" not in names
    assert "hpsearch_silence_seconds" not in names
    assert found["hpsearch_trials_per_second", "digits", None] == 0


@pytest.mark.parametrize(
    ("value", "shown"), [(float("nan"), "NaN"), (float("inf"), "+Inf"), (float("-inf"), "-Inf"), (0.1, "0.1")]
)
def test_numbers_are_written_as_the_format_has_them(value, shown):
    """Its words for what is no number."""
    assert f'hpsearch_best_value{{study="digits"}} {shown}\n' in metrics_text([vitals(best_value=value)])


def test_a_name_cannot_break_a_line():
    """Backslash, quotation mark and line feed are escaped."""
    text = metrics_text([vitals(study='a"b\\c\nd')])
    assert 'hpsearch_workers{study="a\\"b\\\\c\\nd"} 0\n' in text
    assert len(samples(text)) > 5


def test_health_says_what_is_wrong(finished, tmp_path):
    """The database is gone: 503 and the reason, on every page in its own form."""
    path = finished.copy_to(tmp_path)
    with serving(f"sqlite:///{path}") as port:
        assert (ask(port, "/healthz").status, ask(port, "/healthz").text) == (200, "ok\n")
        path.unlink()
        reply = ask(port, "/healthz")
        assert reply.status == HTTPStatus.SERVICE_UNAVAILABLE
        assert reply.text == f"{path}: there is no database yet; hpsearch start STUDY.toml makes one\n"


def write_through_optuna(url):
    """Write through the door that optuna-dashboard has where nothing may be changed."""
    ledger = Ledger(url)
    storage = open_storage(ledger.database, allow_edit=False)
    try:
        storage.create_new_study([StudyDirection.MAXIMIZE], "new")
    finally:
        close_storage(storage)
        ledger.close()


def test_two_reports_at_once_do_not_wait_in_line(finished):
    """The second is told to ask again, so that the pages beside it are answered."""
    begun, go_on = threading.Event(), threading.Event()

    def slow(_ledger, _study):
        begun.set()
        go_on.wait(30)
        return "<body>report</body>"

    with serving(finished.url, report=slow) as port, ThreadPoolExecutor(1) as other:
        first = other.submit(ask, port, "/report/small")
        assert begun.wait(30)
        second = ask(port, "/report/small")
        go_on.set()
        assert (second.status, second.headers["retry-after"]) == (503, "3")
        assert first.result().status == 200
        assert ask(port, "/report/small").status == 200


@pytest.mark.long
def test_a_server_that_goes_away_shows_no_password(postgres):
    """The same pages on PostgreSQL, with it and without it: its password is on none of them."""
    url = postgres.new_database()
    password = sa.make_url(url).password
    Ledger(url, create=True).close()
    try:
        with serving(url) as port:
            found = [ask(port, path) for path in ("/", "/metrics", "/healthz", "/api/studies", "/dashboard")]
            assert [reply.status for reply in found] == [200] * 5
            assert "postgresql+psycopg://" in found[0].text
            with pytest.raises(StorageInternalError, match="An exception is raised during the commit"):
                write_through_optuna(url)
            name = sa.make_url(url).database
            postgres.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            postgres.execute(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
            )
            away = [ask(port, path) for path in ("/healthz", "/")]
            assert [reply.status for reply in away] == [503] * 2
        assert not any(password in reply.text + str(reply.headers) for reply in found + away)
    finally:
        postgres.drop_database(url)

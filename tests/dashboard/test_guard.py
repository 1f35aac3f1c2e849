"""What the guard lets through: names, origins, methods, headers, sizes."""

import hashlib
import socket
import sqlite3
from contextlib import closing

import optuna
import pytest
from optuna.artifacts import FileSystemArtifactStore, upload_artifact
from optuna.exceptions import StorageInternalError
from optuna.storages import RDBStorage
from optuna_dashboard import wsgi

from hpsearch.dashboard.headers import secured
from hpsearch.dashboard.host_header import host_check, is_loopback
from hpsearch.dashboard.messages import Request
from hpsearch.dashboard.server import LARGEST_BODY
from hpsearch.dashboard.storage import close_storage, open_storage
from hpsearch.store import Ledger
from tests.dashboard.servers import ask

PAGES = (
    "/",
    "/report",
    "/report/small",
    "/metrics",
    "/healthz",
    "/dashboard",
    "/dashboard/studies/1",
    "/dashboard/studies/1/analytics",
    "/api/meta",
    "/api/studies",
    "/api/studies/1?after=0",
    "/api/studies/1/param_importances",
    "/csv/1",
    "/static/bundle.js",
    "/favicon.ico",
    "/incompatible-rdb-schema",
)
"""Everything that can be looked at."""


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::2]", "10.0.0.1"])
@pytest.mark.parametrize("path", ["/", "/api/studies", "/healthz"])
def test_a_foreign_host_is_refused(port, host, path):
    """A name that points here without our doing is answered in one line, and with nothing else."""
    reply = ask(port, path, Host=host)
    assert (reply.status, reply.headers["content-type"]) == (421, "text/plain; charset=utf-8")
    assert reply.text.endswith("hpsearch dashboard --allow-host NAME lets it.\n")
    assert b"small" not in reply.body


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1234", "127.0.0.1:80", "[::1]:8080", "localhost."])
def test_the_names_of_this_machine_are_right_with_any_port(port, host):
    """A tunnel gives the port another number."""
    assert ask(port, "/healthz", Host=host).status == 200


def asked(check, host):
    """Return whether a check lets a ``Host`` header through."""
    return check(Request({"HTTP_HOST": host})) is None


def test_a_name_may_be_allowed():
    """``--allow-host`` adds a name, and no other one that looks like it."""
    check = host_check("192.0.2.7", ["Lab.example"])
    assert asked(check, "lab.example:8080")
    assert asked(check, "192.0.2.7")
    assert not asked(check, "192.0.2.8")
    assert not asked(check, "evil.lab.example")


@pytest.mark.parametrize("bound", ["0.0.0.0", "::"])
def test_who_listens_everywhere_answers_to_every_address_in_figures(bound):
    """Figures cannot be made to point elsewhere; names can."""
    check = host_check(bound, [])
    assert asked(check, "192.0.2.8:80")
    assert asked(check, "[2001:db8::1]:80")
    assert asked(check, socket.gethostname())
    assert not asked(check, "evil.example")


def test_what_is_this_machine_alone():
    """Anything that is not certainly loopback is not."""
    assert all(map(is_loopback, ["127.0.0.1", "127.9.9.9", "::1", "localhost", "LOCALHOST"]))
    assert not any(map(is_loopback, ["0.0.0.0", "::", "192.0.2.7", "localhost.example", "127.1", ""]))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "PROPFIND"])
@pytest.mark.parametrize(
    "path", ["/api/studies/1", "/api/studies/1/rename", "/api/trials/1/tell", "/", "/report/small", "/x"]
)
def test_it_is_read_only(port, method, path):
    """Whatever is not a look is refused, with a reason that the page shows."""
    reply = ask(port, path, method, {"study_name": "x"})
    assert reply.status == 403
    assert reply.reason == "this dashboard is read-only; hpsearch dashboard --allow-edit"


def test_looking_changes_nothing(port, finished):
    """Every page, three times; not a byte of what is stored is another one afterwards."""

    def content():
        with closing(sqlite3.connect(finished.database)) as connection:
            return hashlib.sha256("\n".join(connection.iterdump()).encode()).hexdigest()

    before = content()
    found = {path: ask(port, path, Accept="text/html", Accept_Encoding="gzip").status for path in PAGES * 3}
    assert {path: status for path, status in found.items() if status not in {200, 302, 303}} == {}
    assert content() == before


def test_the_database_itself_refuses_what_looking_would_write(finished):
    """Should a page of optuna-dashboard ever write, it cannot."""
    ledger = Ledger(finished.url)
    storage = open_storage(ledger.database, allow_edit=False)
    try:
        with pytest.raises(StorageInternalError, match="An exception is raised during the commit") as caught:
            storage.set_study_user_attr(1, "note", "x")
        assert "attempt to write a readonly database" in str(caught.value.__cause__)
        assert storage.get_study_name_from_id(1) == "small"
    finally:
        close_storage(storage)
        ledger.close()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "none"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
    ],
    ids=str,
)
def test_a_page_of_another_site_changes_nothing(port, headers):
    """A request that comes from elsewhere is refused before anything else is looked at."""
    reply = ask(port, "/api/studies/1", "DELETE", **headers)
    assert (reply.status, reply.reason) == (403, "the request comes from a page of another site")


def test_a_form_changes_nothing(port):
    """A page of another site can send a form without asking; the interface takes JSON alone."""
    reply = ask(
        port, "/api/studies/1/rename", "POST", "a=b", Content_Type="application/x-www-form-urlencoded"
    )
    assert reply.status == 415
    assert reply.reason == "expected Content-Type application/json, found application/x-www-form-urlencoded"


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_headers(port, path):
    """Also a script, a picture, a table."""
    headers = ask(port, path, Accept_Encoding="gzip").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == ("no-cache" if path.startswith("/static") else "no-store")
    assert "server" not in headers
    assert "access-control-allow-origin" not in headers


def test_only_the_dashboards_page_may_run_a_script(port):
    """And that one only its own."""
    policies = {path: ask(port, path).headers["content-security-policy"] for path in PAGES}
    with_script = {path for path, policy in policies.items() if "script-src" in policy}
    assert with_script == {path for path in PAGES if path.startswith("/dashboard")}
    assert all("script-src 'self' 'unsafe-eval';" in policies[path] for path in with_script)
    assert all("default-src 'none'" in policies[path] for path in set(PAGES) - with_script)


def test_artifacts_are_downloads(finished, tmp_path):
    """What somebody has stored beside a trial is never shown as a page of this site."""
    database = finished.copy_to(tmp_path)
    storage = RDBStorage(f"sqlite:///{database}")
    store = FileSystemArtifactStore(tmp_path)
    page = tmp_path / "page.html"
    page.write_text("<script>alert(1)</script>")
    study = optuna.load_study(study_name="small", storage=storage)
    key = upload_artifact(artifact_store=store, file_path=str(page), study_or_trial=study)
    path = f"/artifacts/1/{key}"
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "HTTP_HOST": "localhost"}
    told = {}

    def start(status, headers, _error=None):
        told.update({name.lower(): value for name, value in headers}, status=status)

    parts = wsgi(storage, store)(environ, secured(Request(environ), start))
    assert b"".join(parts) == b"<script>alert(1)</script>"
    parts.close()
    close_storage(storage)
    assert told["status"] == "200 OK"
    assert told["content-disposition"] == "attachment"
    assert told["x-content-type-options"] == "nosniff"
    assert told["content-security-policy"] == "sandbox; default-src 'none'"
    assert "access-control-allow-origin" not in told


def test_a_large_body_is_refused(port):
    """Nobody fills the memory."""
    reply = ask(port, "/api/studies", "POST", "x", Content_Length=str(LARGEST_BODY + 1))
    assert reply.status == 413

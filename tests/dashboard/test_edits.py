"""What ``--allow-edit`` allows, and what would harm a study of the ledger."""

import json

import pytest
from optuna.storages import RDBStorage

from hpsearch.search import Proposal
from hpsearch.space import FloatParameter, Space
from hpsearch.store import Ledger, Terms, WorkerIdentity
from tests.cli.program import rows
from tests.contracts import contract_of
from tests.dashboard.servers import ask, serving

BUSY = "busy is at work (1 workers, 1 trials); hpsearch stop --study busy ends that"
SPACE = Space((FloatParameter(name="lr", low=0.0, high=1.0),))


@pytest.fixture(scope="module")
def database(finished, tmp_path_factory):
    """Return a copy of the finished study's database, with a study at work and one of Optuna's own in it."""
    path = finished.copy_to(tmp_path_factory.mktemp("edits"))
    ledger = Ledger(f"sqlite:///{path}")
    terms = {"base": "/", "budget": 4, "parallelism": 4}
    busy = ledger.open_study(Terms(name="busy", contract=contract_of(SPACE), **terms))
    ledger.open_study(Terms(name="busy.confirm", contract={"confirms": {}}, confirms=busy, **terms))
    worker = ledger.enlist(busy, WorkerIdentity(host="here", process="1@1", pid=1))
    proposal = Proposal(number=0, internal=(0.5,), stage="round 0")
    ledger.claim(busy, worker_id=worker, proposals=[proposal], limit=1)
    ledger.close()
    return path


@pytest.fixture(scope="module")
def ids(database):
    """Return name -> key of the studies."""
    return dict(rows(database, "SELECT study_name, study_id FROM studies"))


@pytest.fixture(scope="module")
def port(database):
    """Return the port of a dashboard that may change something."""
    with serving(f"sqlite:///{database}", allow_edit=True) as port:
        yield port


def names(database):
    """Return the names of all studies."""
    return {name for (name,) in rows(database, "SELECT study_name FROM studies")}


@pytest.mark.parametrize("name", ["busy", "busy.confirm"])
@pytest.mark.parametrize("end", ["", "/"])
def test_a_study_at_work_is_not_deleted(port, database, ids, name, end):
    """Nor the one that confirms it: its workers would find nothing to work on."""
    reply = ask(port, f"/api/studies/{ids[name]}{end}", "DELETE", {})
    assert (reply.status, reply.reason) == (409, BUSY)
    assert name in names(database)


@pytest.mark.parametrize("name", ["busy", "busy.confirm"])
def test_a_study_at_work_is_not_renamed(port, database, ids, name):
    """Its name is what workers know it by."""
    reply = ask(port, f"/api/studies/{ids[name]}/rename", "POST", {"study_name": "other"})
    assert (reply.status, reply.reason) == (409, BUSY)
    assert name in names(database)


def test_a_study_of_the_ledger_is_not_renamed(port, database, ids):
    """optuna-dashboard would copy the trials and delete the study, and with it what hpsearch knows of it."""
    reply = ask(port, f"/api/studies/{ids['small']}/rename", "POST", {"study_name": "other"})
    assert reply.status == 409
    assert reply.reason == (
        "optuna-dashboard renames by copying, and the copy would be no study of hpsearch any more"
    )
    assert "small" in names(database)


def test_optunas_own_studies_are_not_guarded(port, database):
    """They are their owner's."""
    storage = RDBStorage(f"sqlite:///{database}")
    key = storage.create_new_study([1], "foreign")
    storage.remove_session()
    storage.engine.dispose()
    assert ask(port, f"/api/studies/{key}/rename", "POST", {"study_name": "mine"}).status == 201
    assert {"mine"} == names(database) & {"foreign", "mine"}


def test_a_study_at_rest_may_be_deleted(port, database, ids):
    """Whoever allows edits and presses the button means it; what confirms a study goes first."""
    reply = ask(port, f"/api/studies/{ids['small']}", "DELETE", {})
    assert reply.status == 409
    assert reply.reason == "small.confirm confirms it and would be left without its search: delete that first"
    assert ask(port, f"/api/studies/{ids['small.confirm']}", "DELETE", {}).status == 204
    assert "small.confirm" not in names(database)
    assert {"small", "busy", "busy.confirm"} <= names(database)
    assert ask(port, f"/api/studies/{ids['small']}", "DELETE", {}).status == 204
    assert {"small"} & names(database) == set()


def test_notes_are_written(port, ids):
    """On a study at work, and on one of its trials."""
    study = f"/api/studies/{ids['busy']}"
    trial = ask(port, f"{study}?after=0")
    key = json.loads(trial.body)["trials"][0]["trial_id"]
    assert ask(port, f"{study}/note", "PUT", {"version": 1, "body": "look here"}).status == 204
    assert ask(port, f"{study}/{key}/note", "PUT", {"version": 1, "body": "and here"}).status == 204
    assert "look here" in ask(port, study).text


def test_attributes_are_added_but_none_that_the_ledger_writes(port, database, ids):
    """A second ``reason`` would make the result of a trial fail."""
    ((key,),) = rows(database, "SELECT trial_id FROM trials WHERE study_id = ?", ids["busy"])
    path = f"/api/trials/{key}/user-attrs"
    assert ask(port, path, "POST", {"user_attrs": {"seen": "yes"}}).status == 204
    reply = ask(port, path, "POST", {"user_attrs": {"stage": "x", "seen": 1, "reason": "x"}})
    assert (reply.status, reply.reason) == (
        409,
        "reason, stage: hpsearch writes that itself; choose another name",
    )
    assert ask(port, path, "POST", {"user_attrs": {}}).status == 400
    found = rows(database, "SELECT key FROM trial_user_attributes WHERE trial_id = ? ORDER BY key", key)
    assert found == [("seen",), ("stage",)]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/studies"),
        ("POST", "/api/trials/1/tell"),
        ("POST", "/api/artifacts/1"),
        ("DELETE", "/api/artifacts/1/2/abc"),
        ("POST", "/incompatible-rdb-schema"),
        ("POST", "/api/studies/1"),
        ("DELETE", "/api/studies/1/note"),
        ("DELETE", "/api/studies/-1"),
        ("DELETE", "/api/studies/%D9%A1"),
        ("DELETE", "/"),
    ],
)
def test_everything_else_stays_refused(port, method, path):
    """A result told by hand is not what the parameters give."""
    reply = ask(port, path, method, {"state": "Complete", "values": [1.0]})
    assert reply.status == 403
    assert reply.reason.startswith("expected a note, a user attribute, or the end of a study at rest")


def test_fault_65_what_hpsearch_knows_of_a_deleted_study_goes_with_it(finished, tmp_path):
    """SQLite would give its keys to another study, which must find no books under them."""
    path = finished.copy_to(tmp_path)
    with serving(f"sqlite:///{path}", allow_edit=True) as port:
        for key in (2, 1):
            assert ask(port, f"/api/studies/{key}", "DELETE", {}).status == 204
    for table in ("studies", "hpsearch_studies", "hpsearch_attempts", "hpsearch_rounds"):
        assert rows(path, f"SELECT count(*) FROM {table}") == [(0,)]

import dataclasses
import re

import optuna
import pytest

from hpsearch.errors import ContractError, NotFoundError, StudyFileError
from hpsearch.search import EnsembleScore, History, TrialState, Verdict
from hpsearch.store import Status, opened

VERDICT = Verdict(
    number=3,
    value=0.9,
    params={"lr": 0.01, "activation": "relu"},
    seeds=5,
    mean=0.85,
    interval=(0.8, 0.9),
    test={"accuracy": 0.84},
    ensemble=EnsembleScore(size=10, test={"accuracy": 0.86}),
)


def test_a_study_is_created_once_and_attached_to(ledger, terms):
    """The second opening finds the first, from this connection or another, and by name or alone."""
    study = ledger.open_study(terms())
    assert ledger.open_study(terms()) == study
    with opened(ledger.database.secret_url) as other:
        assert other.open_study(terms()) == other.find_study("study") == other.find_study(None) == study
    assert (study.budget, study.parallelism, study.base) == (10, 4, "/data")
    assert study.contract == terms().contract


def test_fault_43_a_changed_contract_is_refused_by_key_path(ledger, terms):
    """Each difference is named: as created, and now; nothing is written."""
    ledger.open_study(terms(seed=1, model={"hidden": [64]}))
    message = (
        "study 'study' exists with other settings (as created -> now): "
        "study.seed: 1 -> 2; study.model.lr: absent -> 0.1\n"
        "restore them, or give the study another name, such as --set name=study-2; "
        "what may change: trials, attempts, stop, confirm"
    )
    with pytest.raises(ContractError, match=f"^{re.escape(message)}$"):
        ledger.open_study(terms(seed=2, model={"hidden": [64], "lr": 0.1}, budget=20))
    assert ledger.find_study("study").contract["study"]["seed"] == 1
    assert ledger.study_names() == ["study"]


def test_fault_57_the_folder_of_a_study_is_not_in_its_contract(ledger, terms):
    """A start elsewhere attaches, and relative paths start there from then on: its data have been hashed."""
    study = ledger.open_study(terms())
    companion = ledger.open_study(confirmation(terms, study))
    moved = ledger.open_study(dataclasses.replace(terms(), base="/elsewhere"))
    assert moved == dataclasses.replace(study, base="/elsewhere") == ledger.find_study("study")
    assert ledger.companion(moved) == dataclasses.replace(companion, base="/elsewhere")
    with pytest.raises(ContractError, match="exists with other settings"):
        ledger.open_study(dataclasses.replace(terms(seed=2), base="/third"))
    assert ledger.find_study("study").base == "/elsewhere"


def confirmation(terms, search):
    """Return the terms of a confirmation."""
    contract = {"confirms": "0", "finalists": [1]}
    return dataclasses.replace(terms(f"{search.name}.confirm"), contract=contract, confirms=search)


@pytest.mark.parametrize("name", ["study.confirm", ".confirm", "a.confirm-1", "a.confirm.confirm"])
def test_fault_59_the_ledger_makes_no_search_with_the_name_of_a_confirmation(ledger, terms, name):
    """Whoever asks: it would be taken for what confirms another study, and set aside."""
    with pytest.raises(StudyFileError, match=r'name: expected a name that does not end in "\.confirm"'):
        ledger.open_study(terms(name))
    assert ledger.study_names() == []


def test_fault_59_a_search_needs_the_name_of_its_confirmation(ledger, terms, storage, query):
    """A study of Optuna's has it, or a search of an earlier version: refused before there is a study."""
    optuna.create_study(study_name="study.confirm", storage=storage)
    with pytest.raises(ContractError, match=r"'study\.confirm' is in this database but was not made by"):
        ledger.open_study(terms())
    ledger.open_study(terms("old-name"))
    query(ledger, "UPDATE studies SET study_name = 'new.confirm' WHERE study_name = 'old-name'")
    query(ledger, "UPDATE hpsearch_studies SET contract = REPLACE(contract, 'old-name', 'new.confirm')")
    assert ledger.open_study(terms("new.confirm")).name == "new.confirm"  # it is there, so it goes on
    with pytest.raises(ContractError, match=r"'new\.confirm' is in this database and does not confirm 'new'"):
        ledger.open_study(terms("new"))
    assert ledger.study_names() == ["new.confirm"]


def test_fault_59_a_confirmation_sets_no_other_study_aside(ledger, terms, query):
    """A search that has got the name meanwhile keeps it, and its trials."""
    search, other = ledger.open_study(terms()), ledger.open_study(terms("other"))
    query(ledger, "UPDATE studies SET study_name = 'study.confirm' WHERE study_name = 'other'")
    with pytest.raises(
        ContractError, match=r"'study\.confirm' is in this database and does not confirm 'study'"
    ):
        ledger.open_study(confirmation(terms, search))
    assert ledger.find_study("study.confirm").study_id == other.study_id


def test_finding_a_study_says_what_there_is(ledger, terms):
    """None, one and several studies, of which the newest is taken; a name that is nearly right."""
    with pytest.raises(NotFoundError, match=r"expected a study, found none: hpsearch start FILE makes one"):
        ledger.find_study(None)
    ledger.open_study(terms("digits"))
    assert ledger.find_study(None).name == "digits"
    ledger.open_study(terms("wine"))
    assert ledger.find_study(None).name == "wine"
    with pytest.raises(NotFoundError, match=r"there is no study 'digit'; did you mean \"digits\"\?"):
        ledger.find_study("digit")
    with pytest.raises(NotFoundError, match=r"there is no study 'mnist'$"):
        ledger.find_study("mnist")


def test_a_companion_is_no_search(ledger, terms):
    """Confirmations are found by name and never in the way of the only study."""
    search = ledger.open_study(terms())
    ledger.open_study(confirmation(terms, search))
    assert ledger.study_names() == ["study"]
    assert ledger.find_study(None).name == "study"
    assert ledger.find_study("study.confirm").contract["finalists"] == [1]


@pytest.mark.parametrize(
    "name",
    [
        "ü ☃ 試験",
        "u\u0308",  # the same as ü to the eye, and another name
        "\U0001f9ea\U0001f468\u200d\U0001f52c",
        "\u05e9\u05dc\u05d5\u05dd",
        "'; DROP TABLE trials; --",
        "%s %(a)s {x} {0}",
        "../x",
        "=1+1",
        "<script>",
        "a" * 512,
    ],
)
def test_fault_41_any_name_is_a_name(ledger, terms, name):
    """Names go through bound parameters: nothing in them means anything."""
    ledger.open_study(terms(name))
    assert ledger.find_study(None).name == name
    assert ledger.study_names() == [name]


def test_a_delivery_comes_back_as_it_was_set(ledger, study):
    """It is replaced when set again; without an interval or an ensemble too."""
    assert ledger.verdict(study) is None
    ledger.set_verdict(study, VERDICT)
    assert ledger.verdict(study) == VERDICT
    bare = dataclasses.replace(VERDICT, interval=None, ensemble=None)
    ledger.set_verdict(study, bare)
    assert ledger.verdict(study) == bare


def test_the_status_counts_and_knows_the_best(worker, ledger, study):
    """The best is the complete trial of highest value, the first of equals; pruned ones do not compete."""
    empty = ledger.snapshot(study).search
    assert empty == Status(study="study", budget=10, workers=1, created_at=empty.created_at)
    assert (empty.settled, empty.finished) == (0, False)
    claims = worker.claim(0, 1, 2, 3)
    for claim, value in zip(claims[:3], (0.5, 0.75, 0.75), strict=True):
        worker.finish(claim, value=value)
    status = ledger.snapshot(study).search
    assert status.counts == {TrialState.COMPLETE: 3, TrialState.RUNNING: 1}
    assert (status.best_number, status.best_value, status.settled) == (1, 0.75, 3)


def test_a_trial_is_shown_as_people_see_it(worker, ledger, study, space, propose):
    """Parameters by name, curve in order, attempts, seconds from the first claim to the end."""
    (claim,) = worker.claim(0)
    running = ledger.trial(study, 0)
    assert (running.state, running.value, running.seconds) == (TrialState.RUNNING, None, None)
    worker.finish(claim, value=0.5, curve=tuple(i / 16 for i in range(12)))
    row = ledger.trial(study, 0)
    assert (row.number, row.state, row.stage, row.value) == (0, TrialState.COMPLETE, "round 0", 0.5)
    assert row.params == space.external(propose(0)[0].internal)
    assert row.curve == tuple(i / 16 for i in range(12))
    assert (row.attempts, row.reason) == (1, None)
    assert 0 <= row.seconds < 60


def test_a_trial_that_is_not_there_is_not_found(ledger, study):
    """The message says which there can be."""
    with pytest.raises(NotFoundError, match="study 'study' has no trial 10: expected 0 to 9"):
        ledger.trial(study, 10)


def test_a_study_without_trials_has_an_empty_history(ledger, study, space):
    """And reading on from it changes nothing."""
    known = ledger.history(study)
    assert len(known.history) == 0
    assert known.history.internal.shape == History.empty(len(space)).internal.shape
    assert ledger.history(study, known) is known

"""A study taken out of one database and into another: the same study, on every kind of database."""

import json
from dataclasses import replace
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hpsearch.errors import BundleError, ContractError
from hpsearch.search import Proposal, TrialState, Verdict
from hpsearch.store import (
    Control,
    Result,
    StudyDump,
    StudyRecords,
    Terms,
    WorkerIdentity,
    check_database,
    portable_path,
    renamed,
)
from hpsearch.study_file import contract_hash, spec_from_dict, spec_to_dict

STUDY = {
    "name": "study",
    "seed": 1,
    "trials": 40,
    "parallelism": 40,
    "data": {"source": "digits"},
    "model": {"hidden": [4]},
    "space": [
        {"name": "lr", "log": True, "low": 1e-4, "high": 1e-1},
        {"name": "optimizer", "choices": ["sgd", "momentum"]},
        {"name": "momentum", "log": False, "low": 0.5, "high": 0.9, "when": {"optimizer": ["momentum"]}},
    ],
}
SPEC = spec_from_dict(STUDY)
ACCURACY = st.floats(0.0, 1.0)
CURVE = st.lists(ACCURACY, max_size=3).map(tuple)
OUTCOME = st.one_of(
    st.builds(
        lambda value, curve: Result(state=TrialState.COMPLETE, value=value, curve=curve), ACCURACY, CURVE
    ),
    st.builds(
        lambda value, text: Result(state=TrialState.PRUNED, value=value, curve=(value,), reason=text),
        ACCURACY,
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=5),
    ),
    st.just(Result(state=TrialState.FAILED, value=None, reason="its worker died")),
    st.just("running"),
    st.just("released"),
)
VERDICT = Verdict(
    number=0,
    value=0.5,
    params={"lr": 0.1},
    seeds=2,
    mean=0.4,
    interval=(0.3, 0.5),
    test={"accuracy": 0.45},
)


def terms(**changes):
    """Return the terms of the study."""
    spec = replace(SPEC, **changes)
    contract = {"study": spec_to_dict(spec), "data_hash": "0" * 64}
    return Terms(name=spec.name, contract=contract, base="/there", budget=40, parallelism=40)


def fill(ledger, outcomes, **changes):
    """Add a study whose trials end so; return it."""
    study = ledger.open_study(terms(**changes))
    worker = ledger.enlist(study, WorkerIdentity(host="there", process="1@1", pid=1))
    points = np.random.default_rng(len(outcomes)).uniform(size=(len(outcomes), 3))
    proposals = [
        Proposal(number=n, internal=SPEC.space.from_unit(point), stage="random")
        for n, point in enumerate(points)
    ]
    claims = ledger.claim(study, worker_id=worker, proposals=proposals, limit=40)
    pairs = list(zip(claims, outcomes, strict=True))
    ledger.finish([pair for pair in pairs if isinstance(pair[1], Result)])
    ledger.release([claim for claim, outcome in pairs if outcome == "released"])
    return study


def packed(ledger, study):
    """Return a search as it would be read from a file: plain JSON."""

    def take(dump):
        studies = []
        for book in dump.studies:
            lines = [json.dumps(trial) for trial in book.trials()]
            trials = lambda lines=lines: map(json.loads, lines)  # noqa: E731 - read again and again
            studies.append(StudyRecords(head=json.loads(json.dumps(book.head)), trials=trials))
        return StudyDump(studies=studies, fingerprints=dump.fingerprints)

    return ledger.pack(study, take)


def plain(dump, *, settled=False):
    """Return what is in a dump; of what is held, only that somebody holds it."""
    studies = []
    for book in dump.studies:
        trials = list(book.trials())
        for trial in trials:
            for attempt in trial["hpsearch_attempts"]:
                if attempt["open"] and settled:
                    attempt |= {"outcome": "released", "ended_at": None}
        workers = [worker | {"ended_at": None} for worker in book.head["hpsearch_workers"]]
        studies.append((book.head | {"hpsearch_workers": workers}, trials))
    return studies, list(dump.fingerprints)


OUTCOME_AT_HOME = Result(state=TrialState.COMPLETE, value=0.25, curve=(0.25,))


def test_a_study_elsewhere_is_the_study(new_ledger):
    """Whatever became of its trials, and whatever is there already; what was held waits to be taken over."""
    names = (f"study {n}" for n in count())
    with new_ledger() as here, new_ledger() as there:

        @settings(max_examples=5, database=None)
        @given(outcomes=st.lists(OUTCOME, max_size=12))
        def law(outcomes):
            study = fill(here, outcomes, name=next(names))
            here.set_control(study, Control.PAUSE)
            fill(there, [OUTCOME_AT_HOME] * 3, name=next(names))
            dump = packed(here, study)
            assert there.unpack(dump, base="/here")
            found = there.find_study(study.name)
            assert plain(packed(there, found), settled=True) == plain(dump, settled=True)
            assert not there.unpack(dump, base="/here")
            schedule, expected = there.row(found), here.row(study)
            assert schedule.admitted == expected.admitted == len(outcomes)
            assert schedule.orphans == sum(not isinstance(outcome, Result) for outcome in outcomes)
            assert there.snapshot(found).search.counts == here.snapshot(study).search.counts
            assert found.base == "/here"

        law()
        assert check_database(there.database) == []


def test_what_was_held_is_handed_out_again_as_it_was(ledger, new_ledger):
    """A running trial is the second attempt of whoever claims first; it counts as no death."""
    with new_ledger() as there:
        there.unpack(packed(ledger, fill(ledger, ["running", OUTCOME_AT_HOME])), base="/")
        found = there.find_study("study")
        worker = there.enlist(found, WorkerIdentity(host="here", process="2@2", pid=2))
        (claim,) = there.claim(found, worker_id=worker, proposals=[], limit=8)
        assert (claim.number, claim.attempt) == (0, 2)
        there.finish([(claim, OUTCOME_AT_HOME)])
        assert there.snapshot(found).search.settled == 2


def test_trials_that_wait_are_still_asked_for(ledger, new_ledger):
    """What was enqueued and not yet looked at is the next trial elsewhere, too."""
    study = fill(ledger, [OUTCOME_AT_HOME])
    ledger.enqueue(study, {"lr": 0.01, "optimizer": "sgd"})
    with new_ledger() as there:
        there.unpack(packed(ledger, study), base="/")
        found = there.find_study("study")
        assert len(there.row(found).external) == 1
        worker = there.enlist(found, WorkerIdentity(host="here", process="2@2", pid=2))
        (claim,) = there.claim(found, worker_id=worker, proposals=[], limit=8)
        assert (claim.number, claim.attempt, claim.internal[0]) == (1, 1, 0.01)


def test_another_name_is_another_study(ledger):
    """It stands beside the first one, its confirmation beside that, and confirms what it is called now."""
    search = fill(ledger, [OUTCOME_AT_HOME])
    contract = {"confirms": contract_hash(search.contract)}
    ledger.open_study(replace(terms(), name="study.confirm", contract=contract, confirms=search))
    dump = packed(ledger, search)
    assert ledger.unpack(renamed(dump, "anna"), base="/")
    anna = ledger.find_study("anna")
    assert anna.contract["study"]["name"] == "anna"
    companion = ledger.companion(anna)
    assert companion.name == "anna.confirm"
    assert companion.contract["confirms"] == contract_hash(anna.contract)
    assert ledger.snapshot(anna).search.counts == ledger.snapshot(search).search.counts


def test_what_is_further_along_here_stays(ledger, new_ledger):
    """An older copy of a study brings nothing; a newer one is refused and changes nothing."""
    with new_ledger() as there:
        older = packed(there, fill(there, ["running"]))
        ledger.unpack(older, base="/")
        study = ledger.find_study("study")
        worker = ledger.enlist(study, WorkerIdentity(host="here", process="2@2", pid=2))
        ledger.finish(
            [(c, OUTCOME_AT_HOME) for c in ledger.claim(study, worker_id=worker, proposals=[], limit=1)]
        )
        ledger.set_verdict(study, VERDICT)
        assert not ledger.unpack(older, base="/")
        newer = packed(ledger, study)
        with pytest.raises(
            ContractError, match=r"what it found: nothing -> .*1 settled trials are others or m"
        ):
            there.unpack(newer, base="/")
        assert plain(packed(there, there.find_study("study"))) == plain(older)


def test_another_study_of_the_name_is_refused_with_what_differs(ledger, new_ledger):
    """A line for every difference, and what to do."""
    with new_ledger() as there:
        dump = packed(there, fill(there, [OUTCOME_AT_HOME], seed=2))
    fill(ledger, [OUTCOME_AT_HOME])
    with pytest.raises(ContractError, match=r"'study' is here .*study\.seed: 1 -> 2.*\n.*--as NAME"):
        ledger.unpack(dump, base="/")


def _altered(trial):
    return trial | {"trial_values": [{"objective": 0, "value": 0.75, "value_type": "FINITE"}]}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (_altered, "study 'forged': expected trials of fingerprint .*, found others"),
        (lambda trial: trial | {"number": "0"}, "trials.number: expected int, found '0'"),
        (lambda trial: trial | {"colour": 1}, "trials: expected one of .*, found 'colour'"),
    ],
)
def test_records_that_are_not_the_study_leave_nothing(ledger, change, problem):
    """They are refused in the transaction that has begun to write them."""
    dump = packed(ledger, fill(ledger, [OUTCOME_AT_HOME]))
    (book,) = renamed(dump, "forged").studies
    forged = replace(dump, studies=[replace(book, trials=lambda: map(change, book.trials()))])
    with pytest.raises(BundleError, match=problem):
        ledger.unpack(forged, base="/")
    assert ledger.study_names() == ["study"]


@pytest.mark.parametrize(
    ("source", "portable"),
    [
        ("digits", "digits"),
        ("table.csv", "table.csv"),
        ("data/table.csv", "data/table.csv"),
        ("/home/anna/table.csv", "table.csv"),
        ("../table.csv", "table.csv"),
        ("data/../../table.csv", "table.csv"),
        ("C:\\data\\table.csv", "table.csv"),
        ("\\\\host\\share\\table.csv", "table.csv"),
        ("..\\table.csv", "table.csv"),
    ],
)
def test_a_path_stays_in_its_folder(source, portable):
    """A path that leads elsewhere, on any system, becomes the name of the file."""
    assert portable_path(source) == portable


def test_a_path_of_one_machine_does_not_travel(ledger):
    """The contract that travels names the file alone, and coming back it is still the same study."""
    data = replace(SPEC.data, source="/home/anna/table.csv", target="y")
    study = fill(ledger, [OUTCOME_AT_HOME], data=data)
    dump = packed(ledger, study)
    assert dump.source == "table.csv"
    assert "/home" not in json.dumps([book.head for book in dump.studies])
    assert not ledger.unpack(dump, base="/")

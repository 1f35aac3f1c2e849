"""From Python: an iterator of epochs, each intervention a row of the ledger, and the same bits again."""

import itertools

import numpy as np
import pytest

import hpsearch
from hpsearch.api import check_study
from hpsearch.errors import NotFoundError
from hpsearch.nn import SettingError
from hpsearch.nursing import InterventionError, begun, replay_nursings, save_nursed
from hpsearch.report.numbers.nursings import nursings_of, stored_fingerprint
from hpsearch.store import (
    NursingState,
    StaleNursingError,
    WorkerIdentity,
)
from hpsearch.study_file import read_study
from hpsearch.worker import search_terms

TRAINED = 3
"""Epochs of a trial of the study."""


def kinds(nursing):
    """Return the epochs and kinds of interventions."""
    return [(one.epoch, str(one.kind)) for one in nursing.interventions]


def nursed(url, **more):
    """Nurse the winner with three interventions, a rewind and a branch; return the nursing at its end."""
    nursing = hpsearch.nurse("small", storage=url, epochs=12, **more)
    for epoch in nursing:
        if epoch.epoch == 6 and epoch.part == 0:
            nursing.set(lr="x0.5", reason="it shakes")
            nursing.set(dropout=0.1, weight_decay=1e-4)
        if epoch.epoch == 8 and epoch.part == 0:
            nursing.rewind(5, reason="worse")
        if epoch.epoch == 7 and epoch.part == 1:
            nursing.branch()
            nursing.set(lr=1e-3)
    return nursing


def test_a_nursing_goes_on_with_the_winner_and_replays(url, ledger, study):
    """It begins where the trial ended, its first epochs are the trial's, and a replay finds no difference."""
    nursing = nursed(url)
    assert (nursing.row.plan.trial, nursing.row.plan.first_epoch) == (1, TRAINED)
    stored = ledger.history(study).history
    values = [point.value for point in nursing.curve]
    assert values[:TRAINED] == stored.curves[1][:TRAINED].tolist()
    assert nursing.state is NursingState.COMPLETE
    assert [point.epoch for point in nursing.curve] == list(range(1, 13))
    assert kinds(nursing) == [(6, "set"), (6, "set"), (8, "rewind"), (7, "branch"), (7, "set")]
    assert ledger.interventions(study, 0) == nursing.interventions
    assert ledger.nursed_epochs(study, 0) == nursing.history
    assert [row.parent for row in ledger.nursings(study)] == [None, 0]
    found = replay_nursings(ledger, study)
    assert [one.first for one in found] == ["", ""]
    assert found[0].fingerprint == nursing.fingerprint == stored_fingerprint(ledger, study, 0)


def test_a_branch_goes_on_by_itself(url, ledger, study):
    """It has the settings and the weights of its parent at that moment, and may go back behind it."""
    parent = nursed(url)
    with hpsearch.nurse("small", nursing=1, storage=url) as branch:
        assert (branch.epoch, branch.origin) == (7, "a branch of nursing 0")
        first = next(branch)
        assert branch.config.lr != parent.config.lr
        assert first.epoch == 8
        branch.rewind(4)
        assert branch.epoch == 4
        assert next(branch).epoch == 5
    assert [one.first for one in replay_nursings(ledger, study)] == ["", ""]
    assert branch.state is NursingState.OPEN


def test_a_script_does_what_a_loop_does(url, ledger, study):
    """The same interventions, given before, make the same training."""
    script = [
        (6, "lr x0.5 # it shakes"), (6, "dropout=0.1 weight_decay=1e-4"), (8, "rewind 5"), (7, "branch"),
        (7, "lr 1e-3"),
    ]  # fmt: skip
    scripted = hpsearch.nurse("small", storage=url, epochs=12, script=script)
    assert len(list(scripted)) == (8 - TRAINED) + (12 - 5)
    assert scripted.fingerprint == nursed(url).fingerprint
    assert [row.number for row in ledger.nursings(study)] == [0, 1, 2, 3]


def test_what_was_left_goes_on_where_it_stood(url, ledger, study):
    """The same arguments find it; a nursing that has ended begins anew under another number."""
    with hpsearch.nurse("small", 0, epochs=9, storage=url) as first:
        list(itertools.islice(first, 2))
        first.set(lr=1e-3)
    with hpsearch.nurse("small", 0, epochs=9, storage=url) as second:
        assert (second.number, second.epoch, second.config.lr) == (0, TRAINED + 2, 1e-3)
        assert second.history == first.history
        list(second)
    assert second.state is NursingState.COMPLETE
    with hpsearch.nurse("small", 0, epochs=9, storage=url) as third:
        assert third.number == 1
        third.stop(reason="enough")
    assert ledger.nursing(study, 1).state is NursingState.STOPPED
    with hpsearch.nurse("small", nursing=0, epochs=11, storage=url) as fourth:
        assert [epoch.epoch for epoch in fourth] == [10, 11]


def test_a_new_training_begins_with_the_declared_defaults(url):
    """From epoch 0 on; each has a seed of its own."""
    found = []
    for number in range(2):
        with hpsearch.nurse("small", new=True, epochs=2, storage=url) as nursing:
            assert (nursing.number, nursing.epoch, nursing.row.plan.trial) == (number, 0, None)
            assert nursing.config.lr == 1e-3
            found.append([epoch.digest for epoch in nursing])
    assert found[0] != found[1]
    assert nursing.origin == "the declared defaults"


@pytest.mark.parametrize(
    ("objective", "message"),
    [
        (
            'call = "code.py:score"',
            "study 'other' tries a function: expected a study of hpsearch's own networks",
        ),
        ('command = ["./run", "{x}"]', "study 'other' tries a command: expected a study of hpsearch's own"),
    ],
    ids=["call", "command"],
)
def test_a_study_without_networks_is_refused(ledger, tmp_path, objective, message):
    """Hpsearch cannot steer what it does not train; the code is not run, so it needs no permission."""
    path = tmp_path / "other.toml"
    path.write_text(
        f'name = "other"\ntrials = 4\n[objective]\n{objective}\n[space]\nx = {{ low = 0.0, high = 1.0 }}\n'
    )
    study = ledger.open_study(search_terms(check_study(read_study(path)), code={}))
    with pytest.raises(InterventionError, match=message):
        begun(ledger, study)


def test_an_epoch_that_diverges_ends_the_loop_unless_something_is_done(url, ledger, study):
    """The epoch is handed out, so that the loop may go back."""
    nursing = hpsearch.nurse("small", 0, epochs=9, storage=url, script=[(5, "lr 1e30")])
    for epoch in nursing:
        if epoch.diverged and epoch.part == 0:
            nursing.rewind(4, reason="that was too much")
    assert nursing.state is NursingState.COMPLETE
    lost = hpsearch.nurse("small", 1, epochs=9, storage=url, script=[(5, "lr 1e30")])
    assert [epoch.diverged for epoch in lost] == [False, False, True]
    assert lost.state is NursingState.DIVERGED
    again = hpsearch.nurse("small", nursing=1, storage=url, script=[(5, "rewind 4"), (4, "lr x0.5")])
    assert [epoch.epoch for epoch in again] == [5, 6, 7, 8, 9]
    assert again.state is NursingState.COMPLETE
    assert [one.first for one in replay_nursings(ledger, study)] == ["", ""]


def test_the_network_of_any_epoch_is_saved(url, ledger, study, tmp_path):
    """The file predicts what the network at that epoch predicted."""
    nursing = hpsearch.nurse("small", 0, epochs=8, storage=url)
    networks = {epoch.epoch: nursing.network() for epoch in nursing}
    for epoch in (5, 8):
        path = tmp_path / f"{epoch}.safetensors"
        point = save_nursed(ledger, study, 0, path, epoch=epoch)
        saved = hpsearch.load_model(path)
        assert np.array_equal(saved.networks[0].parameters, networks[epoch].parameters)
        assert saved.metrics == {"validation_accuracy": point.value}
        assert np.array_equal(nursing.network(epoch).parameters, networks[epoch].parameters)
    with pytest.raises(
        InterventionError, match="--epoch: expected an epoch from 1 to 8 of nursing 0, found 9"
    ):
        save_nursed(ledger, study, 0, tmp_path / "no.safetensors", epoch=9)


def test_numbers_of_nursings_tell_their_parts(url, ledger, study):
    """What was trained before a rewind stays; the way that led to the end is what counts."""
    nursing = nursed(url)
    found, branch = nursings_of(ledger, study)
    assert [[point.epoch for point in part] for part in found.parts] == [[*range(1, 9)], [*range(6, 13)]]
    assert (found.epoch, found.value, found.best) == (12, nursing.curve[-1].value, nursing.best)
    assert (branch.epoch, branch.parts, branch.origin) == (7, [], "a branch of nursing 0")


def test_only_one_process_writes(url, ledger, study):
    """A second one is refused while the first lives; once it has taken over, the first writes no more."""
    nursing = hpsearch.nurse("small", 0, epochs=9, storage=url)
    me = ledger.nursing(study, 0)
    other = WorkerIdentity(host=me.host, process="1@1", pid=1)
    with pytest.raises(StaleNursingError, match=r"process \d+ is at work on it; let it end first"):
        ledger.take_nursing(study, 0, other)
    with pytest.raises(StaleNursingError, match="is at work on it"):
        ledger.open_nursing(study, me.plan, other)
    ledger.take_nursing(study, 0, WorkerIdentity(host="elsewhere", process="1@1", pid=1))
    with pytest.raises(StaleNursingError, match="taken over elsewhere: nothing more is written from here"):
        nursing.set(lr=1e-3)
    assert ledger.interventions(study, 0) == []


def test_a_nursing_that_was_changed_by_hand_is_not_gone_on_with(url, ledger, study):
    """What is computed again is held against what is stored; so does a replay."""
    with hpsearch.nurse("small", 0, epochs=9, storage=url) as nursing:
        next(nursing)
    sql = "UPDATE hpsearch_nursed_epochs SET loss = loss * (1 + 1e-12) WHERE epoch = 2"
    ledger.database.write(lambda c: c.exec_driver_sql(sql))
    with pytest.raises(StaleNursingError, match="epoch 2 comes out otherwise than before"):
        hpsearch.nurse("small", 0, epochs=9, storage=url)
    (found,) = replay_nursings(ledger, study)
    assert found.first.startswith("epoch 2: loss ")
    assert found.fingerprint != found.stored


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"trial": 99}, NotFoundError, "study 'small' has no trial 99"),
        ({"nursing": 0}, NotFoundError, "study 'small' has no nursing 0; it has none"),
        ({"trial": 1, "new": True}, InterventionError, "expected one of a trial, --new and --nursing"),
        ({"trial": 1, "epochs": 3}, InterventionError, "--epochs: expected more than 3, .* found 3"),
        ({"trial": 1, "script": [(2, "stop")]}, InterventionError, "--at 2: expected an epoch from 3 to 6"),
        ({"trial": 1, "script": [(4, "hidden 3")]}, SettingError, "hidden, which holds for a whole training"),
    ],
    ids=["trial", "nursing", "two", "epochs", "script", "setting"],
)
def test_what_cannot_begin_is_refused(  # noqa: PLR0917 - parameters
    url, ledger, study, arguments, error, message
):
    """Nothing is written then."""
    with pytest.raises(error, match=message):
        hpsearch.nurse("small", storage=url, **arguments)
    assert ledger.nursings(study) == []


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({}, InterventionError, "expected at least one setting"),
        ({"lr": "xx"}, SettingError, "lr: expected a number from 0 such as 3e-4, or a factor"),
        ({"lr": "fast"}, SettingError, "lr: expected a number above 0, found 'fast'"),
        ({"epochs": 3}, SettingError, "epochs, which holds for a whole training"),
        ({"lr": 0.1, "reason": "\ud800"}, InterventionError, "expected a reason that is a text in UTF-8"),
    ],
    ids=["none", "factor", "word", "epochs", "reason"],
)
def test_what_cannot_be_set_leaves_no_row(url, settings, error, message):
    """The training goes on as before."""
    with hpsearch.nurse("small", storage=url) as nursing:
        with pytest.raises(error, match=message):
            nursing.set(**settings)
        with pytest.raises(InterventionError, match=r"rewind: expected an epoch from 0 to 3, .*found 4"):
            nursing.rewind(4)
        assert nursing.interventions == []
        assert next(nursing).epoch == TRAINED + 1


def test_an_ended_nursing_takes_no_intervention(url):
    """The message says how it goes on."""
    nursing = hpsearch.nurse("small", storage=url)
    list(nursing)
    with pytest.raises(
        InterventionError, match="has ended here; go on with it: hpsearch nurse --nursing 0 --study small"
    ):
        nursing.set(lr=1e-3)
    assert nursing.network().predict(np.zeros((1, 64))).shape == (1,)

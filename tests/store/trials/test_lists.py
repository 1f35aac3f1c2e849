"""Choices of lists in the ledger: a plain study of Optuna, in which a list is its text."""

import json

import optuna
import pytest
from optuna.distributions import CategoricalDistribution

from hpsearch.errors import StudyFileError
from hpsearch.search import Proposal, Stage
from hpsearch.space import ChoiceParameter, Condition, FloatParameter, Space, parse_point
from tests.store.databases import long_on_postgresql

LAYERS = Space(
    (
        ChoiceParameter(name="hidden", choices=((64,), (64, 64), ())),
        FloatParameter(name="dropout", low=0.0, high=0.5),
    ),
    (Condition(name="dropout", on="hidden", among=((64,), (64, 64))),),
)
TEXTS = ("[64]", "[64, 64]", "[]")
WISHES = [{"hidden": [64, 64]}, {"hidden": (64, 64)}, {"hidden": "[64, 64]"}, {"hidden": "[64,64]"}]


@pytest.fixture
def study(ledger, terms):
    """Return a study of 10 trials that searches layers."""
    return ledger.open_study(terms(space=LAYERS))


@pytest.fixture
def theirs(study, storage):
    """Return the study as Optuna sees it."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna.load_study(study_name=study.name, storage=storage)


@pytest.fixture
def proposal():
    """Return a proposal for number 0."""
    internal = LAYERS.internal({"hidden": (64,), "dropout": 0.25})
    return Proposal(number=0, internal=internal, stage="round 0")


@long_on_postgresql
def test_optuna_finds_texts_where_we_find_lists(worker, ledger, study, theirs, proposal):
    """The distribution and the value of a trial are what Optuna itself would have written."""
    ledger.claim(study, worker_id=worker.worker_id, proposals=[proposal], limit=1)
    (trial,) = theirs.trials
    assert trial.params == {"hidden": "[64]", "dropout": 0.25}
    assert trial.distributions["hidden"] == CategoricalDistribution(TEXTS)
    assert ledger.trial(study, 0).params == {"hidden": (64,), "dropout": 0.25}
    assert [row.params for row in ledger.rows(study)] == [{"hidden": (64,), "dropout": 0.25}]
    asked = theirs.ask()
    assert asked.suggest_categorical("hidden", TEXTS) in TEXTS


@pytest.mark.parametrize("through", ["the ledger", "optuna"])
@pytest.mark.parametrize("wish", WISHES, ids=str)
@long_on_postgresql
def test_a_list_is_enqueued_in_any_of_its_forms(worker, ledger, study, theirs, proposal, through, wish):  # noqa: PLR0917
    """The ledger writes the text, which Optuna can hand out, too; what Optuna was given is read as it is."""
    if through == "optuna":
        theirs.enqueue_trial({name: list(v) if isinstance(v, tuple) else v for name, v in wish.items()})
    else:
        ledger.enqueue(study, wish)
        assert theirs.trials[0].system_attrs["fixed_params"] == {"hidden": "[64, 64]"}
    (claim,) = ledger.claim(study, worker_id=worker.worker_id, proposals=[proposal], limit=1)
    assert LAYERS.external(claim.internal) == {"hidden": (64, 64), "dropout": 0.25}
    assert ledger.trial(study, 0).stage == Stage.ENQUEUED


@long_on_postgresql
def test_a_list_that_is_no_choice_is_refused(worker, ledger, study, theirs):
    """By the ledger at once, with the choices; through Optuna the trial fails and says why."""
    expected = r"hidden: expected one of \[64\], \[64, 64\], \[\], found \[32\]"
    with pytest.raises(StudyFileError, match=rf"^{expected}$"):
        ledger.enqueue(study, {"hidden": [32]})
    with pytest.raises(StudyFileError, match=r"^dropout: expected hidden = \[64\] or \[64, 64\] beside it"):
        ledger.enqueue(study, {"hidden": [], "dropout": 0.1})
    theirs.enqueue_trial({"hidden": json.loads("[32]")})
    assert ledger.claim(study, worker_id=worker.worker_id, proposals=[], limit=1) == []
    assert "expected one of [64], [64, 64], []" in theirs.trials[0].user_attrs["reason"]


def test_a_typed_list_replaces_the_list_of_another_trial():
    """What was like another trial loses the rate that no hidden layer reads."""
    like = {"hidden": (64, 64), "dropout": 0.25}
    assert parse_point(LAYERS, {"hidden": "[64]"}, like=like) == {"hidden": (64,), "dropout": 0.25}
    assert parse_point(LAYERS, {"hidden": "[]"}, like=like) == {"hidden": ()}
    with pytest.raises(StudyFileError, match=r'^hidden: expected one of \[64\], .*, found "64"$'):
        parse_point(LAYERS, {"hidden": "64"}, like=like)

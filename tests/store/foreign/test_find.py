"""Studies that Optuna alone has made are found by those who read, and by no one who writes."""

import optuna
import pytest
import sqlalchemy as sa

from hpsearch.errors import ForeignStudyError, NoDatabaseError, NotFoundError, StorageError
from hpsearch.space import ChoiceParameter, FloatParameter, IntParameter
from hpsearch.store import Ledger, Maker
from tests.machine.foreign_studies import TITLE, make_theirs, optuna_storage


def test_its_space_is_what_its_trials_were_given(theirs):
    """Ranges, scales and choices; a condition where every trial shows it; texts for mixed choices."""
    space = theirs.find_study("theirs").space
    assert list(space) == [
        FloatParameter(name="lr", low=1e-5, high=1e-1, log=True),
        ChoiceParameter(name="model", choices=("svm", "forest")),
        ChoiceParameter(name="depth", choices=("None", "3", "deep")),
        IntParameter(name="units", low=8, high=64),
        FloatParameter(name="drop", low=0.0, high=0.5),
        ChoiceParameter(name="alpha", choices=(2.0,)),
        FloatParameter(name="C", low=0.5, high=30.0),
    ]
    assert [str(condition) for condition in space.conditions] == ['model = "svm"']


def test_its_value_has_the_name_and_the_direction_that_optuna_has(theirs):
    """Without a name it is a value, and without a direction less is better."""
    measure = theirs.find_study("theirs").spec.metric
    assert (measure.title, measure.maximize) == (TITLE, True)
    measure = theirs.find_study("new").spec.metric
    assert (measure.title, measure.maximize) == ("value", False)


def test_a_study_without_trials_has_an_empty_space(theirs):
    """There is nothing to say of it, and nothing fails."""
    study = theirs.find_study("new")
    assert (len(study.space), study.budget, study.created_at) == (0, 0, 0.0)
    assert len(theirs.history(study).history) == 0


def test_a_study_is_found_only_by_those_who_read(theirs_url, theirs):
    """What claims, pauses or enqueues never meets a study that has no contract."""
    assert theirs.study_names() == ["theirs", "new", "pareto"]
    assert theirs.find_study("theirs").maker is Maker.OPTUNA
    with pytest.raises(NoDatabaseError, match="there are no tables of hpsearch"):
        Ledger(theirs_url)
    with pytest.raises(NoDatabaseError, match="there are no tables of hpsearch"):
        theirs.forget_deleted()
    with pytest.raises(ForeignStudyError, match="'theirs' was made by Optuna alone"):
        theirs.digests(theirs.find_study("theirs"))


def test_a_name_that_is_not_there_is_refused(theirs):
    """A near one is named; without a name it is the newest study."""
    with pytest.raises(NotFoundError, match=r"no study 'their'; did you mean \"theirs\"\?"):
        theirs.find_study("their")
    assert theirs.find_study(None).name == "pareto"


def test_both_kinds_live_in_one_database(url, ledger, study, storage):
    """The only study of hpsearch's needs no name beside others; each is read as what it is."""
    make_theirs(storage, n_trials=2)
    reading = Ledger(url, foreign=True)
    try:
        assert reading.study_names() == ["study", "theirs"]
        assert reading.find_study(None) == study
        assert [one.maker for one in reading.overview()] == [Maker.HPSEARCH, Maker.OPTUNA]
        assert [one.study for one in ledger.overview()] == ["study"]
        with pytest.raises(NotFoundError, match="'theirs', which Optuna alone has made"):
            ledger.find_study("theirs")
    finally:
        reading.close()


def test_the_first_study_of_hpsearch_is_seen_by_a_dashboard_that_is_open(theirs_url, theirs, terms):
    """It came to a database of Optuna's alone: the tables beside Optuna's are new."""
    ledger = Ledger(theirs_url, create=True)
    ledger.open_study(terms("mine"))
    ledger.close()
    assert theirs.find_study("mine").maker is Maker.HPSEARCH
    assert theirs.study_names() == ["mine", "theirs", "new", "pareto"]


@pytest.mark.parametrize(
    ("revision", "words"),
    [
        ("v3.0.0.d", "an older Optuna made it: upgrade a copy with: optuna storage upgrade --storage"),
        ("v9.0.0.a", "this hpsearch does not know it: update hpsearch"),
        ("0123456789ab", "another program's"),
    ],
)
def test_a_schema_that_is_not_known_is_refused(theirs_url, revision, words):
    """The message says what to do."""
    engine = sa.create_engine(theirs_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :new"), {"new": revision})
    with pytest.raises(StorageError, match=f"expected Optuna's schema v3.2.0.a, found {revision}; .*{words}"):
        Ledger(theirs_url, foreign=True)


def test_a_distribution_that_is_none_is_named(theirs_url, theirs):
    """Another program has written it: the study is named, and others are read."""
    engine = sa.create_engine(theirs_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE trial_params SET distribution_json = '[]' WHERE param_name = 'C'"))
    with pytest.raises(StorageError, match="study 'theirs': expected rows as Optuna writes them"):
        theirs.find_study("theirs")
    assert theirs.find_study("new").budget == 0


def test_names_and_choices_that_no_study_file_has(empty_url):
    """They are shown escaped and told apart; nothing is lost."""
    choices = (True, 1, 1.5, "1", "", "a\nb", float("inf"))
    with optuna_storage(empty_url) as storage:
        study = optuna.create_study(storage=storage, study_name="odd\x1b[31m")
        for value in choices:
            study.enqueue_trial({"c\x07": value})
        study.optimize(lambda trial: len(str(trial.suggest_categorical("c\x07", choices))), len(choices))
        study.optimize(lambda trial: trial.suggest_int("c\\x07", 0, 10**18), 1)
    ledger = Ledger(empty_url, foreign=True)
    try:
        found = ledger.find_study(None)
        assert found.space.names == ("c\\x07", "c\\x07 (2)")
        first = found.space.parameters[0].choices
        assert first == ("True", "1", "1.5", "1 (2)", "''", "a b", "inf")
        assert [ledger.trial(found, n).params["c\\x07"] for n in range(7)] == list(choices)
    finally:
        ledger.close()

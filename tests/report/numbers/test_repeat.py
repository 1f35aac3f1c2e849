"""The study file of a report: what it needs beside it, what it cannot repeat, and what stays private."""

import dataclasses
import tomllib

import pytest

from hpsearch.report.numbers.repeat import study_file_of
from hpsearch.search import Stopped, StopRule, TrialState
from hpsearch.store import Ledger, Status
from tests.report import made

TABLE = made.TEXT.replace('source = "digits"', 'source = "SOURCE"\ntarget = "kind"')
BY_HAND = "enqueued by hand, and no study file holds such trials."
DONE = Status(study="made", budget=40, counts={TrialState.COMPLETE: 40})


@pytest.fixture
def filed(tmp_path):
    """Return a function that gives the study file of a study that is made from a text."""
    with_ledger = Ledger(f"sqlite:///{tmp_path}/made.db", create=True)

    def filed(text=made.TEXT, *, status=DONE, stages=(), anonymous=False, **study):
        found = made.make_study(with_ledger, made.study_spec(tmp_path, text), n_trials=0)
        found = dataclasses.replace(found, **{key: {**found.contract, **more} for key, more in study.items()})
        return study_file_of(found, status, stages=stages, anonymous=anonymous)

    yield filed
    with_ledger.close()


def test_a_study_of_built_in_data_needs_nothing(filed):
    """Two commands, one database of their own, no limit."""
    file = filed()
    assert (file.name, file.needs, file.limits) == ("made.toml", (), ())
    assert [step.command for step in file.steps] == [
        "hpsearch start made.toml --storage sqlite:///again.db",
        "hpsearch fingerprint --study made --storage sqlite:///again.db",
    ]
    assert file.text.startswith("# The study file as hpsearch stored it: every setting is written out.\n")


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("data/table.csv", "data/table.csv"),
        ("/home/anna berg/my table.csv", "my table.csv"),
        ("C:\\\\Users\\\\anna\\\\table.csv", "table.csv"),
    ],
)
def test_an_anonymous_file_names_no_folder(filed, source, shown):
    """A path inside the folder of the study file stays; an absolute one is cut to the name of its file."""
    text = TABLE.replace("SOURCE", source)
    open_, closed = (filed(text, anonymous=anonymous) for anonymous in (False, True))
    found = [tomllib.loads(file.text)["data"]["source"] for file in (open_, closed)]
    assert found == [source.replace("\\\\", "\\"), shown]
    assert closed.needs == (shown,)


def test_the_code_of_a_study_is_needed(filed):
    """Every file whose hash the contract holds must lie beside the study file."""
    assert filed(contract={"code": {"train.py": "a", "net.py": "b"}}).needs == ("net.py", "train.py")


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (
            {"stages": ("round 0", "enqueued")},
            f"1 trial was {BY_HAND}",
        ),
        (
            {"stages": ("enqueued",) * 3},
            f"3 trials were {BY_HAND}",
        ),
        (
            {"status": dataclasses.replace(DONE, stopped=Stopped(rule=StopRule.HOURS, number=40, text=""))},
            "A clock has ended the study.",
        ),
    ],
    ids=["one", "three", "hours"],
)
def test_a_file_says_what_it_cannot_repeat(filed, more, reason):
    """And that a bundle holds everything."""
    bundle = "hpsearch export bundle --study made writes everything into one file."
    assert filed(**more).limits == (reason, bundle)


def test_an_unfinished_study_has_no_bundle_to_offer(filed):
    """Its results are not all there yet."""
    under_way = dataclasses.replace(DONE, counts={TrialState.COMPLETE: 4})
    assert filed(status=under_way).limits == ("The study is not finished.",)

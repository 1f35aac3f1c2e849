"""Interventions as they are typed: what is meant, and what is refused with what to type instead."""

import pytest

from hpsearch.nn import MLPConfig, SettingError
from hpsearch.nursing.requests import InterventionError, ScriptLine, expect_script, read_request
from hpsearch.store import InterventionKind

CONFIG = MLPConfig(lr=0.01, dropout=0.2, optimizer="momentum")


@pytest.mark.parametrize(
    ("text", "kind", "settings", "reason"),
    [
        ("lr 3e-4", "set", {"lr": 3e-4}, ""),
        ("lr=3e-4", "set", {"lr": 3e-4}, ""),
        ("lr x0.5", "set", {"lr": 0.005}, ""),
        ("  lr=x2 dropout=0.1  # it shakes", "set", {"lr": 0.02, "dropout": 0.1}, "it shakes"),
        ("momentum x0.5", "set", {"momentum": 0.45}, ""),
        ("schedule cosine", "set", {"schedule": "cosine"}, ""),
        ("weight_decay 0", "set", {"weight_decay": 0.0}, ""),
        ("rewind 5", "rewind", {"to": 5}, ""),
        ("rewind=5 # too far", "rewind", {"to": 5}, "too far"),
        ("branch", "branch", {}, ""),
        ("pause", "pause", {}, ""),
        ("stop # enough", "stop", {}, "enough"),
    ],
)
def test_a_line_is_an_intervention(text, kind, settings, reason):
    """Blank or ``=``, one setting or several, a value or a factor, a reason or none."""
    request = read_request(text)
    assert (request.kind, request.reason) == (InterventionKind(kind), reason)
    assert request.resolved(CONFIG) == settings


@pytest.mark.parametrize("text", ["lr=x0.5  # why", "rewind 5", "stop"])
def test_a_line_of_a_script_comes_back_from_json(text):
    """The ledger stores scripts as JSON."""
    line = ScriptLine(at=3, request=read_request(text))
    assert ScriptLine.from_json(line.to_json()) == line


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("", InterventionError, "expected SETTING VALUE .* rewind EPOCH, branch, pause or stop, found ''"),
        ("# why", InterventionError, "expected SETTING VALUE"),
        ("lrr 3", InterventionError, "found 'lrr 3'; did you mean \"lr\""),
        ("branhc", InterventionError, 'did you mean "branch"'),
        ("lr", InterventionError, "expected a value after each setting, such as lr 3e-4, found 'lr'"),
        (
            "lr high",
            SettingError,
            "lr: expected a number from 0 such as 3e-4, or a factor such as x0.5, found",
        ),
        ("lr nan", SettingError, "lr: expected a number"),
        ("lr xx", SettingError, "lr: expected a number"),
        ("lr 1_0", SettingError, "lr: expected a number"),
        ("lr -1", SettingError, "lr: expected a number"),
        ("hidden 64", SettingError, "expected a setting that can change between two epochs .*found hidden"),
        ("lr 1 hidden 64", SettingError, "expected a setting that can change between two epochs"),
        ("rewind", InterventionError, "expected rewind EPOCH, such as rewind 5, found 'rewind'"),
        ("rewind x", InterventionError, "expected rewind EPOCH"),
        ("rewind 5 6", InterventionError, "expected rewind EPOCH"),
        ("stop now", InterventionError, "expected stop alone, found 'stop now'; a reason follows #"),
    ],
)
def test_what_is_no_intervention_is_refused(text, error, message):
    """The message says what may be typed."""
    with pytest.raises(error, match=message):
        read_request(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lr 0", "lr: expected a number above 0, found 0.0"),
        ("lr x0", "lr: expected a number above 0, found 0.0"),
        ("dropout x9", r"dropout: expected a number in \[0, 1\), found 1.8"),
        ("schedule sloping", 'schedule: expected one of .*, found "sloping"'),
        ("schedule manual", "schedule: expected schedule_rates"),
    ],
)
def test_a_value_that_cannot_be_is_refused_where_it_would_hold(text, message):
    """A factor is judged by what it makes of the present value."""
    with pytest.raises(SettingError, match=message):
        read_request(text).resolved(CONFIG)


def script(*lines):
    """Return a script of pairs."""
    return [ScriptLine(at=at, request=read_request(text)) for at, text in lines]


def test_a_script_may_go_back_and_come_by_again():
    """After a rewind the epochs before it come again."""
    expect_script(script((6, "lr x2"), (10, "rewind 3"), (5, "lr x2"), (20, "branch")), begin=4, epochs=20)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([(3, "lr x2")], "--at 3: expected an epoch from 4 to 20.*rewind first: --at 4 rewind=3"),
        ([(9, "lr x2"), (8, "lr x2")], "--at 8: expected an epoch from 9 to 20"),
        ([(21, "stop")], "--at 21: expected an epoch from 4 to 20, the last one; --epochs gives it more"),
        ([(9, "rewind 10")], "rewind: expected an epoch from 0 to 9, which is now, found 10"),
    ],
)
def test_a_line_that_would_never_be_reached_is_refused(lines, message):
    """Before anything is trained."""
    with pytest.raises(InterventionError, match=message):
        expect_script(script(*lines), begin=4, epochs=20)

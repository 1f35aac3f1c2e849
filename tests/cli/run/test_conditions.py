"""Conditional parameters at the command line: checked, shown, asked for."""

import json
import sqlite3
from contextlib import closing

import pytest

from tests.cli.program import rows

STUDY = """
trials = {trials}
parallelism = 1
[data]
source = "wine"
[model]
hidden = [4]
epochs = 1
[space]
optimizer = {{ choices = ["sgd", "momentum"] }}
momentum = {{ low = 0.5, high = 0.9, when = {{ optimizer = "momentum" }} }}
lr = {{ low = 1e-3, high = 1e-1, log = true }}
[search]
rounds = [6]
[confirm]
top = 0
"""


def test_check_shows_conditions_where_errors_speak_of_them(program):
    """The path of the line is the key path of a refusal; JSON holds what the contract holds."""
    program.write("forked.toml", STUDY.format(trials=6))
    assert "study.space.momentum.when.optimizer = ['momentum']\n" in program.run("check", "forked.toml").out
    space = json.loads(program.run("check", "forked.toml", "--json").out)["study"]["space"]
    assert space[1]["when"] == {"optimizer": ["momentum"]}
    program.write("bad.toml", STUDY.format(trials=6).replace('"momentum" } }', '"momentun" } }'))
    run = program.run("check", "bad.toml")
    assert run.code == 2
    assert "bad.toml:11: space.momentum.when.optimizer: expected one of" in run.err
    assert run.err.endswith('found "momentun"; did you mean "momentum"?\n')


@pytest.mark.long
def test_a_trial_like_another_loses_what_it_may_not_keep(program):
    """Another optimizer for a trial with momentum: no momentum; momentum without its optimizer is refused."""
    program.write("forked.toml", STUDY.format(trials=6))
    assert program.run("start", "forked.toml", "--workers", 1).code == 0
    database = program.folder / "hpsearch.db"
    query = "SELECT number FROM trials JOIN trial_params USING (trial_id) WHERE param_name = 'momentum'"
    like = rows(database, query)[0][0]
    refused = program.run("enqueue", "momentum=0.8")
    message = 'hpsearch: momentum: expected optimizer = "momentum" beside it, found nothing\n'
    assert (refused.code, refused.err) == (2, message)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE hpsearch_studies SET budget = 8")  # room to ask before a worker comes
    assert program.run("enqueue", "--like", like, "optimizer=sgd").out == "6\n"
    assert program.run("enqueue", "--like", like, "momentum=0.8").out == "7\n"
    assert program.run("start", "forked.toml", "--trials", 8, "--workers", 1).code == 0
    original, without, other = (
        json.loads(program.run("show", n, "--json").out)["params"] for n in (like, 6, 7)
    )
    assert without == {"optimizer": "sgd", "lr": original["lr"]}
    assert other == {**original, "momentum": 0.8}

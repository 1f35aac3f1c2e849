"""``replay`` and ``explain``: a study is what its contract says, and can tell why."""

import json
import re
import sqlite3
from contextlib import closing

import pytest


def change(database, sql):
    """Change something in a database by hand."""
    with closing(sqlite3.connect(database)) as connection, connection:
        assert connection.execute(sql).rowcount == 1


TRIAL_9 = "(SELECT trial_id FROM trials JOIN studies USING (study_id) WHERE number = 9 AND study_name = '{}')"


def test_a_study_computed_again_is_the_same(program, finished):
    """Every proposal and every training, the confirmation's too, to the last bit."""
    finished.copy_to(program.folder)
    run = program.run("replay", "--train")
    assert (run.code, run.out) == (
        0,
        "small: 46 proposals and 46 trainings computed again: no difference\n",
    )
    quick = program.run("replay", "--quiet")
    assert (quick.code, quick.err) == (0, "")
    assert quick.out == "small: 46 proposals and 0 trainings computed again: no difference\n"


@pytest.mark.parametrize(
    ("table", "column", "where", "what", "train"),
    [
        ("trial_params", "param_value", "param_name = 'dropout'", "params", False),
        ("trial_intermediate_values", "intermediate_value", "step = 1", "curve", True),
        ("trial_values", "value", "objective = 0", "value", True),
    ],
)
def test_what_somebody_has_changed_is_found(  # noqa: PLR0917 - parameters
    program, finished, table, column, where, what, train
):
    """The smallest change of one number by hand is a difference with a name; exit 1."""
    database = finished.copy_to(program.folder)
    trial = TRIAL_9.format("small")
    change(
        database, f"UPDATE {table} SET {column} = {column} * (1 + 1e-12) WHERE trial_id = {trial} AND {where}"
    )
    run = program.run("replay", *["--train"][: int(train)], "--json")
    assert run.code == 1
    document = json.loads(run.out)
    found = [line for line in document["differences"] if line.startswith(f"small: trial 9: {what}: ")]
    assert len(found) == 1
    if train:
        assert len(document["differences"]) == 1


def test_a_trial_of_a_round_says_which_box_it_was_drawn_in(program, finished):
    """Its parameters lie in the box that is shown; the first trials could know nothing."""
    finished.copy_to(program.folder)
    run = program.run("explain", 3)
    assert run.code == 0
    assert "from        a log-uniform draw in the box of round 0" in run.out
    assert "saw         0 results" in run.out
    assert "knew of     3 trials under way, without their results" in run.out
    note = json.loads(program.run("explain", 18, "--json").out)
    assert note["trial"]["stage"] == "round 1"
    for name, (low, high) in note["box"].items():
        assert low <= note["trial"]["params"][name] <= high
    assert re.search(r"top \d+ of \d+ results|kept", note["reason"])


def test_without_a_number_every_round_is_explained(program, finished):
    """Box, reason and evidence of each; the evidence stands with the trials of the round too."""
    database = finished.copy_to(program.folder)
    change(
        database,
        "UPDATE hpsearch_rounds SET evidence = '{\"lr\": {\"spread p\": 0.25}}' WHERE stage = 'round 1'",
    )
    run = program.run("explain")
    assert run.code == 0
    assert run.out.startswith("small: 5 boxes\n  round 0    from trial 0: the declared ranges\n    lr  ")
    assert re.search(r"\n    lr       \S+ to \S+; spread p = 0\.25\n", run.out)
    document = json.loads(program.run("explain", "--json").out)
    assert (document["study"], document["schema_version"]) == ("small", 1)
    assert [found["first_number"] for found in document["rounds"]][:3] == [0, 15, 16]
    assert [found["stage"] for found in document["rounds"]][:3] == ["round 0", "round 0", "round 1"]
    assert [found["evidence"] for found in document["rounds"]][2:3] == [{"lr": {"spread p": 0.25}}]
    assert document["rounds"][0]["box"] == {"dropout": [0.0, 0.5], "lr": [1e-4, 1e-1]}
    assert "; spread p = 0.25\n" in program.run("explain", 18).out
    assert json.loads(program.run("explain", 18, "--json").out)["evidence"] == {"lr": {"spread p": 0.25}}


def test_a_trial_of_tpe_says_what_it_saw_and_why_it_stopped(program, finished):
    """Results up to the horizon, the rest as under way; a stopped trial shows the threshold it missed."""
    database = finished.copy_to(program.folder)
    note = json.loads(program.run("explain", 30, "--json").out)
    assert (sum(note["seen"].values()), note["pending"]) == (30 - 7, 7)
    with closing(sqlite3.connect(database)) as connection:
        query = (
            "SELECT number FROM trials JOIN trial_user_attributes USING (trial_id) "
            "WHERE study_id = 1 AND key = 'reason' AND value_json LIKE '%stopped%'"
        )
        stopped = [number for (number,) in connection.execute(query)]
    text = program.run("explain", stopped[-1]).out
    assert re.search(r"epoch 2\s+stopped: 0\.\d+ against 0\.\d+", text)


def test_a_trial_that_is_not_there_is_not_explained(program, finished):
    """Exit 3, with the numbers that there are."""
    finished.copy_to(program.folder)
    run = program.run("explain", 40)
    assert (run.code, run.out) == (3, "")
    assert run.err == "hpsearch: study 'small' has no trial 40: expected 0 to 39\n"


def test_a_run_of_the_confirmation_says_how_the_race_stood(program, finished):
    """The first runs see nothing; each says whose it is; the runs given add up to its number."""
    finished.copy_to(program.folder)
    run = program.run("explain", 2, "--study", "small.confirm")
    assert (run.code, run.err) == (0, "")
    assert re.search(
        r"from +the declared default, of those in the race the one with the fewest runs", run.out
    )
    assert "the declared default  0 of 0 runs settled\n" in run.out
    note = json.loads(program.run("explain", 5, "--study", "small.confirm", "--json").out)
    assert note["candidate"] == "default"
    assert [runner["given"] for runner in note["race"]] == [2, 2, 1]
    assert [runner["settled"] for runner in note["race"]] == [0, 0, 0]
    assert {runner["out"] for runner in note["race"]} == {False}
    assert (note["study"], note["trial"]["stage"], note["trial"]["state"]) == (
        "small.confirm",
        "confirm",
        "complete",
    )


def test_a_confirmation_can_be_shown_but_is_no_search(program, finished):
    """Its trials, its table and its line are there; what needs a search says so."""
    finished.copy_to(program.folder)
    for words in (["show", 0], ["export"], ["fingerprint"]):
        run = program.run(*words, "--study", "small.confirm")
        assert (run.code, run.err) == (0, "")
    for words in (["best"], ["replay"], ["enqueue", "lr=0.01"]):
        run = program.run(*words, "--study", "small.confirm")
        assert (run.code, run.out) == (3, "")
        assert run.err == (
            "hpsearch: expected a search, found study 'small.confirm', which confirms one; name the search\n"
        )

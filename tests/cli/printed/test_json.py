"""The documents that ``--json`` prints."""

import json

import pytest

from tests.cli.printed.test_output import won

_BEST = """
    baseline better classes confirmed confusion constant direction ensemble_test ensemble_test_interval gain
    metric rows test test_interval estimate default default_mean ensemble ensemble_test_accuracy
    fingerprint highest interval maker number params refit schema_version seeds stopped study
    test_accuracy tied value noiseless outside waiting
"""
JSON_KEYS = {
    ("best",): set(_BEST.split()),
    ("status",): {
        "at",
        "best",
        "bests",
        "box",
        "budget",
        "confirm",
        "control",
        "counts",
        "created_at",
        "differing",
        "done",
        "events",
        "finished",
        "fleet",
        "judging",
        "maker",
        "objectives",
        "orphans",
        "schema_version",
        "seconds_left",
        "settled",
        "stage",
        "stopped",
        "study",
        "trials_per_minute",
        "waiting",
        "winner",
        "workers",
    },
    ("show", "3"): {
        "attempts",
        "attributes",
        "curve",
        "number",
        "params",
        "reason",
        "numbers",
        "error",
        "log",
        "schema_version",
        "seconds",
        "stage",
        "state",
        "study",
        "value",
    },
    ("list",): {"schema_version", "studies"},
    ("learn", "small"): {"hash", "kind", "prior", "schema_version", "settings", "sources"},
    ("check", "small.toml"): {
        "cost",
        "data_hash",
        "code",
        "faults",
        "fleet",
        "notes",
        "origins",
        "rows",
        "schema_version",
        "study",
        "warnings",
    },
}


@pytest.mark.parametrize(("arguments", "keys"), JSON_KEYS.items(), ids=map(" ".join, JSON_KEYS))
def test_json_is_one_document(program, finished, arguments, keys):
    """``--json`` prints one document with the promised keys and says nothing beside it."""
    run = program.run(*arguments, "--json", HPSEARCH_STORAGE=finished.url)
    assert (run.code, run.err) == (0, "")
    document = json.loads(run.out)
    assert set(document) == keys
    assert document["schema_version"] == (2 if arguments == ("status",) else 1)


def test_json_tells_what_text_tells(program, finished):
    """The numbers of ``best``, ``status`` and ``show`` agree with each other."""
    best, status, shown, listed = (
        json.loads(program.run(*words, "--json", "--storage", finished.url).out)
        for words in (["best"], ["status"], ["show", won(finished)], ["list"])
    )
    assert best["fingerprint"] == finished.fingerprint
    assert best["number"] == shown["number"] == int(won(finished))
    assert best["params"] == shown["params"]
    assert best["value"] == shown["value"] == shown["curve"][-1]
    assert best["interval"][0] <= best["confirmed"] <= best["interval"][1]
    assert 0 < best["test_accuracy"] < 1
    assert 0 < best["ensemble_test_accuracy"] < 1
    assert (status["settled"], status["budget"], status["finished"], status["workers"]) == (40, 40, True, 0)
    assert sum(status["counts"].values()) == 40
    (row,) = listed["studies"]
    told = {key: value for key, value in row.items() if key not in {"best", "schema_version"}}
    assert told.items() <= status.items()
    assert row["best"].items() <= status["best"].items()

"""``hpsearch db``: versions, check, backup."""

import json
import re
import sqlite3
from contextlib import closing


def test_current_names_the_versions(program, finished):
    """As text and as JSON."""
    database = finished.copy_to(program.folder)
    run = program.run("db", "current")
    assert run.code == 0
    assert re.fullmatch(r"optuna: v3\.2\.0\.a\nhpsearch: \d{4}\n", run.out)
    found = json.loads(program.run("db", "current", "--json").out)
    assert found["optuna"] == "v3.2.0.a"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE hpsearch_alembic_version SET version_num = '9999'")
        connection.commit()
    assert "hpsearch: 9999\n" in program.run("db", "current").out


def test_check_tells_a_sound_database_from_a_damaged_one(program, finished):
    """Exit 0 and 4; the findings on stdout, with study and trial."""
    database = finished.copy_to(program.folder)
    run = program.run("db", "check")
    assert (run.code, run.out, run.err) == (0, "sqlite:///hpsearch.db: all right\n", "")
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE hpsearch_studies SET admitted = admitted - 1 WHERE study_id = 1")
        connection.commit()
    run = program.run("db", "check")
    assert run.code == 4
    assert run.out == (
        "damage: study 'small': the trials that were handed out are not as many as were counted\n"
        "sqlite:///hpsearch.db: damaged; restore a copy\n"
    )
    found = json.loads(program.run("db", "check", "--json").out)
    assert found["damaged"]
    assert found["findings"][0]["study"] == "small"


def test_a_copy_is_a_database_like_the_first(program, finished):
    """Its fingerprint is that of the study."""
    run = program.run("db", "backup", "copy.db", "--storage", finished.url)
    assert (run.code, run.out) == (0, "")
    assert run.err == "copied: use it with --storage sqlite:///copy.db\n"
    assert program.run("fingerprint", "--storage", "sqlite:///copy.db").out.strip() == finished.fingerprint
    refused = program.run("db", "backup", "small.toml", "--storage", finished.url)
    assert refused.code == 4
    assert "small.toml: is no database; copy to another file" in refused.err
    assert program.run("db", "backup", "copy.db").code == 4


def test_wrong_usage_of_the_group_is_2(program):
    """A command that is not there, and none at all."""
    assert program.run("db", "nonsense").code == 2
    assert program.run("db", "backup").code == 2
    assert program.run("db").code == 2

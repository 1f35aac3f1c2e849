"""``--set KEY=VALUE``: settings in place of the file's, for ``start`` and ``check``."""

import json
import re

import pytest

from tests.cli.program import study_text


def checked(program, *settings, file="small.toml"):
    """Return the document that ``check`` prints for a file with settings."""
    words = [word for setting in settings for word in ("--set", setting)]
    run = program.run("check", file, *words, "--json")
    assert run.code == 0, run.err
    return json.loads(run.out)


def test_a_setting_is_the_same_as_the_edited_file(program):
    """Numbers, texts without quotes, lists and whole tables; a new parameter comes last."""
    found = checked(
        program,
        "name=small-2",
        "model.epochs=6",
        "model.hidden=[24, 8]",
        "space.lr={low=1e-3, high=1e-2, log=true}",
        "space.batch_size = { choices = [32, 64] }",
    )
    text = study_text(name="small-2").replace("epochs = 4", "epochs = 6").replace("[16]", "[24, 8]")
    text = text.replace("low = 1e-4, high = 1e-1", "low = 1e-3, high = 1e-2")
    text = text.replace("high = 0.5 }", "high = 0.5 }\nbatch_size = { choices = [32, 64] }")
    program.write("edited.toml", text)
    edited = checked(program, file="edited.toml")
    assert found["study"] == edited["study"]
    assert found["origins"]["model.epochs"] == found["origins"]["space.lr.low"] == "--set"
    assert found["origins"]["seed"] == "line 3"


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("model.epochs=many", "--set model.epochs: expected a whole number, 1 or more, found .many"),
        ("model.epoch=5", '--set model.epoch: expected .*found another key; did you mean "epochs"'),
        ("space.lr={low=1, high=0.1}", "--set space.lr.low: expected a number below high"),
        ("model.epochs", '--set: expected KEY=VALUE, such as model.epochs=20, found "model.epochs"'),
        ("model.hidden=[16", '--set model.hidden: expected a value as in TOML, found "\\[16"'),
        ("seed.x=1", "--set seed.x: expected a table at seed, found 6"),
        ("a b=1", '--set: expected a key such as model.epochs, found "a b"'),
    ],
)
@pytest.mark.parametrize("command", ["start", "check"])
def test_a_wrong_setting_is_named_as_typed(program, command, setting, message):
    """Not as a line of the file; nothing is made."""
    run = program.run(command, "small.toml", "--set", setting)
    assert (run.code, run.out) == (2, "")
    assert re.fullmatch(f"hpsearch: {message}.*\n", run.err), run.err
    assert not (program.folder / "hpsearch.db").exists()


def test_faults_of_the_file_and_of_settings_are_listed_together(program):
    """Each by where it was given; a key that is set twice is refused."""
    program.write("bad.toml", study_text().replace("seeds = 2", "seeds = true"))
    run = program.run("check", "bad.toml", "--set", "model.epochs=many", "--json")
    faults = json.loads(run.out)["faults"]
    assert [(fault["file"], fault["key"], fault["line"] is None) for fault in faults] == [
        ("--set", "model.epochs", True),
        ("bad.toml", "confirm.seeds", False),
    ]
    twice = program.run("check", "small.toml", "--set", "seed=1", "--set", "seed=2")
    assert (twice.code, twice.err) == (2, "hpsearch: --set seed: expected one value, found two\n")


def test_a_study_with_settings_goes_on_with_them_and_needs_another_name(program):
    """The same command again ends at once; without the settings the file is refused, with a free name."""
    small = ("start", "small.toml", "--set", "trials=8", "--set", "search.rounds=[8]", "--quiet")
    first = program.run(*small, "--set", "model.epochs=3")
    again = program.run(*small, "--set", "model.epochs=3")
    assert (first.code, again.code, again.out) == (0, 0, first.out)
    other = program.run(*small)
    assert other.code == 2
    assert "study.model.epochs: 3 -> 4\n" in other.err
    assert "or give the study another name, such as --set name=small-2; what may change" in other.err
    assert program.run(*small, "--set", "name=small-2").code == 0
    assert [line.split(":")[0] for line in program.run("list").out.splitlines()] == ["small", "small-2"]

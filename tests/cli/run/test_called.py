"""The newcomer's path: a function in a file, a study, and what each command says of it."""

import json

import optuna
import pytest

from tests.cli.program import Program, eventually, group, held, kill_group, rows, settled

EIGHT_LINES = """import math

def score(trial):
    x, kind = trial.params["x"], trial.params["kind"]
    if kind == "broken":
        raise ValueError(f"no such kind: {kind}")
    print("tried", x)
    return {"value": abs(math.log10(x)), "x": x, "test": x}
"""
STUDY = """
name = "mine"
seed = 1
trials = 20
parallelism = 4
[objective]
call = "train.py:score"
direction = "minimize"
metric = "distance"
{more}
[space]
x = {{ low = 1e-3, high = 1e3, log = true }}
kind = {{ choices = ["good", "broken"] }}
[search]
rounds = [12]
[confirm]
top = 2
seeds = 2
"""


def write(program, *, code=EIGHT_LINES, more=""):
    """Write a study of a function."""
    program.write("train.py", code)
    program.write("mine.toml", STUDY.format(more=more))


@pytest.fixture(scope="module")
def mine(tmp_path_factory, cache):
    """Return a program in whose folder the study has been started, killed, and started again."""
    program = Program(folder=tmp_path_factory.mktemp("mine"), cache=cache)
    write(
        program,
        code="import time\n"
        + EIGHT_LINES.replace('    print("tried"', '    time.sleep(0.1)\n    print("tried"'),
    )
    first = program.launch("start", "mine.toml", "--workers", 2, "--quiet", "--lease", 2)
    database = program.folder / "hpsearch.db"
    eventually(lambda: settled(database, "mine") >= 4 and held(database))
    assert len(group(first)) >= 4  # the command, the process that workers are forked from, two workers
    kill_group(first)
    eventually(lambda: not group(first))
    assert settled(database, "mine") < 20
    run = program.run("start", "mine.toml", "--workers", 2, "--quiet")
    assert run.code == 0, run.err
    yield program
    program.end()


@pytest.mark.long
def test_a_newcomer_who_kills_everything_has_the_study_of_one_who_does_not(mine, tmp_path):
    """All processes were killed in the middle: search and race have the fingerprints of a calm run."""
    calm = Program(folder=tmp_path / "calm", cache=mine.cache)
    calm.folder.mkdir()
    write(calm)
    run = calm.run("start", "mine.toml", "--workers", 1, "--quiet")
    assert run.code == 0, run.err
    for study in ("mine", "mine.confirm"):
        lines = [one.run("fingerprint", "--study", study).out for one in (calm, mine)]
        assert lines[0] == lines[1]
        assert len(lines[0].strip()) == 64


def test_a_newcomer_writes_a_function_starts_kills_starts_again_and_reads(mine):
    """Every command speaks of a distance to be made small, and of no accuracy, network or row."""
    database = mine.folder / "hpsearch.db"
    failed = [n for (n,) in rows(database, "SELECT number FROM trials WHERE state = 'FAIL' ORDER BY number")]
    assert failed
    said = {
        words: mine.run(*words.split())
        for words in (
            "check mine.toml",
            "status",
            "list",
            "best",
            "show 0",
            f"show {failed[0]}",
            "explain 15",
            "explain",
            "export -o trials.csv",
            "export curves",
            "report --format text -o report.txt",
            "report --format json -o report.json",
            "report -o report.html",
            "replay --train --allow",
            "fingerprint",
        )
    }
    assert {words: run.code for words, run in said.items() if run.code} == {}
    texts = [run.out for run in said.values()] + [
        (mine.folder / name).read_text() for name in ("trials.csv", "report.txt")
    ]
    for text in texts:
        assert not [word for word in ("accuracy", "network", " rows", "validation") if word in text.lower()]
    best = json.loads(mine.run("best", "--json").out)
    assert (best["metric"], best["direction"]) == ("distance", "minimize")
    assert best["value"] >= 0
    assert best["test"] == {"distance": best["params"]["x"]}
    assert best["test_accuracy"] is None
    assert "distance" in said["best"].out
    shown = said[f"show {failed[0]}"].out
    assert "given up after 3 attempts alone: ValueError: no such kind: broken (train.py, line 7)" in shown
    assert 'train.py", line 7, in score' in shown
    assert "no difference" in said["replay --train --allow"].out
    assert "hpsearch replay --train --allow --study mine" in (mine.folder / "report.txt").read_text()
    page = (mine.folder / "report.html").read_text()
    assert "ValueError: no such kind: broken" in page
    study = optuna.load_study(study_name="mine", storage=f"sqlite:///{database}")
    assert study.direction is optuna.study.StudyDirection.MINIMIZE
    assert f"{study.best_value:.4f}" in said["status"].out


def test_a_changed_function_is_refused_and_the_message_says_how_to_go_on(program):
    """The study's trials are of one function; under another name, or restored, it goes on."""
    write(program)
    assert program.run("start", "mine.toml", "--workers", 1, "--quiet").code == 0
    write(program, code=EIGHT_LINES + "# changed\n")
    run = program.run("start", "mine.toml", "--trials", 24, "--quiet")
    assert run.code == 2
    first, second = run.err.strip().splitlines()
    assert first.startswith(
        "hpsearch: study 'mine': its code has changed since it was created: train.py (hash "
    )
    assert second.startswith("restore it to go on, or give the study another name")
    write(program)
    assert program.run("start", "mine.toml", "--workers", 1, "--trials", 24, "--quiet").code == 0


def test_a_bundle_of_a_function_goes_to_another_machine_without_its_code(program, tmp_path):
    """There it can be read at once, and computed again where the code lies and has leave."""
    write(program)
    assert program.run("start", "mine.toml", "--workers", 1, "--quiet").code == 0
    exported = program.run("export", "bundle", "--with-data", "-o", "mine.hpsearch")
    assert exported.code == 0, exported.err
    assert "bring its code along by hand" in exported.err
    refused = program.run("export", "winner", "-o", "w.safetensors")
    assert "study 'mine' has no model to write: hpsearch best --json --study mine prints" in refused.err
    other = Program(folder=tmp_path / "other", cache=program.cache)
    other.folder.mkdir()
    (other.folder / "mine.hpsearch").write_bytes((program.folder / "mine.hpsearch").read_bytes())
    assert other.run("import", "mine.hpsearch").code == 0
    assert other.run("best").out == program.run("best").out
    replayed = other.run("replay", "--train", "--allow")
    assert (replayed.code, replayed.err.count("expected the file train.py in")) == (2, 1)
    other.write("train.py", EIGHT_LINES)
    assert "no difference" in other.run("replay", "--train", "--allow").out


@pytest.mark.long
def test_a_worker_runs_what_a_database_names_only_with_leave(program):
    """Also a replay that calls the function; without leave nothing of it is run."""
    write(program, code="open('ran', 'a').write('x')\n" + EIGHT_LINES)
    assert program.run("start", "mine.toml", "--workers", 1, "--quiet").code == 0
    (program.folder / "ran").unlink()
    for words in (["worker"], ["replay", "--train"]):
        run = program.run(*words)
        assert (run.code, run.out) == (2, "")
        assert run.err == (
            "hpsearch: study 'mine' calls train.py:score: expected permission to run code that a database "
            "names, found none\ngive it with --allow where you trust the study and its database\n"
        )
    assert not (program.folder / "ran").exists()
    program.write("mine.toml", STUDY.format(more="").replace("trials = 20", "trials = 22"))
    first = program.launch("start", "mine.toml", "--workers", 1, "--quiet")
    first.wait()
    assert program.run("worker", "--allow").code == 0


def test_a_study_that_only_fails_ends_early_and_shows_the_first_error(program):
    """Exit 5, the traceback below it; the same study with any number of workers."""
    write(program, code="def score(trial):\n    return trial.params['y']\n", more="max_failures = 3")
    run = program.run("start", "mine.toml", "--workers", 2, "--quiet")
    assert (run.code, run.out) == (5, "")
    assert run.err == (
        "hpsearch: study 'mine': none of its 6 trials was completed\n"
        "trial 0: given up after 3 attempts alone: KeyError: 'y' (train.py, line 2)\n"
        "hpsearch show 0 --study mine has the rest\n"
    )
    assert program.run("best").code == 5
    assert "all of the first 3 trials failed" in program.run("status").out


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "[space]",
            "[model]\nepochs = 3\n[space]",
            "model: expected no [model] beside objective.call",
        ),
        ("[space]", '[data]\nsource = "digits"\n[space]', "data: expected no [data] beside objective.call"),
        (
            "seeds = 2",
            "seeds = 2\nepochs = 9",
            "confirm.epochs: expected none",
        ),
        ("seeds = 2", "ensemble = 9", "confirm.ensemble: expected none"),
        ("seeds = 2", "refit = true", "confirm.refit: expected none: objective.call has no networks"),
        (
            "train.py:score",
            "train.py",
            'objective.call: expected "FILE.py:FUNCTION" or ',
        ),
        ("train.py:score", "absent.py:score", "objective.call: expected the file absent.py in "),
        ("train.py:score", "no.such.module:f", "objective.call: expected a module no.such.module in "),
        ('"minimize"', '"down"', "objective.direction: expected one of maximize, minimize"),
        ('"minimize"', '"minimize"\ntimeout = 0', "objective.timeout: expected a number of seconds above 0"),
        ('"minimize"', '"minimize"\nloss = "huber"', "objective.loss: expected none with call"),
        (
            'call = "train.py:score"',
            'metric = "r2"',
            "objective.direction: expected none without",
        ),
    ],
)
def test_what_a_study_of_a_function_has_not_is_refused(program, old, new, says):
    """With the line and what to write instead."""
    program.write("train.py", EIGHT_LINES)
    text = STUDY.format(more="")
    assert old in text
    text = text.replace(old, new)
    if new == 'metric = "r2"':
        text = text.replace('metric = "distance"\n', "")
    program.write("mine.toml", text)
    run = program.run("check", "mine.toml")
    assert run.code == 2
    assert says in run.err

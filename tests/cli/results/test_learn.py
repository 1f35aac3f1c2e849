"""``hpsearch learn`` as a person meets it: studies become a file that a study file names."""

import json

import pytest

from hpsearch.portfolio import read_portfolio
from tests.cli.program import study_text

OWN = '[search]\nstart = "learned"\nportfolio = "own.json"\n'


def learned_text(**changes):
    """Return the small study under another name and seed, with a portfolio of its own."""
    text = study_text(name="again", **changes).replace("seed = 42", "seed = 43")
    assert "[search]\n" in text
    return text.replace("[search]\n", OWN)


def test_a_study_starts_with_what_another_has_learned(program, finished):
    """Learned from one study, its first trials are the best of it, wherever they are looked at."""
    finished.copy_to(program.folder)
    run = program.run("learn", "--output", "own.json")
    assert run.code == 0, run.err
    assert "settings of 1 studies written to own.json" in run.err
    assert run.out.startswith(" 1  mean regret 0.000  lr = ")
    assert "good values of lr: " in run.out
    portfolio = read_portfolio(program.folder / "own.json")
    assert portfolio.sources[0].size.classes == 10
    program.write("again.toml", learned_text(trials=24))
    run = program.run("start", "again.toml", "--workers", 1, "--storage", "sqlite:///again.db")
    assert run.code == 0, run.err
    storage = ("--storage", "sqlite:///again.db")
    shown = json.loads(program.run("show", "0", "--json", *storage).out)
    assert (shown["stage"], shown["params"]) == ("learned", dict(portfolio.settings[0]))
    assert "a setting of the portfolio" in program.run("explain", "0", *storage).out
    assert "no difference" in program.run("replay", *storage).out
    changed = json.loads((program.folder / "own.json").read_text()) | {"prior": {}}
    (program.folder / "own.json").write_text(json.dumps(changed))
    run = program.run("start", "again.toml", *storage)
    assert run.code == 2
    assert "learned.hash: " in run.err


def test_the_document_is_the_portfolio_and_its_hash(program, finished):
    """``--json`` prints what the file holds."""
    finished.copy_to(program.folder)
    run = program.run("learn", "small", "--json")
    printed = json.loads(run.out)
    portfolio = read_portfolio(program.folder / "portfolio.json")
    assert printed == json.loads(json.dumps(portfolio.to_json())) | {"hash": portfolio.hash}


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("nosuch",), 3, "'nosuch'"),
        (("small.confirm",), 3, "confirms one; name the search"),
        (("--output", "folder/x/own.json"), 1, "folder"),
    ],
)
def test_what_cannot_be_learned_from_is_refused(program, finished, arguments, code, message):
    """Nothing is written, and one line says why."""
    finished.copy_to(program.folder)
    run = program.run("learn", *arguments)
    assert run.code == code
    assert message in run.err
    assert not [*program.folder.glob("*.json")]


def test_a_study_that_names_no_file_is_refused(program):
    """The portfolio is looked for beside the study file, before anything is written."""
    program.write("again.toml", learned_text())
    run = program.run("start", "again.toml")
    assert run.code == 2
    assert "own.json: expected a portfolio, found no file there; hpsearch learn" in run.err
    assert not [*program.folder.glob("*.db")]

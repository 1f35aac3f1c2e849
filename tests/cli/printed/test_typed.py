"""Each command that is printed can be typed as it stands, in a shell, from the same folder."""

import re
import subprocess

import optuna
import pytest

from hpsearch.report.numbers.repeat import AGAIN
from hpsearch.store import address_flag
from tests.cli.program import study_text
from tests.corpus.inputs import commands

NAME = "my study's"
"""A name that a shell would take apart; its study is not the newest."""
_WORD = re.compile(r"""(?:'[^']*'|"[^"]*"|[^\s'"()]+)+""")
_ARGUMENT = re.compile(
    r"\d+|winner|nursed|trials|[\w./-]+=[\w.-]+|(?:[\w./-]+|'.*)\.(?:csv|safetensors|toml|html|pdf)'?"
)
_PLACEHOLDER = re.compile(r"[A-Z]{1,8}(?:\.toml)?")


def printed_commands(text):
    """Return the commands of hpsearch in a text: a name, its options with their values, its arguments."""
    options = {
        option: not getattr(param, "is_flag", False)
        for command in commands().values()
        for param in command.params
        for option in param.opts
    }
    names = {name.split()[0] for name in commands()}
    found = []
    for line in text.splitlines():
        for place in re.finditer(r"\bhpsearch (?=[a-z])", line):
            words = _WORD.findall(line[place.end() :])
            if words[0].rstrip(";:,") not in names:
                continue
            taken = [words.pop(0)]
            while words and taken[-1][-1] not in ";:,":
                word = words.pop(0)
                if word.startswith("-") or word in {"db", "check", "upgrade"}:
                    taken.append(word)
                    taken += [words.pop(0)] if options.get(word) else []
                elif _ARGUMENT.fullmatch(word.rstrip(";:,")) or _PLACEHOLDER.fullmatch(word):
                    taken.append(word)
                else:
                    break
            found.append(" ".join(taken).rstrip(";:,"))
    return found


def split_by_a_shell(command):
    """Return the words that a shell makes of a command."""
    done = subprocess.run(
        ["sh", "-c", f"printf '%s\\0' {command}"], capture_output=True, text=True, check=True
    )
    return done.stdout.split("\0")[:-1]


def test_the_finder_of_commands_finds_them():
    """Two in a line, one in brackets, quotes inside quotes, words of the sentence behind it."""
    text = (
        "it (hpsearch list --storage sqlite:///a.db shows them): hpsearch resume --study 'my study'\"'\"'s' "
        "lets it go on\n  hpsearch start FILE --trials N; hpsearch explain 3 --study a has more"
    )
    assert printed_commands(text) == [
        "list --storage sqlite:///a.db",
        "resume --study 'my study'\"'\"'s'",
        "start FILE --trials N",
        "explain 3 --study a",
    ]


@pytest.fixture
def elsewhere(program):
    """Return a program and the address of a database in another folder: two studies and one of Optuna's."""
    folder = program.folder / "my data"
    folder.mkdir()
    url = f"sqlite:///{folder}/studies.db"
    return program, url


@pytest.mark.long
def test_printed_commands_can_be_typed(elsewhere):
    """With the study's name and the address where they are needed, each ends with 0."""
    program, url = elsewhere
    where = ("--storage", url)
    small = study_text(name=NAME, trials=8).replace("[16, 8]", "[8]")
    program.write("my study.toml", small)
    program.write("second.toml", small.replace(NAME, "second"))
    mine = ("--study", NAME, *where)
    texts = []

    def run(*words, code=0):
        done = program.run(*words)
        assert done.code == code, done.err
        texts.append(done.out + done.err)
        return done.err

    run("start", "my study.toml", "--workers", "1", *where)
    run("start", "second.toml", "--workers", "1", "--quiet", *where)
    storage = optuna.storages.RDBStorage(url)
    theirs = optuna.create_study(study_name="of optuna", storage=storage)
    theirs.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=2)
    storage.remove_session()
    storage.engine.dispose()
    assert "the newest of 2" in run("best", *where)
    run("watch", *mine)
    run("worker", *mine)
    run("report", "--format", "text", *mine)
    run("nurse", "--list", *mine)
    run("nurse", "--new", "--epochs", "2", *mine)
    for words, code in (("explain", 2), (("export", "winner", "-o", "x.safetensors"), 2)):
        run(*([words] if isinstance(words, str) else words), "--study", "of optuna", *where, code=code)
    run("enqueue", "lr=0.01", *mine, code=1)
    typed = {command for text in texts for command in printed_commands(text) if AGAIN not in command}
    assert {command.split()[0] for command in typed} >= {
        "best",
        "dashboard",
        "explain",
        "export",
        "list",
        "nurse",
        "replay",
        "report",
        "show",
        "start",
    }
    assert [command for command in typed if address_flag(url).strip() not in command] == []
    for command in sorted(typed):
        words = split_by_a_shell(command)
        if "FILE" in words or words[0] == "dashboard":  # not concrete; and one that stays until Ctrl-C
            continue
        done = program.run(*words)
        assert (done.code, "newest" in done.err) == (0, False), (command, done.err)


def test_a_password_is_not_typed_but_named(program, finished):
    """The flag names the variable that holds the address; a variable that is set needs no flag."""
    assert address_flag("postgresql://u:geheim@h/d") == ' --storage "$HPSEARCH_STORAGE"'
    assert address_flag("postgresql://h/d?passfile=x") == " --storage 'postgresql://h/d?passfile=x'"
    finished.copy_to(program.folder)
    again = program.run("watch", "--study", "small", HPSEARCH_STORAGE=finished.url).err
    assert again == "study 'small' is done: hpsearch best --study small\n"

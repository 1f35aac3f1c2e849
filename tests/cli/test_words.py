"""The study's name as an argument: alone, before another argument, and beside ``--study``."""

import pytest

from tests.cli.program import study_text


@pytest.mark.parametrize(
    ("words", "same"),
    [
        (["best", "small"], ["best"]),
        (["status", "small", "-n", "small"], ["status"]),
        (["show", "small", "17"], ["show", "17"]),
        (["show", "17", "small"], ["show", "17"]),
        (["show", "17", "-n", "small"], ["show", "17"]),
        (["explain", "small"], ["explain"]),
        (["explain", "small", "30"], ["explain", "30"]),
        (["export", "small"], ["export", "trials"]),
        (["export", "small", "curves"], ["export", "curves"]),
        (["export", "curves", "small"], ["export", "curves"]),
        (["fingerprint", "small"], ["fingerprint"]),
        (["report", "small", "--format", "text"], ["report", "--format", "text"]),
        (["replay", "small"], ["replay"]),
        (["nurse", "small", "--list"], ["nurse", "--list"]),
    ],
    ids=" ".join,
)
def test_a_study_may_be_named_before_any_other_argument(program, finished, words, same):
    """The output is the one without a name, in a database with one study."""
    named, plain = (program.run(*line, HPSEARCH_STORAGE=finished.url) for line in (words, same))
    assert (named.code, named.out, named.err) == (0, plain.out, plain.err)


def test_the_argument_goes_over_the_variable_and_not_over_the_option(program, finished):
    """A variable is a habit; an option on the same line that names another study is a contradiction."""
    assert program.run("best", "small", HPSEARCH_STORAGE=finished.url, HPSEARCH_STUDY="other").code == 0
    run = program.run("best", "small", "--study", "other", HPSEARCH_STORAGE=finished.url)
    assert (run.code, run.out) == (2, "")
    expected = "hpsearch best: invalid value for STUDY: expected one study, found 'small' and --study 'other'"
    assert run.err == f"{expected}; hpsearch best --help tells more\n"


def test_a_word_that_may_be_a_mistyped_export_is_named_so(program, finished):
    """``export winer`` names no study; what can be exported is listed."""
    run = program.run("export", "winer", HPSEARCH_STORAGE=finished.url)
    assert run.code == 2
    assert "found 'winer'; did you mean \"winner\"?" in run.err
    assert program.run("export", "nonsense", HPSEARCH_STORAGE=finished.url).code == 3


def test_studies_with_names_like_other_arguments_are_found(program):
    """A study named 7 with ``--study``, or where a number follows; parameters go to the study before them."""
    program.write("seven.toml", study_text(name="7", trials=8).replace("[16, 8]", "[8]"))
    assert program.run("start", "seven.toml", "--quiet").code == 0
    assert program.run("show", "7", "3").out == program.run("show", "3", "--study", "7").out != ""
    assert program.run("explain", "--study", "7").out == program.run("explain").out != ""
    assert program.run("show", "7").code == 0  # trial 7 of the newest study
    for words in (["7", "lr=0.01"], ["lr=0.01"], ["lr=0.01", "dropout=0.1", "-n", "7"]):
        run = program.run("enqueue", *words)
        assert (run.code, run.err[:42]) == (1, "hpsearch: study '7': all 8 trials have the")

"""A study goes on with the number of trials that its file has been given since."""

import pytest

STUDY = """
name = "more"
trials = {trials}
[data]
source = "wine"
[model]
hidden = [8]
epochs = 3
[space]
lr = {{ low = 1e-3, high = 1e-1, log = true }}
[confirm]
top = 1
seeds = 2
"""


@pytest.mark.long
def test_a_file_with_more_trials_goes_on(program):
    """From 12 to 24: the trials in flight and the random rounds that it leaves out stay as they were."""
    for trials in (12, 24):
        program.write("more.toml", STUDY.format(trials=trials))
        run = program.run("start", "more.toml", "--quiet")
        assert run.code == 0, run.err
        assert f"{trials} of {trials} trials settled" in run.out
    program.write("more.toml", STUDY.format(trials="24\nparallelism = 9"))
    refused = program.run("start", "more.toml", "--quiet")
    assert refused.code == 2
    assert "parallelism: 2 -> 9" in refused.err


def test_the_file_with_fewer_trials_goes_on_with_those_of_the_study(program):
    """The file is started again after ``--trials``: the study keeps its number, and a line says so."""
    program.write("more.toml", STUDY.format(trials=6))
    longer = program.run("start", "more.toml", "--quiet", "--trials", 9)
    assert "9 of 9 trials settled" in longer.out
    again = program.run("start", "more.toml", "--quiet")
    assert (again.code, again.out) == (0, longer.out)
    assert again.err == "hpsearch: more.toml: trials: study 'more' has 9 trials, so it continues with 9\n"
    refused = program.run("start", "more.toml", "--quiet", "--trials", 6)
    assert (refused.code, "expected at least 9 trials, found 6" in refused.err) == (2, True)
    program.write("more.toml", STUDY.format(trials=12))
    assert "12 of 12 trials settled" in program.run("start", "more.toml", "--quiet").out


@pytest.mark.long
def test_a_number_of_trials_that_have_not_begun_stays_as_well(program):
    """A study that ended before its last trial keeps its number; the remark has the option that lowers it."""
    program.write("more.toml", STUDY.format(trials=12) + "[stop]\nplateau = 1\n")
    ended = program.run("start", "more.toml", "--quiet", "--trials", 40)
    assert "of 40 trials settled" in ended.out
    again = program.run("start", "more.toml", "--quiet")
    remark = "trials: study 'more' has 40 trials, so it continues with 40; --trials 12 lowers the number"
    assert (again.code, again.err) == (0, f"hpsearch: more.toml: {remark}\n")

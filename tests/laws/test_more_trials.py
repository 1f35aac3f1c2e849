"""A study goes on with the number of trials that its file has been given since."""

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

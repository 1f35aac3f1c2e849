"""A race that never ran, and the study file of a study that never was."""

from hpsearch.report.explanation.confirming_run import RaceCandidate
from hpsearch.report.next_steps import NextStep
from hpsearch.report.numbers.done import Fact
from hpsearch.report.numbers.repeat import StudyFile

DONE = (Fact(name="data", text="digits"), Fact(name="epochs", text="6"))
"""What the study did."""


def race(number):
    """Return three candidates: the winner, the default, and one that fell out of the race."""
    means = {number: 0.96543, "default": 0.9612, 0: 0.962}
    return tuple(
        RaceCandidate(
            candidate=who, given=5, settled=5, mean=mean, out=who == 0, interval=(mean - 0.004, mean + 0.004)
        )
        for who, mean in means.items()
    )


def study_file(name, *, every=None):
    """Return the study file of a study; ``every`` is in place of each of its texts."""
    again = "--storage sqlite:///again.db"
    commands = {
        f"hpsearch start study.toml {again}": "run it again",
        f"hpsearch fingerprint {again}": "check",
    }
    steps = [NextStep(command=every or line, purpose=every or why) for line, why in commands.items()]
    return StudyFile(
        name=every or "study.toml",
        text=every or f"# {name}\nname = 'study'\n",
        needs=(every or "table.csv",),
        steps=tuple(steps),
        limits=(every,) if every else (),
    )

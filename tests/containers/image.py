"""A Dockerfile as its instructions, and what an image made by it begins with."""

import re
import shlex
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """One instruction, its lines joined; ``stage`` counts the FROM lines up to it, from 0."""

    stage: int
    name: str
    text: str

    @property
    def words(self):
        """The words after the flags."""
        return [word for word in shlex.split(self.text) if not word.startswith("--")]

    @property
    def flags(self):
        """Name -> value of the flags."""
        given = [word[2:].partition("=") for word in shlex.split(self.text) if word.startswith("--")]
        return {name: value for name, _, value in given}


def instructions(path):
    """Return the instructions of a Dockerfile."""
    text = re.sub(r"^\s*#.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found, stage = [], -1
    for line in re.sub(r"\\\n\s*", " ", text).splitlines():
        if line.strip():
            name, _, rest = line.strip().partition(" ")
            stage += name == "FROM"
            found.append(Instruction(stage=stage, name=name, text=rest.strip()))
    return found


def of_last_stage(found, name):
    """Return the instructions of a name that make the image itself."""
    return [line for line in found if line.name == name and line.stage == found[-1].stage]


def environment(found):
    """Return the variables of the image."""
    words = [word for line in of_last_stage(found, "ENV") for word in line.words]
    return dict(word.split("=", 1) for word in words)


def health_check(found):
    """Return the image's health check, as Compose writes one."""
    (line,) = of_last_stage(found, "HEALTHCHECK")
    return ["CMD-SHELL", line.text.partition("CMD ")[2]]

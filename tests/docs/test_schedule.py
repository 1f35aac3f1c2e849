"""Units of systemd and workflows of GitHub that pages show are well formed."""

import shutil
import subprocess
import sys

import pytest
import yaml

from tests.docs.blocks import blocks
from tests.docs.reader import ROOT

PAGE = ROOT / "docs" / "howto" / "run-on-a-schedule.md"


def shown(language):
    """Return the blocks of the page in a language."""
    return [block.text for block in blocks(PAGE.read_text()) if block.language == language]


def verified(folder, units):
    """Return what systemd-analyze says of units; their command is replaced by one that is there."""
    for name, text in units.items():
        (folder / name).write_text(text.replace("%h/.local/bin/hpsearch", "/bin/true"))
    done = subprocess.run(
        ["systemd-analyze", "verify", *(f"./{name}" for name in units)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_units_are_what_systemd_reads(tmp_path):
    """Each key is one that systemd knows; a key that it does not know is found."""
    units = {text.splitlines()[0].removeprefix("# "): text for text in shown("ini")}
    assert sorted(units) == ["hpsearch.service", "hpsearch.timer"]
    assert verified(tmp_path, units) == (0, "")
    wrong = units["hpsearch.service"].replace("KillMode", "KillMod")
    assert "KillMod" in verified(tmp_path, {"hpsearch.service": wrong})[1]


def test_the_workflow_is_one_of_github(tmp_path):
    """It fits the published schema of workflows; one without a runner does not."""
    (text,) = shown("yaml")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"]
    for name, content, code in (("right", text, 0), ("wrong", text.replace("runs-on", "runs"), 1)):
        path = tmp_path / f"{name}.yml"
        path.write_text(content)
        done = subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stdout


@pytest.mark.long
def test_steps_of_the_workflow_run(reader):
    """Its own steps do their work in a folder with the study; those that install are left out."""
    (text,) = shown("yaml")
    steps = [step["run"] for step in yaml.safe_load(text)["jobs"]["search"]["steps"] if "run" in step]
    for step in steps:
        if not step.startswith("pip install"):
            code, out = reader.type(f"export GITHUB_STEP_SUMMARY=summary.md\n{step}")
            assert code == 0, out
    assert "winner" in (reader.folder / "summary.md").read_text()

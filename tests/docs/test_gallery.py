"""The gallery: the page and its files agree, and the fastest figure shows what its lines say."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("matplotlib", reason="the figures need matplotlib, which mlxtend brings")

GALLERY = Path(__file__).parents[2] / "docs" / "gallery"
sys.path.insert(0, str(GALLERY))  # its modules find each other as beside a script

from figures import PLATES  # noqa: E402
from figures.optimizers import RATES, height, path  # noqa: E402
from look import render  # noqa: E402
from page import page  # noqa: E402

from hpsearch.nn import OPTIMIZERS  # noqa: E402

PNG = b"\x89PNG\r\n\x1a\n"
LARGEST = 1_500_000
"""Bytes of all figures."""


def test_page_is_what_the_figures_say():
    """The page in the repository is the one that the command would write."""
    assert (GALLERY / "README.md").read_text(encoding="utf-8") == page(PLATES)


def test_every_figure_is_there_and_no_other():
    """Each name has its picture, no picture is left over, and all of them together are small."""
    pictures = sorted(GALLERY.glob("*.png"))
    assert [picture.stem for picture in pictures] == sorted(PLATES)
    assert all(picture.read_bytes().startswith(PNG) for picture in pictures)
    assert sum(picture.stat().st_size for picture in pictures) < LARGEST


@pytest.mark.parametrize("name", PLATES)
def test_three_lines_say_what_to_see(name):
    """Each figure has three different sentences, a setting and its picture on the page."""
    plate = PLATES[name]
    assert len(set(plate.see)) == 3
    assert all(line.endswith(".") and len(line.split()) > 10 for line in (*plate.see, plate.setting))
    assert f"({name}.png)" in page(PLATES)


def test_figure_is_drawn_again_to_the_same_bytes(tmp_path):
    """A drawn figure is a picture of the usual width, and the second has the bytes of the first."""
    drawn = []
    for _ in range(2):
        render("optimizers", PLATES["optimizers"], folder=tmp_path)
        drawn.append((tmp_path / "optimizers.png").read_bytes())
    assert drawn[0].startswith(PNG)
    assert int.from_bytes(drawn[0][16:20], "big") == 1350
    assert drawn[0] == drawn[1]


def test_every_optimizer_has_a_panel():
    """All are drawn but AdamW, which without a penalty is Adam."""
    assert set(RATES) == set(OPTIMIZERS) - {"adamw"}


def test_paths_do_what_the_lines_say():
    """SGD changes walls at each step, AdaGrad never, and AdaGrad ends lowest of all."""
    sgd, adagrad = path("sgd"), path("adagrad")
    assert (np.sign(sgd[1:, 1]) == -np.sign(sgd[:-1, 1])).all()
    assert (adagrad[:, 1] >= 0).all()
    assert min(RATES, key=lambda name: height(path(name)[-1])) == "adagrad"


def test_unknown_figure_is_refused_by_name(tmp_path):
    """The command names what it knows, exits with 2 and writes nothing."""
    command = [sys.executable, str(GALLERY / "make.py"), "optimisers", "--folder", str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(GALLERY.parent.parent)}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert done.returncode == 2
    assert "expected some of optimizers, activations" in done.stderr
    assert "found 'optimisers'" in done.stderr
    assert not list(tmp_path.iterdir())

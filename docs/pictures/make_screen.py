"""Makes the pictures of the live screen: ``python docs/pictures/make_screen.py`` from the top folder.

A real study runs; once two workers are in the middle of it, its screen is drawn at 80 and at 200 columns: as
SVG, which loads nothing from anywhere, and as PNG where there is a Chromium.
"""

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from hpsearch.cli.run.screen_layout import ScreenLayout
from hpsearch.errors import HpsearchError
from hpsearch.store import Ledger, Snapshot

HERE = Path(__file__).resolve().parent
SIZES = {80: 24, 200: 26}
"""Columns -> lines."""
SETTLED = 46
"""Trials of the study when the picture is taken."""
STUDY = """
name = "digits"
seed = 42
trials = 100
parallelism = 16

[data]
source = "digits"

[model]
hidden = [64, 64]
epochs = 60

[space]
lr = { low = 1e-5, high = 1e-1, log = true }
weight_decay = { low = 1e-8, high = 1e-2, log = true }
dropout = { low = 0.0, high = 0.6, default = 0.2 }

[search]
rounds = [32, 8]
rungs = [12]
"""
COLORS = TerminalTheme(
    (22, 27, 34),
    (230, 237, 243),
    [
        (72, 79, 88),
        (255, 123, 114),
        (63, 185, 80),
        (210, 153, 34),
        (88, 166, 255),
        (188, 140, 255),
        (57, 197, 207),
        (177, 186, 196),
    ],
)
FONTS = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"


def picture_moment(folder: Path) -> Snapshot:
    """Return where a study stands while two workers are in the middle of it."""
    (folder / "digits.toml").write_text(STUDY)
    url = f"sqlite:///{folder / 'hpsearch.db'}"
    words = ["start", "digits.toml", "--workers", "2", "--lease", "6", "--quiet", "--storage", url]
    process = subprocess.Popen(  # noqa: S603 - this checkout's own program
        [sys.executable, "-m", "hpsearch", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(HERE.parent.parent)},
        stdout=subprocess.DEVNULL,
    )
    try:
        return _wait(url, process)
    finally:
        process.terminate()
        process.wait()


def _wait(url: str, process: subprocess.Popen[bytes]) -> Snapshot:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.2)
        try:
            ledger = Ledger(url)
        except HpsearchError:  # its tables are being made
            continue
        try:
            study = ledger.find_study("digits")
            progress = ledger.snapshot(study)
            busy = [worker for worker in progress.fleet if any(hand.epoch for hand in worker.hands)]
            if progress.search.settled >= SETTLED and len(busy) > 1:
                return progress
        except HpsearchError:  # it is being created
            continue
        finally:
            ledger.close()
    raise SystemExit("the study did not come so far")


def draw(progress: Snapshot, width: int) -> str:
    """Return the screen as SVG that names fonts of the machine that shows it, and no other."""
    console = Console(
        record=True,
        width=width,
        height=SIZES[width],
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
    )
    frame = ScreenLayout(progress=progress, hint="Ctrl-C saves what is in training and stops within 30 s")
    console.print(frame, end="")
    svg = console.export_svg(title="hpsearch start digits.toml", theme=COLORS, unique_id=f"screen-{width}")
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family: Fira Code, monospace", f"font-family: {FONTS}", svg)
    if "url(http" in svg or "Fira" in svg:
        raise SystemExit("the picture would load a font from elsewhere")
    return svg


def to_png(svg: Path, browser: str) -> None:
    """Draw an SVG file as PNG beside it, of its own size."""
    width, height = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg.read_text()).groups()
    flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--disable-background-networking",
    ]
    size = f"--window-size={round(float(width))},{round(float(height))}"
    target = f"--screenshot={svg.with_suffix('.png')}"
    subprocess.run([browser, *flags, size, target, svg.as_uri()], check=True, capture_output=True)  # noqa: S603


def main() -> None:
    """Make all of them."""
    with tempfile.TemporaryDirectory() as folder:
        progress = picture_moment(Path(folder))
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    for width in SIZES:
        svg = HERE / f"screen-{width}.svg"
        svg.write_text(draw(progress, width))
        if browser is not None:
            to_png(svg, browser)
        print(f"{svg.name}: {svg.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()

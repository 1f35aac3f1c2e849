"""Makes the pictures of the terminal: ``python docs/pictures/make_screen.py`` from the top folder.

A real study runs. Its screen is drawn at 80 and at 200 columns once two workers are in the middle of it, and
at 80 columns while its winner is judged. The help is drawn at 80 columns. Each picture is an SVG file, which
loads nothing from anywhere, and a PNG file where there is a Chromium.
"""

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from rich.console import Console, RenderableType
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from hpsearch.cli.run.screen_layout import ScreenLayout
from hpsearch.errors import HpsearchError
from hpsearch.store import Ledger, Snapshot

HERE = Path(__file__).resolve().parent
SIZES = {80: 24, 200: 26}
"""Columns -> lines."""
SETTLED, MOST_SETTLED = 66, 90
"""Trials of the study when the picture is taken, from and to: between them TPE proposes."""
WORKERS = 2
LOOK_S = 0.03
"""Between two looks at the study: on a fast machine a phase takes less than a second."""
STUDY = """
name = "digits"
seed = 42
trials = 100
parallelism = 16

[data]
source = "digits"

[model]
hidden = [64, 64]
epochs = 90

[space]
lr = { low = 1e-5, high = 1e-1, log = true }
weight_decay = { low = 1e-8, high = 1e-2, log = true }
dropout = { low = 0.0, high = 0.6, default = 0.2 }

[search]
rounds = [32, 8]
rungs = [18]

[confirm]
top = 2
seeds = 3
ensemble = 10
baseline = "random-forest"
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


def moments(folder: Path) -> dict[str, Snapshot]:
    """Return where a study stands at the moments of the pictures: in the search, and while it is judged."""
    (folder / "digits.toml").write_text(STUDY)
    url = f"sqlite:///{folder / 'hpsearch.db'}"
    words = ["start", "digits.toml", "--workers", str(WORKERS), "--lease", "6", "--quiet", "--storage", url]
    process = subprocess.Popen(  # noqa: S603 - this checkout's own program
        [sys.executable, "-m", "hpsearch", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(HERE.parent.parent)},
        stdout=subprocess.DEVNULL,
    )
    try:
        return _seen(url, process)
    finally:
        process.terminate()
        process.wait()


def _seen(url: str, process: subprocess.Popen[bytes]) -> dict[str, Snapshot]:
    """Look at the study until each moment has come; of several looks at one moment the best is kept."""
    found: dict[str, Snapshot] = {}
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline and process.poll() is None:
        time.sleep(LOOK_S)
        try:
            with closing(Ledger(url)) as ledger:
                progress = ledger.snapshot(ledger.find_study("digits"))
        except HpsearchError:  # its tables are being made, or it is being created
            continue
        busy = [worker for worker in progress.fleet if any(hand.epoch for hand in worker.hands)]
        if SETTLED <= progress.search.settled <= MOST_SETTLED and len(busy) == WORKERS:
            found.setdefault("search", progress)
        if progress.fleet and _is_nearer_half(progress, found.get("judging")):
            found["judging"] = progress
    if len(found) < 2:
        raise SystemExit(f"the study was not seen at each moment, only at: {', '.join(found) or 'none'}")
    return found


def _is_nearer_half(progress: Snapshot, known: Snapshot | None) -> bool:
    """Return whether the judging is nearer to the half of its trainings than in a moment that is known."""
    if not progress.judging or not progress.judging[1]:
        return False
    ended, needed = progress.judging
    before = known.judging if known and known.judging else (0, 0)
    return known is None or abs(ended - needed / 2) < abs(before[0] - before[1] / 2)


def draw(progress: Snapshot, width: int) -> str:
    """Return the screen as SVG."""
    frame = ScreenLayout(progress=progress, hint="Ctrl-C saves what is in training and stops within 30 s")
    return _svg(frame, width, height=SIZES[width], title="hpsearch start digits.toml")


def draw_help(width: int) -> str:
    """Return the help of the program as SVG."""
    words = [sys.executable, "-m", "hpsearch", "--help"]
    variables = {"COLUMNS": str(width), "FORCE_COLOR": "1", "COLORTERM": "truecolor", "TERM": "xterm"}
    run = subprocess.run(words, env=os.environ | variables, capture_output=True, text=True, check=True)  # noqa: S603
    text = Text.from_ansi(run.stdout.strip("\n") + "\n")
    return _svg(text, width, height=text.plain.count("\n") + 2, title="hpsearch --help")


def _svg(shown: RenderableType, width: int, *, height: int, title: str) -> str:
    """Return what a terminal shows as SVG that names fonts of the machine that shows it, and no other."""
    console = Console(
        record=True,
        width=width,
        height=height,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
    )
    console.print(shown, end="")
    name = title.rsplit(maxsplit=1)[-1].strip("-").partition(".")[0]
    svg = console.export_svg(title=title, theme=COLORS, unique_id=f"{name}-{width}")
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
        seen = moments(Path(folder))
    pictures = {f"screen-{width}": draw(seen["search"], width) for width in SIZES}
    pictures |= {"screen-judging-80": draw(seen["judging"], 80), "help-80": draw_help(80)}
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    for name, text in pictures.items():
        svg = HERE / f"{name}.svg"
        svg.write_text(text)
        if browser is not None:
            to_png(svg, browser)
        print(f"{svg.name}: {svg.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()

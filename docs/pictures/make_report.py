"""Makes the pictures of the report: a real study, its page, a real browser, a desk and a phone.

Run: python docs/pictures/make_report.py
"""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import hpsearch
from tests.machine.browser import Visit, browser

HERE = Path(__file__).resolve().parent
SIZES = {"report": (1000, 1640), "report-phone": (390, 1640)}
"""Name of a picture -> width and height of the browser's window."""


def main() -> None:
    """Run the study of the README to its end and take pictures of the beginning of its report."""
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)  # so that the page shows the address that a user sees
        study = hpsearch.start(hpsearch.load_study_file(ROOT / "studies" / "digits.toml"))
        page = Path(folder, "digits.html")
        page.write_text(study.report(), encoding="utf-8")
        with browser() as chromium:
            for name, (width, height) in SIZES.items():
                with Visit(chromium, width=width, height=height) as visit:
                    visit.page.goto(page.as_uri())
                    visit.page.screenshot(path=HERE / f"{name}.png", animations="disabled")
                print(f"{name}.png: {(HERE / f'{name}.png').stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

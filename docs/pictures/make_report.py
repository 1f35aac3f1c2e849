"""Makes the picture of the report: a real study, its page, a real browser.

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
from tests.browser import Visit, browser

PICTURE = Path(__file__).resolve().with_name("report.png")
WIDTH, HEIGHT = 1000, 1640


def main() -> None:
    """Run the study of the README to its end and take a picture of the beginning of its report."""
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)  # so that the page shows the address that a user sees
        study = hpsearch.start(hpsearch.load_study_file(ROOT / "studies" / "digits.toml"))
        page = Path(folder, "digits.html")
        page.write_text(study.report(), encoding="utf-8")
        with browser() as chromium, Visit(chromium, width=WIDTH, height=HEIGHT) as visit:
            visit.page.goto(page.as_uri())
            visit.page.screenshot(path=PICTURE, animations="disabled")
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

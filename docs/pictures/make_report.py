"""Makes the picture of the report: a real study, its page, a real browser.

Run: python docs/pictures/make_report.py
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from playwright.sync_api import sync_playwright

import hpsearch

PICTURE = Path(__file__).resolve().with_name("report.png")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTH, HEIGHT = 1000, 1640


def main() -> None:
    """Run the study of the README to its end and take a picture of the first screen of its report."""
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)  # so that the page shows the address that a user sees
        study = hpsearch.start(hpsearch.load_study_file(ROOT / "studies" / "digits.toml"))
        page = Path(folder, "digits.html")
        page.write_text(study.report(), encoding="utf-8")
        photograph(page)
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size:,} bytes")


def photograph(page: Path) -> None:
    """Take the picture of a page."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        shown = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        shown.goto(page.as_uri())
        shown.screenshot(path=PICTURE, animations="disabled")
        browser.close()


if __name__ == "__main__":
    main()

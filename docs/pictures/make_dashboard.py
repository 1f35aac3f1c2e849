"""Makes the pictures of the dashboard: a real study, a real server, a real browser.

Run: python docs/pictures/make_dashboard.py
"""

import os
import sys
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from playwright.sync_api import Page

import hpsearch
from hpsearch.dashboard import Dashboard, Rules, study_page
from tests.machine.browser import Visit, browser

FOLDER = Path(__file__).resolve().parent
STUDY = ROOT / "studies" / "digits.toml"
SIZES = {"desk": (1280, 860), "phone": (390, 844)}
DRAWN = ".js-plotly-plot .scatterlayer"
PATIENCE_MS = 60_000


def main() -> None:
    """Run a study to its end and take the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)  # so that the pictures show the address that a user sees
        url = "sqlite:///hpsearch.db"
        hpsearch.start(hpsearch.load_study_file(str(STUDY)), storage=url)
        with Dashboard(url, rules=Rules(port=0), report=study_page) as dashboard:
            thread = threading.Thread(target=dashboard.run)
            thread.start()
            try:
                photograph(dashboard.address)
            finally:
                dashboard.stop()
                thread.join()


def photograph(address: str) -> None:
    """Take a picture of each page at each size."""
    with browser() as chromium:
        for size, (width, height) in SIZES.items():
            with Visit(chromium, width=width, height=height) as visit:
                visit.page.goto(address)
                save(visit.page, f"studies-{size}")
                visit.page.goto(f"{address}dashboard/studies/1")
                visit.page.locator(DRAWN).first.wait_for(timeout=PATIENCE_MS)
                visit.page.wait_for_load_state("networkidle")
                save(visit.page, f"dashboard-{size}")


def save(page: Page, name: str) -> None:
    """Write a picture."""
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path, animations="disabled")
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

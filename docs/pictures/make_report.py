"""Makes the pictures of the report: a real study, its page, a real browser; light, dark, phone and print.

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
KINDS = {
    "report": {"width": 1000, "height": 1640},
    "report-dark": {"width": 1000, "height": 1640, "color_scheme": "dark"},
    "report-phone": {"width": 390, "height": 1640},
    "report-print": {"width": 794, "height": 1123},  # a page of A4, at 96 pixels an inch
}
"""Name of a picture -> the browser's window."""
MARGINS = "body{padding:16mm 15mm!important}"
"""The margins of a printed page, which a browser's window does not show."""


def main() -> None:
    """Run the study of the README to its end and take pictures of the beginning of its report."""
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)  # so that the page shows the address that a user sees
        study = hpsearch.start(hpsearch.load_study_file(ROOT / "studies" / "digits.toml"))
        page = Path(folder, "digits.html")
        page.write_text(study.report(), encoding="utf-8")
        with browser() as chromium:
            for name, window in KINDS.items():
                with Visit(chromium, **window) as visit:
                    visit.page.goto(page.as_uri())
                    if name.endswith("print"):
                        visit.page.emulate_media(media="print")
                        visit.page.add_style_tag(content=MARGINS)
                    visit.page.screenshot(path=HERE / f"{name}.png", animations="disabled")
                print(f"{name}.png: {(HERE / f'{name}.png').stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

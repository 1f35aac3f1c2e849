"""Makes the picture of a notebook: three cells, and below each what Jupyter would show for its last line.

The HTML below a cell is what ``_repr_html_`` of its value returns, as Jupyter asks for it.

Run: python docs/pictures/make_notebook.py
"""

import html
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
COLUMNS = ["state", "stage", "value", "params.lr", "params.weight_decay", "params.dropout"]
CELLS = (
    'study = hpsearch.start("studies/digits.toml")\nstudy',
    "study.plot.slice()",
    f"study.trials[{COLUMNS}].nlargest(4, 'value')",
)
STYLE = """
body{margin:0;padding:20px 28px;width:904px;font:14px/1.5 system-ui,sans-serif;background:#fff;color:#15181e}
.in{font:13px/1.5 ui-monospace,Menlo,Consolas,monospace;white-space:pre-wrap;background:#f6f7f9;
border:1px solid #dfe3e8;border-radius:3px;padding:8px 12px;margin:0}
.out{padding:10px 12px 22px}
.dataframe{border-collapse:collapse;font-size:12px}
.dataframe th,.dataframe td{padding:3px 12px;text-align:right;border:0}
.dataframe thead tr{border-bottom:1px solid #bdbdbd}
"""


def page(values: list[object]) -> str:
    """Return the cells, each with what is shown for its value."""
    cells = [
        f'<pre class="in">{html.escape(text)}</pre><div class="out">{value._repr_html_()}</div>'
        for text, value in zip(CELLS, values, strict=True)
    ]
    return f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style>{"".join(cells)}'


def main() -> None:
    """Run the cells with the study of the README, and take a picture of what they show."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "studies").symlink_to(ROOT / "studies")
        os.chdir(folder)
        study = hpsearch.start("studies/digits.toml")
        frame = study.trials[COLUMNS].nlargest(4, "value")
        file = Path(folder, "notebook.html")
        file.write_text(page([study, study.plot.slice(), frame]), encoding="utf-8")
        with browser() as chromium, Visit(chromium, width=960, height=900) as visit:
            visit.page.goto(file.as_uri())
            visit.page.screenshot(path=HERE / "notebook.png", animations="disabled", full_page=True)
        print(f"notebook.png: {(HERE / 'notebook.png').stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

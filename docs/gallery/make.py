"""Draw the gallery: ``python docs/gallery/make.py`` writes the figures and the page beside this file."""

import argparse
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy: the same sums whatever the cores

from figures import PLATES
from look import render
from page import page

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Draw what the command line asks for, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(PLATES)} (all)")
    parser.add_argument("--folder", type=Path, default=HERE, help="where they go (beside this file)")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in PLATES]
    if unknown:
        parser.error(f"expected some of {', '.join(PLATES)}, found {unknown[0]!r}")
    for name in options.names or PLATES:
        start = time.perf_counter()
        render(name, PLATES[name], folder=options.folder)
        print(f"{name} {time.perf_counter() - start:.1f} s", file=sys.stderr)
    (options.folder / "README.md").write_text(page(PLATES), encoding="utf-8")


if __name__ == "__main__":
    main()

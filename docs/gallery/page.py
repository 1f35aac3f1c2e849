"""The page of the gallery."""

from collections.abc import Mapping

from look import Plate

HEAD = """# Gallery

These figures show the topics of the optimisation chapters of a deep-learning course. They use real data.
Every number in a figure comes out of `hpsearch.nn`. `python docs/gallery/make.py` (or `make gallery`) draws
all of them and writes this page, in about a minute; it needs the extra `docs`: `pip install -e '.[docs]'`.
"""


def page(plates: Mapping[str, Plate]) -> str:
    """Return the text of ``README.md``: every figure with its three lines and its setting."""
    return "\n".join([HEAD, *(section(name, plate) for name, plate in plates.items())])


def section(name: str, plate: Plate) -> str:
    """Return the part of one figure."""
    see = "\n".join(f"- {line}" for line in plate.see)
    return f"## {plate.title}\n\n![{plate.title}]({name}.png)\n\n{see}\n\n{plate.setting}\n"

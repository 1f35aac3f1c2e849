"""The colours and type of figures and pages: one accent, greys, and a dark theme, as variables of one class.

Every mark differs from the others in lightness or in shape as well as in colour. Text has a contrast of at
least 4.5 with the surface and marks of at least 2.8, in both themes (a test computes it).
"""

from collections.abc import Mapping

LIGHT: Mapping[str, str] = {
    "surface": "#ffffff",
    "raised": "#f6f7f9",
    "ink": "#15181e",
    "muted": "#5a6270",
    "rule": "#dfe3e8",
    "accent": "#0a5fb4",
    "deep": "#0b3a6b",
    "soft": "#5c9bd8",
    "wash": "#dbe9f7",
    "quiet": "#858e9b",
    "warning": "#b3400a",
}
DARK: Mapping[str, str] = {
    "surface": "#13161b",
    "raised": "#1b1f26",
    "ink": "#eceff3",
    "muted": "#a3acb8",
    "rule": "#2c323b",
    "accent": "#5aa9f4",
    "deep": "#b9dbfb",
    "soft": "#3f7fbe",
    "wash": "#1b3550",
    "quiet": "#747e8b",
    "warning": "#f2935c",
}
SIZE = 11.0
"""The size of the text in figures, in pixels."""

_MARKS = """
.hp svg,svg.hp{display:block;max-width:100%;height:auto;overflow:visible;background:var(--surface);
font:11px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Helvetica Neue",Arial,sans-serif;
font-variant-numeric:tabular-nums}
.hp svg text,svg.hp text{fill:var(--muted)}
.hp svg .strong,svg.hp .strong{fill:var(--ink);font-weight:600}
.hp svg .ink,svg.hp .ink{fill:var(--ink)}
.hp .grid{stroke:var(--rule);fill:none}
.hp .axis{stroke:var(--quiet);fill:none}
.hp .dots{fill:none;stroke-width:5;stroke-linecap:round}
.hp .squares{fill:none;stroke-width:5;stroke-linecap:square}
.hp .glyphs{fill:none;stroke-width:1.3;stroke-linecap:round}
.hp .line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.hp .hair{fill:none;stroke-width:1;stroke-linejoin:round}
.hp .ring{fill:none;stroke:var(--ink);stroke-width:1.6}
.hp .halo{stroke:var(--surface);stroke-width:3px;paint-order:stroke;stroke-linejoin:round}
.hp .labels text{stroke:var(--surface);stroke-width:3px;paint-order:stroke;stroke-linejoin:round}
.hp .faint{opacity:.45}
.hp .hover{fill:none;stroke:transparent;stroke-width:12;stroke-linecap:round;pointer-events:stroke}
.hp .line,.hp .ring,.hp svg text,svg.hp text{pointer-events:none}
.hp .along{stroke-width:8;stroke-linejoin:round}
.hp .hover>:hover{stroke:var(--ink);stroke-opacity:.25}
"""


def _variables(colours: Mapping[str, str]) -> str:
    return ";".join(f"--{name}:{colour}" for name, colour in colours.items())


def style_sheet() -> str:
    """Return the variables of both themes and the classes of marks, for everything inside ``.hp``."""
    names = "".join(
        f".hp .stroke-{name}{{stroke:var(--{name})}}.hp .fill-{name}{{fill:var(--{name})}}" for name in LIGHT
    )
    return (
        f".hp{{{_variables(LIGHT)};color-scheme:light dark}}"
        f"@media screen and (prefers-color-scheme:dark){{.hp{{{_variables(DARK)}}}}}"
        f"{_MARKS}{names}"
    )

"""The figure library: ticks, scales, markup, colours, the figure itself."""

import math
import unicodedata
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hpsearch.report.figures.figure import Canvas, DataTable, Figure, FigureError
from hpsearch.report.figures.markup import Markup, shortened, tag, text_width
from hpsearch.report.figures.palette import DARK, LIGHT
from hpsearch.report.figures.panel import Key, Panel, legend
from hpsearch.report.figures.scales import CategoryAxis, LinearAxis, LogAxis, MirroredAxis, value_scale

NAMES = st.text(max_size=40)


def labels(scale, most=5):
    """Return what is written at a scale's ticks."""
    return [tick.label for tick in scale.ticks(most)]


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        (LinearAxis(low=0, high=0.6), ["0.0", "0.2", "0.4", "0.6"]),
        (LinearAxis(low=-0.5, high=9.5, whole=True), ["0", "2", "4", "6", "8"]),
        (LinearAxis(low=-0.5, high=1.5, whole=True), ["0", "1"]),
        (LinearAxis(low=-3, high=3), ["\N{MINUS SIGN}2", "0", "2"]),
        (LinearAxis(low=0, high=5e8), ["0", "10⁸", "2·10⁸", "3·10⁸", "4·10⁸", "5·10⁸"]),
        (LogAxis(low=1e-7, high=10), ["10⁻⁷", "10⁻⁵", "10⁻³", "10⁻¹", "10¹"]),
        (LogAxis(low=1e-3, high=0.3), ["0.001", "0.01", "0.1"]),
        (LogAxis(low=1, high=10), ["1", "2", "5", "10"]),
        (MirroredAxis(low=0.9, high=0.9999), ["0.9", "0.99", "0.999", "0.9999"]),
        (MirroredAxis(low=0.0, high=0.95), ["0", "0.5", "0.8", "0.9", "0.95"]),
        (CategoryAxis(("relu", "tanh")), ["relu", "tanh"]),
    ],
)
def test_ticks_are_few_round_and_labelled_alike(scale, expected):
    """Each kind of scale has the ticks that a person would have drawn."""
    assert labels(scale, 6 if "5·10⁸" in expected else 5) == expected


RANGES = st.tuples(
    st.floats(-1e9, 1e9, allow_nan=False), st.floats(1e-9, 1e9, allow_nan=False), st.integers(2, 12)
)


@given(RANGES)
def test_linear_ticks_lie_inside_and_differ(numbers):
    """Whatever the range: at most so many, ascending, inside, with labels that tell them apart."""
    low, width, most = numbers
    assume(low + width > low and width > abs(low) * 1e-9)
    ticks = LinearAxis(low=low, high=low + width).ticks(most)
    places = [tick.at for tick in ticks]
    assert len(ticks) <= most
    assert places == sorted(places)
    assert all(0 <= place <= 1 for place in places)


@given(st.floats(-30, 29), st.floats(0.01, 40), st.integers(2, 12))
def test_log_ticks_lie_inside_and_differ(exponent, decades, most):
    """Over any decades there are at least one and at most so many ticks, with different labels."""
    scale = LogAxis(low=10**exponent, high=10 ** min(exponent + decades, 300))
    found = scale.ticks(most)
    assert len(found) <= most
    assert len({tick.label for tick in found}) == len(found)


def test_a_place_on_an_axis():
    """The ends are 0 and 1, the middle of a log range is its geometric mean, a NaN stays one."""
    values = np.array([1e-4, 1e-2, 1.0, np.nan])
    assert LogAxis(low=1e-4, high=1).at(values)[:3] == pytest.approx([0, 0.5, 1])
    assert math.isnan(LogAxis(low=1e-4, high=1).at(values)[3])
    assert MirroredAxis(low=0.9, high=0.999).at(np.array([0.9, 0.99, 0.999, 1.0])) == pytest.approx(
        [0, 0.5, 1, 1]
    )
    assert LinearAxis(low=0, high=2).at(np.array([-1.0, 1.0, 5.0])) == pytest.approx([0, 0.5, 1])
    assert CategoryAxis(("a", "b")).at(np.array([0.0, 1.0])) == pytest.approx([0.25, 0.75])


@pytest.mark.parametrize("low_high", [(1, 1), (2, 1), (0, math.inf), (math.nan, 1)])
@pytest.mark.parametrize("kind", [LinearAxis, LogAxis, MirroredAxis])
def test_a_scale_without_a_range_is_refused(kind, low_high):
    """An axis of no length would divide by zero."""
    with pytest.raises(ValueError, match="expected two finite numbers, the second larger"):
        kind(low=low_high[0], high=low_high[1])


def test_a_logarithm_needs_its_side_of_the_number_line():
    """A log scale begins above 0, a mirrored one ends below 1."""
    with pytest.raises(ValueError, match="expected a number above 0 on a log scale"):
        LogAxis(low=0, high=1)
    with pytest.raises(ValueError, match="expected a number below 1 on a mirrored scale"):
        MirroredAxis(low=0, high=1)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([0.1, 0.9, 0.98], MirroredAxis),
        ([0.1, 0.9, 1.0], MirroredAxis),
        ([0.1, 0.5], LinearAxis),
        ([-3.0, 0.5, 12.0], LinearAxis),
        ([0.7], LinearAxis),
        ([math.nan], LinearAxis),
        ([], LinearAxis),
    ],
)
def test_accuracies_near_one_get_an_axis_of_errors(values, kind):
    """Otherwise, as with a person's own objective, the axis is even; every value lies on it."""
    scale = value_scale(np.array(values), share=True)
    assert type(scale) is kind
    finite = np.array([value for value in values if math.isfinite(value)])
    assert ((scale.at(finite) >= 0) & (scale.at(finite) <= 1)).all()


@given(NAMES)
def test_any_text_is_shown_and_never_a_tag(text):
    """What is put in comes out of a parser as the same text, without what no document may hold."""
    element = ET.fromstring(tag("text", text, label=text))
    bad = {c for c in text if unicodedata.category(c) == "Cc" and c not in "\t\n"} | {"\ufffe", "\uffff"}
    wanted = "".join("\ufffd" if c in bad else c for c in text)
    assert len(element) == 0
    assert (element.text or "") == wanted


def test_markup_is_not_escaped_twice():
    """Elements hold elements; strings beside them are escaped."""
    assert tag("p", tag("b", "<"), "&", class_="x", hidden=None) == '<p class="x"><b>&lt;</b>&amp;</p>'


@given(NAMES, st.integers(0, 300))
def test_a_shortened_text_fits(text, width):
    """It is the text itself where there is room, and else at most as wide; beginning and end stay."""
    found = shortened(text, size=11, width=width)
    if text_width(text, size=11) <= width:
        assert found == text
    else:
        assert "…" in found
        assert text_width(found, size=11) <= width or found == "…"


def test_names_that_begin_alike_still_differ():
    """The middle is cut out."""
    a, b = (shortened(f"activation_number_{n}", size=11, width=60) for n in (1, 2))
    assert a != b
    assert a.startswith("act")


def contrast(a, b):
    """Return the contrast of two colours.

    Source: W3C, "Web Content Accessibility Guidelines 2.2", relative luminance and contrast ratio.
    """

    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return float(np.dot([0.2126, 0.7152, 0.0722], linear))

    high, low = sorted([luminance(a), luminance(b)], reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_marks_can_be_seen(theme):
    """Text has a contrast of 4.5 with what it stands on, marks of 2.8; series differ in lightness."""
    for surface in ("surface", "raised"):
        for name in ("ink", "muted", "accent", "warning"):
            assert contrast(theme[name], theme[surface]) >= 4.5, name
    for name in ("accent", "deep", "soft", "quiet", "muted"):
        assert contrast(theme[name], theme["surface"]) >= 2.8, name
    for a, b in (("accent", "deep"), ("accent", "soft"), ("deep", "soft"), ("soft", "wash")):
        assert contrast(theme[a], theme[b]) >= 1.4, (a, b)


def panel(**sides):
    """Return a panel of 100 by 100 pixels at (20, 10)."""
    scales = {"x": LinearAxis(low=0, high=10), "y": LinearAxis(low=0, high=1)} | sides
    return Panel(left=20, top=10, width=100, height=100, **scales)


def test_marks_are_one_path_with_every_spot_once():
    """Two points on the same spot are one mark, one without a place is none."""
    x, y = np.array([0, 0, 10, np.nan, 5]), np.array([0, 0, 1, 0.5, np.nan])
    drawn = panel().marks(x, y, shape="dots", colour="accent")
    assert drawn == '<path d="M20 110h0M120 10h0" class="dots stroke-accent"></path>'
    assert panel().marks(x[3:], y[3:], shape="dots", colour="accent") == ""


def test_a_hundred_thousand_marks_are_as_many_as_there_is_room_for():
    """Marks less than two pixels apart are one, and none lies further than a pixel from its place."""
    rng = np.random.default_rng(0)
    x, y = rng.uniform(0, 10, 100_000), rng.uniform(size=100_000)
    drawn = panel().marks(x, y, shape="dots", colour="accent")
    assert drawn.count("M") <= 51 * 51
    few = panel().marks(x[:100], y[:100], shape="dots", colour="accent")
    assert 90 <= few.count("M") <= 100


def test_words_of_marks_on_one_spot_stand_below_each_other():
    """Three are shown and the others counted; a point without a place has no mark."""
    x, y = np.array([5.0, 5, 5, 5, 5, np.nan]), np.array([0.5, 0.5, 0.5, 0.5, 0.5, 1])
    drawn = panel().hover(x, y, [f"trial {n}" for n in range(6)])
    title = "<title>trial 0\ntrial 1\ntrial 2\nand 2 more on this spot</title>"
    assert drawn == f'<g class="hover"><path d="M70 60h0">{title}</path></g>'


def test_a_line_is_broken_where_a_point_is_missing():
    """A NaN begins a new piece; steps go on level until the next point."""
    x, y = np.array([0.0, 5, 7, 10]), np.array([0.0, 1, np.nan, 1])
    assert 'd="M20 110L70 10M120 10"' in panel().line(x, y, colour="accent")
    assert 'd="M20 110H70V10M120 10"' in panel().line(x, y, colour="accent", steps=True)


def test_a_legend_takes_as_many_lines_as_it_needs():
    """Entries that do not fit begin a new line."""
    keys = [Key(f"entry number {n}", "dots", "accent") for n in range(4)]
    assert legend(keys, width=900)[1] < legend(keys, width=150)[1]
    assert legend([], width=100) == ("", 0.0)


@pytest.fixture
def figure():
    """Return a small figure."""
    return Figure(
        title="A <b> title",
        text="What it shows.",
        draw=lambda width: Canvas(height=50, content=tag("path", d=f"M0 0H{width:g}")),
        table=DataTable.of(["a", "b"], [["1", "<2>"]] * 150),
    )


def test_a_figure_is_a_document_of_its_own(figure):
    """It has a name, a description and its own colours in both themes."""
    root = ET.fromstring(figure.svg)
    space = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{space}title").text == "A <b> title"
    assert root.find(f"{space}desc").text == "What it shows."
    assert root.get("viewBox") == "0 0 760 50"
    style = root.find(f"{space}style").text
    assert "@media screen and (prefers-color-scheme:dark)" in style
    assert figure._repr_svg_() == figure.svg
    assert "<style>" in figure._repr_html_()
    assert repr(figure) == "Figure('A <b> title'): What it shows."


def test_a_table_says_what_it_leaves_out(figure):
    """A hundred rows, and how to get the others."""
    page = figure.page()
    assert page.count("<tr>") == 101
    assert "The first 100 of 150 rows; hpsearch export writes all of them." in page
    assert "&lt;2&gt;" in page
    assert isinstance(figure.table.markup(), Markup)


def test_a_figure_is_saved_as_its_ending_says(figure, tmp_path):
    """``.svg`` alone, ``.html`` with its table; any other ending is refused, and so is a missing folder."""
    figure.save(tmp_path / "x.svg")
    figure.save(str(tmp_path / "x.html"))
    assert (tmp_path / "x.svg").read_text(encoding="utf-8") == figure.svg
    assert "<table>" in (tmp_path / "x.html").read_text(encoding="utf-8")
    with pytest.raises(FigureError, match=r"expected a file that ends in \.svg or \.html, found '\.png'"):
        figure.save(tmp_path / "x.png")
    with pytest.raises(FigureError, match="expected a file that can be written, found: No such file"):
        figure.save(tmp_path / "missing" / "x.svg")

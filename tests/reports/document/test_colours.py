"""Text and graphics stand out as WCAG 2.2 AA asks, on light pages and on dark ones."""

from __future__ import annotations

import pytest

from impactsim.reports.document.colours import DARK, LIGHT, TONES, paint, stylesheet, variable_of
from impactsim.reports.document.signs import symbols

SCHEMES = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


def luminance(colour: str) -> float:
    shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_that_of_the_standard():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@SCHEMES
def test_text_has_a_contrast_of_4_5(colours):
    pairs = [(text, ground) for text in ("ink", "quiet", "link", "accent") for ground in ("page", "panel")]
    pairs += [(f"on-{tone}", tone) for tone in TONES] + [("ink", "track"), ("course", "page")]
    assert {pair: ratio for pair in pairs if (ratio := contrast(colours[pair[0]], colours[pair[1]])) < 4.5} == {}


@SCHEMES
def test_graphics_have_a_contrast_of_3(colours):
    pairs = [(line, "page") for line in ("outline", "rule", "course")] + [
        ("course", "band"),
        ("outline", "track"),
        ("rule", "track"),
    ]
    assert {pair: ratio for pair in pairs if (ratio := contrast(colours[pair[0]], colours[pair[1]])) < 3} == {}


def test_the_worse_the_darker_so_that_a_grey_print_keeps_the_order():
    shades = [luminance(LIGHT[tone]) for tone in ("low", "medium", "high", "critical")]
    assert shades == sorted(shades, reverse=True)
    assert shades[0] > 4 * shades[2]


def test_every_tone_has_a_shape_of_its_own_and_a_class():
    shapes = symbols()
    bodies = [part.split("</symbol>")[0].split(">", 1)[1] for part in shapes.split("<symbol")[1:]]
    assert len(set(bodies)) == len(TONES)
    assert all(f'id="sign-{tone}"' in shapes and f".tone-{tone} {{" in stylesheet() for tone in TONES)


def test_a_paint_is_found_again_and_another_colour_stays():
    assert [variable_of(paint(name)) for name in LIGHT] == [f"var(--{name})" for name in LIGHT]
    assert variable_of("#123456") == "#123456"


def test_both_schemes_have_the_same_variables():
    assert set(LIGHT) == set(DARK)

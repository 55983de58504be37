"""The colours of a page, for light and for dark, as variables of CSS; and how a drawing asks for them.

The five of a status are told apart by the colour-blind (least CIEDE2000 between two of them after the simulation of Machado,
Oliveira and Fernandes 2009: 25); that of `low` lies between page and `medium` (15). Lightness falls as things get worse, so
that a grey print keeps the order, and each area has an outline, for the light ones alone would not stand out from paper.
"""

from __future__ import annotations

from typing import get_args

from impactsim.reports.document.blocks import Tone

TONES: tuple[Tone, ...] = get_args(Tone)

_STATUS = {
    "good": "#1b7f79",
    "on-good": "#ffffff",
    "low": "#fff6d6",
    "on-low": "#000000",
    "medium": "#ffd54f",
    "on-medium": "#000000",
    "high": "#c65d00",
    "on-high": "#000000",
    "critical": "#5a1a00",
    "on-critical": "#ffffff",
    "unknown": "#c3cbd6",
    "on-unknown": "#000000",
}

LIGHT = {
    **_STATUS,
    "page": "#ffffff",
    "panel": "#f4f6f8",
    "ink": "#1b2027",
    "quiet": "#525b66",
    "accent": "#0f4c63",
    "link": "#0a5687",
    "line": "#d3d9df",
    "rule": "#7f8994",
    "outline": "#333333",
    "track": "#eef1f4",
    "reserve": "#8fb8e8",
    "band": "#b9d3e6",
    "course": "#0a5687",
    "work": "#a9c4d2",
    "vital": "#0f4c63",
}
"""Name of a variable to its colour on a light page and on paper. ``on-good`` is text on ``good``; ``rule`` and ``outline``
are lines that matter, ``line`` those that do not; ``course``, ``work``, ``vital`` are lines and bars of charts."""

DARK = {
    **_STATUS,
    "page": "#12161b",
    "panel": "#1b2128",
    "ink": "#e7eaee",
    "quiet": "#aab3be",
    "accent": "#8ecbe4",
    "link": "#86c5f2",
    "line": "#343d47",
    "rule": "#7d8894",
    "outline": "#ccd3da",
    "track": "#262d35",
    "reserve": "#3f6ea3",
    "band": "#2f536f",
    "course": "#86c5f2",
    "work": "#35566a",
    "vital": "#8ecbe4",
}
"""The same on a dark page."""

_SENTINELS = {f"#fe{i:02x}01": name for i, name in enumerate(LIGHT)}
_PAINTS = {name: sentinel for sentinel, name in _SENTINELS.items()}


def paint(name: str) -> str:
    """Return the colour by which a drawing library is asked for a variable; `variable_of` finds it again."""
    return _PAINTS[name]


def variable_of(colour: str) -> str:
    """Return a colour as CSS: as its variable if it is one of `paint`, else as it is."""
    name = _SENTINELS.get(colour.lower())
    return f"var(--{name})" if name else colour


def stylesheet() -> str:
    """Return the rules that set the variables, and those of the classes ``tone-good`` and so on.

    A class of a tone sets ``--fill`` and ``--on-fill`` for what stands in it.
    """
    tones = "\n".join(f".tone-{tone} {{ --fill: var(--{tone}); --on-fill: var(--on-{tone}); }}" for tone in TONES)
    dark = {name: colour for name, colour in DARK.items() if LIGHT[name] != colour}
    return (
        f":root {{ color-scheme: light dark; {_set(LIGHT)} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {_set(dark)} }} }}\n"
        f"@media print {{ :root {{ color-scheme: light; }} }}\n{tones}\n"
    )


def _set(colours: dict[str, str]) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in colours.items())

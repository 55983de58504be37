"""The style of a page with notices: light, dark and in print, from a narrow telephone on.

Measured against WCAG 2.2, level AA: contrast (1.4.3, 1.4.11), reflow (1.4.10), text spacing (1.4.12), focus (2.4.7), size of
what is tapped (2.5.8). Nothing is fetched: letters are those that the reader's machine has. Lengths follow the direction of the
text (logical properties).
"""

from __future__ import annotations

from impactsim.notices.forms.shapes import SIGNS

LIGHT = {
    "page": "#FFFFFF",
    "ink": "#1A1A1A",
    "quiet": "#505050",
    "link": "#0B4F8A",
    "rule": "#767676",
    "outline": "#333333",
}
DARK = {
    "page": "#121212",
    "ink": "#ECECEC",
    "quiet": "#BDBDBD",
    "link": "#9ECBFF",
    "rule": "#8A8A8A",
    "outline": "#DDDDDD",
}
"""Colours of page, text, quieter text, links, rules, and the outline of signs."""


def style() -> str:
    """Return the style sheet."""
    return _colours(LIGHT) + _DARK_ONLY.format(_colours(DARK)) + _LAYOUT + _badges() + _PRINT.format(_colours(LIGHT))


def _colours(colours: dict[str, str]) -> str:
    return ":root{" + ";".join(f"--{name}:{colour}" for name, colour in colours.items()) + "}\n"


def _badges() -> str:
    return "".join(f".{status}{{background:{sign.fill};color:{sign.ink}}}\n" for status, sign in SIGNS.items())


_DARK_ONLY = "@media (prefers-color-scheme:dark){{{}}}\n"
_PRINT = "@media print{{{}nav{{display:none}}body{{padding:0;font-size:11pt}}section{{break-inside:avoid-page}}}}\n"

_LAYOUT = """\
:root{color-scheme:light dark}
*{box-sizing:border-box}
body{margin:0;padding-block:1.5rem 3rem;padding-inline:1rem;background:var(--page);color:var(--ink);font-family:system-ui,\
"Segoe UI",Roboto,"Helvetica Neue","Noto Sans",Arial,sans-serif;font-size:1.0625rem;line-height:1.6;overflow-wrap:anywhere}
:lang(ja){font-family:"Hiragino Sans","Noto Sans CJK JP","Noto Sans JP","Yu Gothic",Meiryo,sans-serif;line-break:strict}
nav,header,main{max-inline-size:42rem;margin-inline:auto}
h1,h2{line-height:1.3;font-size:1.5rem;margin-block:0 .5rem}
header h1{font-size:1rem;color:var(--quiet)}
p,ul{margin-block:0 .9rem}
ul{padding-inline-start:1.4rem}
li{margin-block-end:.3rem}
p:has(+ul){margin-block-end:.3rem}
a{color:var(--link)}
a:focus-visible,section:focus-visible{outline:3px solid var(--link);outline-offset:2px}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;padding:0}
nav a{display:inline-block;padding-block:.35rem}
section{scroll-margin-block-start:1rem}
section+section{margin-block-start:2rem;padding-block-start:2rem;border-block-start:1px solid var(--rule)}
.when{color:var(--quiet)}
.signs{list-style:none;padding:0}
.signs li{display:flex;flex-wrap:wrap;align-items:center;gap:.3rem .75rem}
.badge{display:inline-flex;align-items:center;gap:.45rem;padding-block:.15rem;padding-inline:.6rem;border:1px solid var(--outline);\
border-radius:.3rem;font-weight:600;-webkit-print-color-adjust:exact;print-color-adjust:exact}
.badge svg{inline-size:1.1em;block-size:1.1em;flex:none;fill:none;stroke:currentColor;stroke-width:1.6;stroke-linejoin:round;\
stroke-linecap:round}
"""

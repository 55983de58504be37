"""A run as a piece of HTML for a notebook: the headline and a table of what was affected. Nothing is fetched."""

from __future__ import annotations

from html import escape

from impactsim.quantities import about_duration, about_share
from impactsim.reports.facts import ComponentFacts, Facts
from impactsim.reports.headline import affected_others, affected_services, headline, lowest_level, name_of, was_down
from impactsim.reports.rests import rests_words
from impactsim.reports.words import Times, clean, times_of

_MOST = 15
# Dark enough for white paper and light enough for a dark notebook.
_COLOURS = {"down": "#c4450c", "degraded": "#b07400", "up": "#2a8a57", "": "inherit"}


def to_html(facts: Facts) -> str:
    """Return a run as HTML: a ``div`` with nothing from elsewhere in it, all text escaped."""
    times = times_of(facts)
    top, *others = (f'<div style="color:{_COLOURS[line.look]}">{escape(line.text)}</div>' for line in headline(facts))
    affected = [*affected_services(facts), *affected_others(facts)]
    parts = [f'<div class="impactsim" style="max-width:60em"><div style="font-weight:bold">{top}</div>', *others]
    if affected:
        titles = ("", "at worst", "down for", "degraded for", "first", "up again")
        rows = "".join(_row(component, facts, times) for component in affected[:_MOST])
        parts.append(f"<table><thead><tr>{''.join(f'<th>{title}</th>' for title in titles)}</tr></thead>")
        parts.append(f"<tbody>{rows}</tbody></table>")
    if len(affected) > _MOST:
        parts.append(f"<div>and {len(affected) - _MOST} more</div>")
    if facts.rests is not None:
        parts.append(f"<div>{escape(rests_words(facts.rests, lambda each: name_of(facts, each)))}</div>")
    return "".join([*parts, "</div>"])


def _row(component: ComponentFacts, facts: Facts, times: Times) -> str:
    is_down, at_end = was_down(component), component.levels[-1][1]
    look = "down" if is_down else "degraded"
    since = next(at_ms for at_ms, level in component.levels if level < 1.0)
    down = "not restored" if at_end <= 0.0 else about_duration(component.down_ms) if component.down_ms else ""
    degraded = about_duration(component.degraded_ms) if component.degraded_ms else ""
    cells = [
        "down" if is_down else about_share(lowest_level(component)),
        down,
        "not restored" if 0.0 < at_end < 1.0 else degraded,
        times.at(since),
        times.at(component.levels[-1][0]) if component.restored else "",
    ]
    name = escape(clean(component.name))
    if component.id not in facts.services:
        name = f"<i>{name}</i>"
    first, *rest = cells
    others = "".join(f"<td>{escape(cell)}</td>" for cell in rest)
    return f'<tr><td style="text-align:left">{name}</td><td style="color:{_COLOURS[look]}">{escape(first)}</td>{others}</tr>'

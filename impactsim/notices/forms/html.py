"""Notices as one page of HTML that needs nothing else: no network, no script.

Each notice is a section in its language, so that it is read aloud and set in the right letters. Every time carries its
instant, every status is a word, a shape and a colour. The page forbids itself to load or run anything. Sources: HTML Living
Standard (``time``, global dates and times); WCAG 2.2 (1.1.1, 1.3.1, 1.4.1, 2.4.1, 2.4.2, 3.1.1, 3.1.2).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape

from impactsim.notices.compose import Item, Notice, Paragraph
from impactsim.notices.forms.harmless import harmless
from impactsim.notices.forms.shapes import badge
from impactsim.notices.forms.style import style
from impactsim.notices.forms.words import joined, labels_of, language_key, status_now
from impactsim.notices.incident import PublicIncident, PublicService, in_language, language_of
from impactsim.notices.moments import Time

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""Content Security Policy of the page: its own style and nothing else."""


def to_html(incident: PublicIncident, notices: Sequence[Notice], annex: Sequence[str] = ()) -> str:
    """Write notices as a page.

    Parameters
    ----------
    incident
        What may be said.
    notices
        The same in sentences: one, or several, each in its language; the page is in that of the first.
    annex
        What responders and partners may read besides, in English, at the end.

    Returns
    -------
    str
        A whole document in form NFC.
    """
    first, is_one = notices[0], len(notices) == 1
    body = [] if is_one else [_languages(notices), _heading(incident, first)]
    sections = "".join(_section(incident, notice, 1 if is_one else 2) for notice in notices)
    body.append(f"<main>\n{sections}{_annex(annex)}</main>\n")
    page = f'<!DOCTYPE html>\n<html lang="{escape(first.language)}">\n{_head(first)}<body>\n{"".join(body)}</body>\n</html>\n'
    return unicodedata.normalize("NFC", page)


def _head(first: Notice) -> str:
    return (
        '<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="format-detection" content="telephone=no">\n'
        f"<title>{_text(first.title)}</title>\n<style>\n{style()}</style>\n</head>\n"
    )


def _languages(notices: Sequence[Notice]) -> str:
    """Return the list of languages, each a way past the ones before it."""
    links = (
        f'<li><a href="#{language_key(each)}" lang="{each.language}">{_text(labels_of(each).language)}</a></li>'
        for each in notices
    )
    label = _text(labels_of(notices[0]).languages)
    return f'<nav aria-label="{label}">\n<ul>\n' + "\n".join(links) + "\n</ul>\n</nav>\n"


def _heading(incident: PublicIncident, first: Notice) -> str:
    return f"<header><h1>{_text(labels_of(first).notice)} {_text(incident.reference)}</h1></header>\n"


def _section(incident: PublicIncident, notice: Notice, level: int) -> str:
    key = language_key(notice)
    state = _text(labels_of(notice).states[incident.state])
    parts = [
        f'<section lang="{notice.language}" id="{key}" tabindex="-1" aria-labelledby="{key}-title">',
        f'<h{level} id="{key}-title">{_text(notice.title)}</h{level}>',
        f'<p class="when">{state} · {_marked(notice.published.text, [notice.published])}</p>',
        *_signs(incident, notice),
        *(line for paragraph in notice.paragraphs for line in _paragraph(notice, paragraph)),
        "</section>\n",
    ]
    return "\n".join(parts)


def _signs(incident: PublicIncident, notice: Notice) -> Iterator[str]:
    """Yield the statuses of the services that are, or were, affected; of none, that all are well."""
    statuses = labels_of(notice).statuses
    if not incident.affected:
        yield f"<p>{badge('operational', statuses['operational'])}</p>"
        return
    yield '<ul class="signs">'
    for service in incident.affected:
        status = status_now(incident, service.status)
        yield f"<li>{_name(service, notice)} {badge(status, statuses[status])}</li>"
    yield "</ul>"


def _name(service: PublicService, notice: Notice) -> str:
    key = language_key(notice)
    tag = language_of(service.name, key) or ""
    return _spoken(in_language(service.name, key), None if tag in {"", key, notice.language} else tag)


def _paragraph(notice: Notice, paragraph: Paragraph) -> Iterator[str]:
    if paragraph.text:
        yield f"<p>{_marked(paragraph.text, paragraph.times)}</p>"
    if paragraph.items:
        yield "<ul>"
        yield from (f"<li>{_item(notice, item)}</li>" for item in paragraph.items)
        yield "</ul>"


def _item(notice: Notice, item: Item) -> str:
    return joined(notice, _spoken(item.text, item.language), _marked(item.until, item.times))


def _spoken(words: str, tag: str | None) -> str:
    """Return words of an author: apart from the direction of the text around them, and in their own language."""
    language = f' lang="{escape(tag)}"' if tag else ""
    return f'<span dir="auto"{language}>{_text(words)}</span>'


def _marked(text: str, times: Sequence[Time]) -> str:
    """Return a text with its times marked, which stand in it in this order."""
    rest, marked = harmless(text), ""
    for time in times:
        before, found, after = rest.partition(harmless(time.text))
        if not found:
            continue
        marked += f'{escape(before)}<time datetime="{_instant(time.at)}">{escape(found)}</time>'
        rest = after
    return marked + escape(rest)


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds" if at.second else "minutes")


def _annex(annex: Sequence[str]) -> str:
    if not annex:
        return ""
    return (
        '<section lang="en">\n<ul>\n' + "\n".join(f"<li>{_text(text)}</li>" for text in annex) + "\n</ul>\n</section>\n"
    )


def _text(text: str) -> str:
    return escape(harmless(text))

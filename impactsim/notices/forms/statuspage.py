"""What Atlassian Statuspage takes to open an incident: the body of ``POST /v1/pages/{page_id}/incidents``. It is written, never sent.

The text is in no markup: what of an author's words a page could take for a tag or a link is written otherwise. Subscribers get
no message unless whoever sends it says so. Source: Statuspage API, schema PostPagesPageIdIncidentsIncident (lengths, defaults).
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from impactsim.notices.compose import Notice, Paragraph
from impactsim.notices.forms.harmless import harmless
from impactsim.notices.forms.json_form import VERSION
from impactsim.notices.forms.words import item_text, labels_of, language_key, status_now
from impactsim.notices.incident import PublicIncident, Status
from impactsim.problems import InvalidInput, Problem

NAME_LIMIT, BODY_LIMIT = 255, 25_000
"""Most characters that Statuspage takes."""
_TAIL = "…"
_LIKE_MARKUP = str.maketrans({"<": "\u2039", ">": "\u203a", "`": "'"})


def to_statuspage(
    incident: PublicIncident, notices: Sequence[Notice], components: Mapping[str, str] | None = None
) -> str:
    """Write a notice for Statuspage, with a line end.

    Parameters
    ----------
    incident
        What may be said.
    notices
        The same in sentences; several are stacked in one body, under the name of the first.
    components
        Ids of components of the page by public name, in any of its languages; those of services that are not affected are
        left alone.

    Raises
    ------
    InvalidInput
        If the text is longer than Statuspage takes.
    """
    value = {"incident": to_object(incident, notices, components or {})}
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def to_object(incident: PublicIncident, notices: Sequence[Notice], components: Mapping[str, str]) -> dict[str, Any]:
    """Return an incident of Statuspage as plain data."""
    return {
        "name": shortened(_plain(notices[0].title), NAME_LIMIT),
        "status": incident.state,
        "body": _body(notices),
        "impact_override": incident.impact,
        "deliver_notifications": False,
        **_components(incident, components),
        "metadata": {
            "impactsim": {
                "notice": VERSION,
                "reference": incident.reference,
                "severity": incident.severity,
                "languages": [language_key(notice) for notice in notices],
            }
        },
    }


def shortened(text: str, limit: int) -> str:
    """Cut a text to so many characters, at the end of a word if there is one in its second half.

    Examples
    --------
    >>> shortened("Service unavailable: orders", 24)
    'Service unavailable:…'
    """
    if len(text) <= limit:
        return text
    end = limit - len(_TAIL)
    while end and unicodedata.category(text[end])[0] == "M":  # a mark belongs to the letter before it
        end -= 1
    space = text.rfind(" ", end // 2, end + 1)
    return text[: end if space < 0 else space].rstrip(" ,;") + _TAIL


def _body(notices: Sequence[Notice]) -> str:
    texts = ["\n\n".join(_paragraph(notice, each) for each in notice.paragraphs) for notice in notices]
    if len(notices) > 1:
        texts = [_under_title(notice, text) for notice, text in zip(notices, texts, strict=True)]
    body = "\n\n".join(texts)
    if len(body) > BODY_LIMIT:
        fault = f"the text for Statuspage has {len(body):,} characters, and it takes {BODY_LIMIT:,}"
        remedy = "write fewer languages into one, or shorten the words of effects, workarounds and contact"
        raise InvalidInput([Problem((), fault, remedy, "statuspage-length")])
    return body


def _under_title(notice: Notice, text: str) -> str:
    return f"{labels_of(notice).language}: {_plain(notice.title)}\n\n{text}"


def _paragraph(notice: Notice, paragraph: Paragraph) -> str:
    items = [f"- {_plain(item_text(notice, item))}" for item in paragraph.items]
    return "\n".join([*([_plain(paragraph.text)] if paragraph.text else []), *items])


def _plain(text: str) -> str:
    """Return a text that is text in HTML and in Markdown too: no tag, no link, no code."""
    return harmless(text).translate(_LIKE_MARKUP).replace("](", "] (").replace("][", "] [")


def _components(incident: PublicIncident, ids: Mapping[str, str]) -> dict[str, Any]:
    """Return the affected components of the page and their statuses; nothing if there is none."""
    statuses: dict[str, Status] = {}
    for service in incident.affected:
        found = next((ids[name] for name in service.name.values() if name in ids), None)
        if found is not None:
            statuses.setdefault(found, status_now(incident, service.status))  # the worst comes first
    return {"component_ids": list(statuses), "components": statuses} if statuses else {}

"""What several forms say alike: the labels of a notice's language, how an entry of a list reads, which status is shown."""

from __future__ import annotations

from impactsim.notices.catalogue import Labels, catalogue
from impactsim.notices.compose import Item, Notice
from impactsim.notices.incident import PublicIncident, Status
from impactsim.notices.telling import is_over


def language_key(notice: Notice) -> str:
    """Return what a notice is written in, one of `NOTICE_LANGUAGES`: its tag, and its variant if it is one."""
    return f"{notice.language}-{notice.variant}" if notice.variant else notice.language


def labels_of(notice: Notice) -> Labels:
    """Return the words of its language that stand outside of the sentences of a notice."""
    return catalogue(language_key(notice)).labels


def item_text(notice: Notice, item: Item) -> str:
    """Return all that an entry of a list says: the author's words, and the sentence behind them."""
    return joined(notice, item.text, item.until)


def joined(notice: Notice, first: str, second: str) -> str:
    """Join sentences as the language does: Japanese puts no space between its own, plain Japanese does."""
    is_closed_up = language_key(notice) == "ja" and not first[-1:].isascii()
    return first + ("" if is_closed_up or not (first and second) else " ") + second


def status_now(incident: PublicIncident, status: Status) -> Status:
    """Return what a status page shows now of a service: of one that is back, not the worst status that it had."""
    return "operational" if is_over(incident) else status

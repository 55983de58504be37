"""The few words of a form that stand outside of the sentences: statuses, states, names of languages. Not yet read by native speakers."""

from __future__ import annotations

from dataclasses import dataclass

from impactsim.notices.compose import Item, Notice
from impactsim.notices.incident import PublicIncident, State, Status
from impactsim.notices.telling import is_over


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language."""

    language: str
    """Its own name."""
    languages: str
    """What a list of languages is called."""
    notice: str
    """What a notice is called."""
    statuses: dict[Status, str]
    states: dict[State, str]


def words_of(language: str) -> Words:
    """Return the words of a language.

    Parameters
    ----------
    language
        One of `impactsim.notices.catalogue.NOTICE_LANGUAGES`.
    """
    return _WORDS[language]


def language_key(notice: Notice) -> str:
    """Return what a notice is written in, one of `NOTICE_LANGUAGES`: its tag, and its variant if it is one."""
    return f"{notice.language}-{notice.variant}" if notice.variant else notice.language


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


def _words(language: str, languages: str, notice: str, statuses: tuple[str, ...], states: tuple[str, ...]) -> Words:
    working, degraded, partial, major = statuses
    investigating, identified, monitoring, resolved = states
    return Words(
        language,
        languages,
        notice,
        {
            "operational": working,
            "degraded_performance": degraded,
            "partial_outage": partial,
            "major_outage": major,
        },
        {
            "investigating": investigating,
            "identified": identified,
            "monitoring": monitoring,
            "resolved": resolved,
        },
    )


_WORDS = {
    "en": _words(
        "English",
        "Languages",
        "Service notice",
        ("Working", "Limited or slow", "Unavailable for some users", "Unavailable"),
        ("Under investigation", "Fault located", "Under observation", "Resolved"),
    ),
    "it": _words(
        "Italiano",
        "Lingue",
        "Avviso sul servizio",
        ("Regolare", "Con limitazioni", "Non disponibile per alcuni utenti", "Non disponibile"),
        ("In verifica", "Guasto individuato", "In osservazione", "Risolto"),
    ),
    "de": _words(
        "Deutsch",
        "Sprachen",
        "Störungsmeldung",
        ("Verfügbar", "Eingeschränkt", "Für einen Teil der Nutzer nicht verfügbar", "Nicht verfügbar"),
        ("Wird untersucht", "Fehler gefunden", "Wird beobachtet", "Behoben"),
    ),
    "fr": _words(
        "Français",
        "Langues",
        "Avis de service",
        ("Disponible", "Perturbé", "Indisponible pour certains utilisateurs", "Indisponible"),
        ("En cours d\u2019analyse", "Panne localisée", "Sous surveillance", "Résolu"),
    ),
    "ja": _words(
        "日本語",
        "言語",
        "サービスに関するお知らせ",
        ("正常", "利用しづらい状況", "一部のお客様が利用不可", "停止中"),
        ("調査中", "対応中", "経過観察中", "復旧済み"),
    ),
    "ja-easy": _words(
        "やさしい日本語",
        "ことば",
        "サービスの おしらせ",
        ("いつもどおり つかえます", "つかいにくい ときが あります", "つかえない 人が います", "つかえません"),
        ("しらべて います", "なおして います", "ようすを みて います", "なおりました"),
    ),
    "vi": _words(
        "Tiếng Việt",
        "Ngôn ngữ",
        "Thông báo dịch vụ",
        ("Hoạt động bình thường", "Chậm hoặc bị hạn chế", "Gián đoạn đối với một số khách hàng", "Gián đoạn"),
        ("Đang kiểm tra", "Đang khắc phục", "Đang theo dõi", "Đã khắc phục"),
    ),
}

"""What is missing for a notice to customers: DR15."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from impactsim.audit.findings import Severity
from impactsim.model.system import Component
from impactsim.review.facts import PlanFinding
from impactsim.review.ground import Ground
from impactsim.review.told import listed

_CUSTOMERS = "customers"


def findings(ground: Ground) -> list[PlanFinding]:
    """Return what is missing for customers to be told of each service of the plan, in each of its languages.

    Parameters
    ----------
    ground
        Plan and system.
    """
    languages = languages_of(ground)
    found = list(_contact(ground, languages))
    for service in ground.plan.services:
        found += _service(ground, service, languages)
    return found


def languages_of(ground: Ground) -> tuple[str, ...]:
    """Return the tags of the languages in which customers are to be told: those of the plan, else those of the system's words."""
    if ground.plan.languages:
        return ground.plan.languages
    notices = ground.system.notices
    found = dict.fromkeys((*notices.contact, *notices.zones))
    for component in ground.system.components.values():
        for words in _spoken(component).values():
            found |= dict.fromkeys(words)
    return tuple(sorted(tag for tag in found if tag))


def _spoken(component: Component) -> dict[str, Mapping[str, str]]:
    """Return what customers are told of a component, by what it is called."""
    several = len(component.workarounds) > 1
    offers = {
        f"workaround {place}" if several else "workaround": offer.text
        for place, offer in enumerate(component.workarounds, start=1)
    }
    return {"public_name": component.public_name, **offers}


# The organisation.


def _contact(ground: Ground, languages: tuple[str, ...]) -> Iterator[PlanFinding]:
    contact = ground.system.notices.contact
    services = tuple(ground.plan.services)
    if contact:
        yield from _words("contact", services, "how customers reach us", {"contact": contact}, languages)
    elif _CUSTOMERS not in ground.plan.contacts:
        yield PlanFinding(
            id="DR15/contact",
            code="DR15",
            severity=Severity.MEDIUM,
            text="a notice cannot say how customers reach us",
            services=services,
            evidence=(
                "the system has no notices.contact",
                f"the plan has no contact {_CUSTOMERS}",
            ),
            remedy="write under notices.contact how customers reach us, on a way that does not fail with the services",
        )


# A service.


def _service(ground: Ground, service: str, languages: tuple[str, ...]) -> Iterator[PlanFinding]:
    component = ground.system.components[service]
    if not component.public_name:
        text = f"{service} has no name that customers know, and so stands in no notice"
        evidence = (f"the system has no public_name for {service}",)
        yield _finding(service, "public-name", Severity.MEDIUM, text, evidence, f"give {service} a public_name")
    if not component.workarounds:
        text = f"nobody says what customers can do while {service} is down"
        evidence = (f"the system has no workarounds for {service}",)
        remedy = f"give {service} a workaround with its words, if there is any"
        yield _finding(service, "workaround", Severity.LOW, text, evidence, remedy)
    said = _spoken(component)
    silent = [what for what, words in said.items() if not words and what != "public_name"]
    if silent:
        text = f"customers cannot be told of the {listed(silent)} of {service}: there are no words for it"
        evidence = (f"the text of the {listed(silent)} is empty",)
        yield _finding(
            service, "no-words", Severity.MEDIUM, text, evidence, "write what people can do, in each language"
        )
    spoken = {what: words for what, words in said.items() if words}
    yield from _words(service, (service,), f"notices on {service}", spoken, languages)


# Languages.


def _words(
    place: str,
    services: tuple[str, ...],
    what: str,
    spoken: Mapping[str, Mapping[str, str]],
    languages: tuple[str, ...],
) -> Iterator[PlanFinding]:
    """Yield what is not there in a language: gone without words at all, or only in words for all languages."""
    missing: dict[str, list[str]] = {}
    general: dict[str, list[str]] = {}
    for language in languages:
        for name, words in spoken.items():
            if not _has(words, language):
                (general if words.get("") else missing).setdefault(language, []).append(name)
    remedy = f"write it in {{}}, under {place}" if place == "contact" else f"write the words of {place} in {{}}"
    for each, kind, severity, how in (
        (missing, "words", Severity.MEDIUM, "missing in"),
        (general, "fallback", Severity.LOW, "there only in the words for all languages, not in"),
    ):
        if each:
            tags = listed(list(each))
            text = f"{what}: words are {how} {tags}"
            evidence = tuple(f"{language}: {listed(names)}" for language, names in each.items())
            yield _finding(place, kind, severity, text, evidence, remedy.format(tags), services)


def _has(words: Mapping[str, str], language: str) -> bool:
    """Tell whether there are words in a language, or in that of which it is a form: ``ja`` for ``ja-easy``."""
    return bool(words.get(language) or words.get(language.partition("-")[0]))


def _finding(
    place: str,
    what: str,
    severity: Severity,
    text: str,
    evidence: tuple[str, ...],
    remedy: str,
    services: tuple[str, ...] | None = None,
) -> PlanFinding:
    return PlanFinding(
        id=f"DR15/{place}/{what}",
        code="DR15",
        severity=severity,
        text=text,
        services=(place,) if services is None else services,
        evidence=evidence,
        remedy=remedy,
        components=(place,) if services is None else (),
    )

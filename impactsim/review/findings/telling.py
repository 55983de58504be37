"""What is missing for a notice to customers: DR15."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from impactsim.audit.findings import Severity
from impactsim.model.system import Component
from impactsim.review.facts import PlanFinding
from impactsim.review.findings.ground import Ground
from impactsim.review.findings.told import listed

_CUSTOMERS = "customers"


def findings(ground: Ground) -> list[PlanFinding]:
    """Return what is missing for customers to be told of each service of the plan, in each of its languages.

    Parameters
    ----------
    ground
        Plan and system.
    """
    languages = languages_of(ground)
    found = list(_contact(ground))
    for service in ground.plan.services:
        found += _service(ground, service)
    return [*found, *_languages(ground, languages)]


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


def _contact(ground: Ground) -> Iterator[PlanFinding]:
    if not ground.system.notices.contact and _CUSTOMERS not in ground.plan.contacts:
        yield PlanFinding(
            id="DR15/contact",
            code="DR15",
            severity=Severity.MEDIUM,
            text="a notice cannot say how customers reach us",
            services=tuple(ground.plan.services),
            evidence=(
                "the system has no notices.contact",
                f"the plan has no contact {_CUSTOMERS}",
            ),
            remedy="write under notices.contact how customers reach us, on a way that does not fail with the services",
        )


# A service.


def _service(ground: Ground, service: str) -> Iterator[PlanFinding]:
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
    silent = [what for what, words in _spoken(component).items() if not words and what != "public_name"]
    if silent:
        text = f"customers cannot be told of the {listed(silent)} of {service}: there are no words for it"
        evidence = (f"the text of the {listed(silent)} is empty",)
        yield _finding(
            service, "no-words", Severity.MEDIUM, text, evidence, "write what people can do, in each language"
        )


def _finding(
    service: str, what: str, severity: Severity, text: str, evidence: tuple[str, ...], remedy: str
) -> PlanFinding:
    return PlanFinding(
        id=f"DR15/{service}/{what}",
        code="DR15",
        severity=severity,
        text=text,
        services=(service,),
        evidence=evidence,
        remedy=remedy,
        components=(service,),
    )


# Languages: whoever writes words in one writes all of them, and so each is one finding.

_CONTACT = "contact"


def _languages(ground: Ground, languages: tuple[str, ...]) -> Iterator[PlanFinding]:
    """Yield what is not there in a language: gone without words at all, or only in words for all languages.

    Where there is one language only, words for all languages are in it.
    """
    spoken = {name: _with_words(ground, name) for name in ground.plan.services}
    if ground.system.notices.contact:
        spoken = {_CONTACT: {_CONTACT: ground.system.notices.contact}, **spoken}
    for language in languages:
        missing: dict[str, list[str]] = {}
        general: dict[str, list[str]] = {}
        for place, what in spoken.items():
            for name, words in what.items():
                if not _has(words, language):
                    (general if words.get("") else missing).setdefault(place, []).append(name)
        if missing:
            yield _gap(ground, language, "words", missing, Severity.MEDIUM)
        if general and len(languages) > 1:
            yield _gap(ground, language, "fallback", general, Severity.LOW)


def _with_words(ground: Ground, service: str) -> dict[str, Mapping[str, str]]:
    said = _spoken(ground.system.components[service])
    return {what: words for what, words in said.items() if words}


def _gap(ground: Ground, language: str, what: str, places: Mapping[str, list[str]], severity: Severity) -> PlanFinding:
    services = tuple(ground.plan.services) if _CONTACT in places else tuple(places)
    how = "missing in" if what == "words" else "there only in the words for all languages, not in"
    whose = listed(["how customers reach us" if each == _CONTACT else each for each in places])
    return PlanFinding(
        id=f"DR15/{what}/{language}",
        code="DR15",
        severity=severity,
        text=f"words for notices are {how} {language}: those of {whose}",
        services=services,
        evidence=tuple(
            "notices.contact of the system" if place == _CONTACT else f"{place}: {listed(names)}"
            for place, names in places.items()
        ),
        remedy=f"write them in {language}, beside those of the system",
        components=tuple(each for each in places if each != _CONTACT),
    )


def _has(words: Mapping[str, str], language: str) -> bool:
    """Tell whether there are words in a language, or in that of which it is a form: ``ja`` for ``ja-easy``."""
    return bool(words.get(language) or words.get(language.partition("-")[0]))

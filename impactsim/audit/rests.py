"""What findings rest on: by which facts what they speak of takes down the services that they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from impactsim.audit.estate import Estate
from impactsim.audit.findings import Finding
from impactsim.model.provenance import SURENESS, Confidence
from impactsim.rests.footing import Footing
from impactsim.rests.shares import Rests, least

_ABOUT_DOUBTS = "unverified"


def rests_of_findings(estate: Estate, findings: Iterable[Finding]) -> Rests | None:
    """Say what findings rest on; those that are about doubtful facts anyway are left out.

    Returns
    -------
    Rests
        Of each finding the least sure of its services counts; the shares are of the users of all services that findings name (of these
        services, where there are no users). None where nothing was found, and where all is declared.
    """
    footing = Footing(estate.system)
    if footing.is_declared:
        return None
    has_users = estate.people > 0.0
    sure: dict[str, Confidence] = {}
    amounts: dict[Confidence, float] = dict.fromkeys(SURENESS, 0.0)
    for finding in findings:
        if finding.kind != _ABOUT_DOUBTS:
            services = _sure_of_services(estate, footing, finding)
            own = _least(estate, _hit(estate, finding))
            sure[finding.id] = least((*services.values(), own))
            for name, word in services.items():
                amounts[word] += footing.people.get(name, 0.0) if has_users else 1.0
    unit = f"{'users' if has_users else 'services'} that findings hit"
    return footing.worth_telling(Rests(sure, amounts, unit, "finding")) if sure else None


def needs_below(estate: Estate, components: Iterable[int]) -> dict[Confidence, int] | None:
    """Return how many needs of each confidence some components rest on, by number; None where all of the system is declared."""
    footing = Footing(estate.system)
    return None if footing.is_declared else footing.needs_below(estate.id_of(each) for each in components)


def _sure_of_services(estate: Estate, footing: Footing, finding: Finding) -> dict[str, Confidence]:
    """Return how sure it is of each service of a finding that it is hit: by the best way from what fails.

    What no failure takes down, such as a copy of no use, is as sure as what is known of the things that are named.
    """
    hit = _hit(estate, finding)
    ways = footing.reached(hit, finding.services, is_hard=True)
    known = [name for name in finding.services if name in estate.system.components]
    return {name: ways[name] if name in ways else _least(estate, [*hit, name]) for name in known}


def _hit(estate: Estate, finding: Finding) -> list[str]:
    return [name for event in finding.events for name in _struck(estate, event)]


def _struck(estate: Estate, event: str) -> Iterator[str]:
    """Yield the ids of what an event of a finding hits."""
    if event in estate.system.components:
        yield event
        return
    cause = estate.system.common_causes.get(event.removeprefix("common cause "))
    yield from () if cause is None else cause.strikes


def _least(estate: Estate, components: Iterable[str]) -> Confidence:
    return least(estate.system.components[name].confidence for name in components)

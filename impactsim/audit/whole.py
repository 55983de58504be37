"""The whole audit of a system: the findings of every part, and the exact answers of its services."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from impactsim.audit import (
    bypassed,
    concentration,
    copies,
    guesses,
    redundancy,
    repair,
    restart,
    single_points,
    suspicion,
)
from impactsim.audit.asked import MOST_SERVICES, AuditAsked
from impactsim.audit.complete import complete_cut_sets
from impactsim.audit.concentration import concentrations
from impactsim.audit.estate import MINUTES_A_YEAR, Estate
from impactsim.audit.facts import AuditFacts, NamedCutSet, Probability, ServiceFacts
from impactsim.audit.findings import Finding, ranked
from impactsim.audit.holders import Concentration
from impactsim.audit.restart_plan import Restarting
from impactsim.audit.rests import rests_of_findings
from impactsim.exact.answers import Answers, CutSet
from impactsim.exact.formula import EVENT, Formula
from impactsim.model.system import System
from impactsim.problems import Problem

_MOST_EQUALS = 100  # single points with the same users, of which the first in the series is looked for
_MOST_CUT_SETS = 1000  # of a service; nobody reads more, and they are there for who asks for them
_BEFORE = (single_points.findings, redundancy.findings, bypassed.findings, copies.findings, suspicion.findings)


def audit(system: System, asked: AuditAsked | None = None, problems: Iterable[Problem] = ()) -> AuditFacts:
    """Audit a system.

    Parameters
    ----------
    system
        A system that the rules found right.
    asked
        What to look at; every name in it is in the system.
    problems
        Warnings about the system.
    """
    asked = asked or AuditAsked()
    estate = Estate(system, asked.unknown)
    services = [estate.names.index[name] for name in asked.services] or estate.services
    parts = Parts(Restarting(estate), concentrations(estate, services))
    found = ranked(findings_of(estate, asked, services, parts))
    told = service_facts(estate, asked, services, found)
    return AuditFacts(
        system=system.name,
        criterion=asked.criterion,
        people=estate.people,
        services=told,
        findings=tuple(found),
        n_events=sum(each.can_fail for each in estate.chances),
        n_unknown=sum(not each.is_known for each in estate.chances),
        assumed=estate.ids_of(event for event, each in enumerate(estate.chances) if each.is_assumed),
        scenario="" if asked.scenario is None else asked.scenario.scenario.name,
        worst=worst_of(estate, found),
        restart=parts.restarting.plan,
        concentration=parts.concentration,
        warnings=tuple(problems),
        notes=tuple(_notes(estate, asked, told)),
        rests=rests_of_findings(estate, found),
    )


class Parts(NamedTuple):
    """What is worked out once, and told both as findings and by itself."""

    restarting: Restarting
    concentration: Concentration


def findings_of(estate: Estate, asked: AuditAsked, services: Collection[int], parts: Parts) -> list[Finding]:
    """Return what every part of the audit found, in the order of the parts."""
    found = [finding for part in _BEFORE for finding in part(estate, services)]
    found += restart.findings_of(parts.restarting, services)
    found += repair.findings(estate, services)
    found += concentration.findings(estate, services, parts.concentration)
    found += guesses.findings(estate, services)
    if asked.scenario is not None:
        found += _findings_under(estate, asked, services)
    return found


def _findings_under(estate: Estate, asked: AuditAsked, services: Collection[int]) -> list[Finding]:
    """Return what the scenario shows; the system with its changes is the one that it is about."""
    from impactsim.audit.under_scenario import findings_under

    assert asked.scenario is not None, "it was asked for"
    system = asked.scenario.system
    if system == estate.system:
        return findings_under(estate, asked.scenario, services)
    changed = Estate(system, asked.unknown)
    there = [changed.names.index[name] for name in map(estate.id_of, services) if name in changed.names.index]
    return findings_under(changed, asked.scenario, there)


def worst_of(estate: Estate, found: Iterable[Finding]) -> str:
    """Return the id of the single point of failure that most users feel; of equals that of most services and components.

    So, of things in series, the first one leads: what takes down all the others.
    """
    alone = [finding for finding in found if finding.kind == "single-point"]
    most = max(((each.users, len(each.services)) for each in alone), default=None)
    worst = [each for each in alone if (each.users, len(each.services)) == most][:_MOST_EQUALS]
    sizes = [
        (-len(estate.down(*map(estate.event_of, each.events))), -(each.lost_user_minutes or 0.0), each.id)
        for each in worst
    ]
    return min(sizes, default=(0, 0.0, ""))[2]


# What is said of each service.


def service_facts(
    estate: Estate, asked: AuditAsked, services: Sequence[int], found: Sequence[Finding]
) -> dict[str, ServiceFacts]:
    """Return the exact answers of the services; of those that most people use, where there are very many."""
    chosen = chosen_services(estate, asked, services)
    answers = estate.answers(asked.criterion)
    structure = estate.structure(asked.criterion)
    nodes = [structure.down(service) for service in chosen]
    n_unknown = count_unknown(estate, structure.formula, nodes)
    named: dict[str, list[str]] = {}
    for finding in found:
        for service_id in finding.services:
            named.setdefault(service_id, []).append(finding.id)
    facts = {}
    for service, node, n in zip(chosen, nodes, n_unknown, strict=True):
        name = estate.id_of(service)
        facts[name] = _service(estate, answers, asked, service, node, n, tuple(named.get(name, ())))
    return facts


def chosen_services(estate: Estate, asked: AuditAsked, services: Sequence[int]) -> Sequence[int]:
    """Return the services of which the exact answers are told, in the order of the file."""
    if asked.services or len(services) <= MOST_SERVICES:
        return services
    by_users = sorted(services, key=lambda service: -estate.users_of.get(service, 0.0))  # stable
    return sorted(by_users[:MOST_SERVICES])


def _service(
    estate: Estate,
    answers: Answers,
    asked: AuditAsked,
    service: int,
    node: int,
    n_unknown: int,
    findings: tuple[str, ...],
) -> ServiceFacts:
    name = estate.id_of(service)
    interval = answers.probability(node)
    cut_sets, complete_to = complete_cut_sets(answers, node, asked.order)
    if len(cut_sets) > _MOST_CUT_SETS:
        complete_to = len(in_order(cut_sets)[_MOST_CUT_SETS].events) - 1
        cut_sets = in_order(cut_sets)[:_MOST_CUT_SETS]
    users = estate.users_of.get(service, 0.0)
    return ServiceFacts(
        id=name,
        name=estate.system.components[name].name or name,
        users=users,
        probability=Probability(interval.low, interval.high),
        n_unknown=n_unknown,
        cut_sets=tuple(named_cut_set(estate, each) for each in in_order(cut_sets)),
        n_cut_sets=answers.count(node),
        complete_to=complete_to,
        lost_user_minutes=users * interval.low * MINUTES_A_YEAR,
        findings=findings,
        most_lost_user_minutes=None if interval.is_exact else users * interval.high * MINUTES_A_YEAR,
    )


def in_order(cut_sets: Iterable[CutSet]) -> list[CutSet]:
    """Return cut sets, the smallest first, of equals the likeliest, of those in the order of their events."""
    return sorted(cut_sets, key=lambda each: (len(each.events), -each.probability, each.events))


def named_cut_set(estate: Estate, cut_set: CutSet) -> NamedCutSet:
    """Return a cut set with the ids of its events."""
    is_known = all(estate.chances[event].is_known for event in cut_set.events)
    return NamedCutSet(estate.ids_of(cut_set.events), cut_set.probability, is_known)


def count_unknown(estate: Estate, formula: Formula, nodes: Sequence[int]) -> list[int]:
    """Return of how many events below each node nobody says how often they happen.

    Each node of the formula hands the set of those above it, one bit each, down to its arguments: all are counted in one walk.
    """
    above: dict[int, int] = {}
    for i, node in enumerate(nodes):
        above[node] = above.get(node, 0) | (1 << i)
    counts = [0] * len(nodes)
    for node in reversed(formula.below(nodes)):
        bits = above[node]
        if formula.kind[node] == EVENT:
            event = formula.args[node][
                0
            ]  # behind all events stand the strikes of common causes, whose chances are known
            if event < estate.n_events and not estate.chances[event].is_known:
                for i in _ones(bits):
                    counts[i] += 1
            continue
        for argument in formula.args[node]:
            above[argument] = above.get(argument, 0) | bits
    return counts


def _ones(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def _notes(estate: Estate, asked: AuditAsked, told: Mapping[str, ServiceFacts]) -> Iterator[str]:
    n_services = len(estate.services)
    if not asked.services and n_services > MOST_SERVICES:
        yield (
            f"Cut sets and probabilities are told of the {MOST_SERVICES:,} of {n_services:,} services that most people use; "
            "--service ID for any other"
        )
    less = [each for each in told.values() if each.complete_to < asked.order]
    if less:
        n, least = len(less), min(each.complete_to for each in less)
        yield (
            f"Of {n:,} service{'s' if n > 1 else ''} not all cut sets up to order {asked.order} are told: they are too many, or too hard "
            f"to find; up to order {least} all are there"
        )

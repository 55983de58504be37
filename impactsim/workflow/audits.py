"""Questions without a clock: the audit, cut sets, importances, the choice of a backup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from os import PathLike
from typing import TYPE_CHECKING, Any

from impactsim.collector import collector_paused
from impactsim.exact.propagation import Criterion
from impactsim.files.reading import LoadedScenario, LoadedSystem, load_scenario, validate_scenario
from impactsim.results import Audit, BackupChoice, CutSets, Importances
from impactsim.workflow.given import Source, loaded_system

if TYPE_CHECKING:
    from impactsim.audit.asked import AuditAsked
    from impactsim.audit.estate import Estate
    from impactsim.audit.facts import AuditChange, AuditFacts
    from impactsim.files.variants import Given, Variant
    from impactsim.reports.exact.assemble import CutSetsAsked
    from impactsim.reports.exact.facts import Sort

# What asks is imported when it is asked for: a single run needs none of it.


def audit_system(
    system: str | PathLike[str] | Mapping[str, Any],
    asked: AuditAsked | None = None,
    *,
    scenario: str | PathLike[str] | Mapping[str, Any] | None = None,
    what_ifs: Sequence[Given | Sequence[Mapping[str, Any]]] = (),
) -> Audit:
    """Say what backups share, what takes a service down, whether all can start again, and what changes would close.

    Parameters
    ----------
    system
        A file, or its content as a mapping: a system, or a scenario, of which the system with its changes counts.
    asked
        What to look at: everything, if absent.
    scenario
        A scenario of this system, a file or its content: which backups are down when they are needed in it?
    what_ifs
        Each a file, its content as a mapping with ``name`` and ``changes``, or a list of such mappings.

    Raises
    ------
    InvalidInput
        With every problem of the files, if one of them is an error.
    UnknownName
        If something was asked for that is not in the system (a ValueError).
    """
    from impactsim.audit.asked import AuditAsked, UnknownName, demand_names
    from impactsim.audit.changes import change_between
    from impactsim.files.variants import load_variants

    today, *changed = load_variants(system, what_ifs)
    scenes: list[LoadedScenario | None] = [None] * (1 + len(changed))
    if scenario is not None:
        loaded = validate_scenario(dict(scenario)) if isinstance(scenario, Mapping) else load_scenario(str(scenario))
        scenes = [replace(loaded, system=each.system) for each in load_variants(scenario, what_ifs)]
    asked = replace(asked or AuditAsked(), scenario=scenes[0])
    demand_names(today.system, asked)
    with collector_paused():
        facts = _audit(today, asked)
        changes: list[AuditChange] = []
        for each, scene in zip(changed, scenes[1:], strict=True):
            there = tuple(name for name in asked.services if name in each.system.components)
            if asked.services and not there:
                raise UnknownName("what-if", f"with '{each.name}' none of the services asked about is left")
            after = _audit(each, replace(asked, services=there, scenario=scene))
            changes.append(change_between(each.name, facts, after))
    return Audit(facts, tuple(changes))


def _audit(variant: Variant, asked: AuditAsked) -> AuditFacts:
    from impactsim.audit.whole import audit

    return audit(variant.system, asked, variant.problems)


def cutsets(
    system: Source | LoadedSystem, component: str, asked: CutSetsAsked | None = None, *, unknown: float = 0.0
) -> CutSets:
    """Say which failures together take a component down: its minimal cut sets.

    Parameters
    ----------
    system
        A system or a scenario, of which the system with its changes counts: a file, its content, or what was loaded.
    component
        Id of a service, or of any other component.
    asked
        Which of the cut sets, 1,000,000 at most; the 20 smallest if absent.
    unknown
        Probability of what nobody says how often it fails.

    Raises
    ------
    InvalidInput
        With every problem of the files, if one of them is an error.
    UnknownName
        If there is no such component, or if there are too many of the cut sets asked for (a ValueError).
    """
    from impactsim.reports.exact.assemble import CutSetsAsked, cut_sets_of

    with _estate(system, unknown, [("component", component)]) as estate:
        return CutSets(cut_sets_of(estate, estate.names.index[component], asked or CutSetsAsked()))


def importance(
    system: Source | LoadedSystem,
    component: str | None = None,
    *,
    criterion: Criterion = Criterion.DOWN,
    sort: Sort | None = None,
    unknown: float = 0.0,
) -> Importances:
    """Say how much each failure matters to a component, or to the users of all services.

    Parameters
    ----------
    system
        A system or a scenario, of which the system with its changes counts: a file, its content, or what was loaded.
    component
        Id of a service, or of any other component; the user-minutes lost a year of all services if absent.
    criterion
        What counts as failed.
    sort
        By which figure they are sorted.
    unknown
        Probability of what nobody says how often it fails.

    Raises
    ------
    InvalidInput
        With every problem of the files, if one of them is an error.
    UnknownName
        If there is no such component, or nothing that could be worked out of it (a ValueError).
    """
    from impactsim.reports.exact.assemble import importance_of

    with _estate(system, unknown, [] if component is None else [("service", component)]) as estate:
        number = None if component is None else estate.names.index[component]
        return Importances(importance_of(estate, number, criterion, sort))


def choose_backup(
    system: Source | LoadedSystem, group: str, candidates: Sequence[str], *, unknown: float = 0.0
) -> BackupChoice:
    """Say which of some candidates is the most independent backup of a component's standby group.

    Parameters
    ----------
    system
        A system or a scenario, of which the system with its changes counts: a file, its content, or what was loaded.
    group
        Id of the component that has the group.
    candidates
        Ids of components, two at least where the group has no member to be paired with.
    unknown
        Probability of what nobody says how often it fails.

    Raises
    ------
    InvalidInput
        With every problem of the files, if one of them is an error.
    UnknownName
        If one of them is not there, or cannot be compared: the component itself, or one candidate where there is no
        group (a ValueError).
    """
    from impactsim.audit.choose import choose_backup as choose

    names = [("group", group), *(("candidate", each) for each in candidates)]
    with _estate(system, unknown, names) as estate:
        index = estate.names.index
        return BackupChoice(estate.system.name, choose(estate, index[group], [index[each] for each in candidates]))


@contextmanager
def _estate(system: Source | LoadedSystem, unknown: float, names: Iterable[tuple[str, str]]) -> Iterator[Estate]:
    """Load a system and make it ready to be asked, with the collector at rest; refuse what (option, id) name in vain."""
    from impactsim.audit.asked import demand_component
    from impactsim.audit.estate import Estate

    loaded = loaded_system(system)
    for option, name in names:
        demand_component(loaded.system, option, name)
    with collector_paused():
        yield Estate(loaded.system, unknown)

"""Recovery deadlocks of the brute-force answer (S5.3), read from an automaton at its end."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from copy import deepcopy
from itertools import combinations, product

from agreement.brute_automaton import Automaton
from agreement.brute_needs import NeedState
from agreement.brute_state import Fault
from impactsim.model.scenario import Repair, Start
from impactsim.model.system import AllOf, AtLeast, Pool

Attempt = dict[str, list[str]]
"""What people would do: the components to start and to repair."""


def circles(run: Automaton) -> list[frozenset[str]]:
    """Return the circles of components that wait for one another, if nothing is under way any more."""
    if run.next_due() is not None:
        return []
    stuck = only_waiting(run)
    reach = {name: _reachable(name, {n: waits_for(run, n) & stuck for n in stuck}) for name in stuck}
    found = {frozenset(other for other in reach[name] if name in reach[other]) for name in stuck if name in reach[name]}
    return sorted((c for c in found if len(c) > 1 and any(_is_blocked(run, name) for name in c)), key=sorted)


def only_waiting(run: Automaton) -> set[str]:
    """Return the greatest set of down components that would all be up if they all were."""
    up = {name for name, level in run.levels.items() if level > 0}
    hoped = set(run.states)
    while True:
        fewer = {name for name in hoped if name in up or _could_be_up(run, name, hoped)}
        if fewer == hoped:
            return hoped - up
        hoped = fewer


def _reachable(name: str, edges: dict[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    frontier = set(edges[name])
    while frontier:
        reached |= frontier
        frontier = {far for near in frontier for far in edges[near]} - reached
    return reached


def _is_blocked(run: Automaton, name: str) -> bool:
    """Tell whether it is stopped, or the repair of what keeps it down held up; not merely without what it needs to run."""
    return run.states[name].mode == "stopped" or any(fault.is_job for fault in _breaking(run, name))


def _breaking(run: Automaton, name: str) -> list[Fault]:
    return [fault for fault in run.faults if fault.component == name and fault.level == 0]


def _needs_to_be_up(run: Automaton, name: str) -> list[NeedState]:
    state = run.states[name]
    purposes = ("run", "stay_up") if state.mode == "running" else ("run", "stay_up", "start")
    return [need for need in state.needs_to(*purposes) if need.is_hard]


def _could_be_up(run: Automaton, name: str, hoped: AbstractSet[str]) -> bool:
    if run.states[name].is_held:
        return False
    if not all(_could_clear(run, fault, hoped) for fault in _breaking(run, name)):
        return False
    return all(_could_be_met(need, hoped) for need in _needs_to_be_up(run, name))


def _could_clear(run: Automaton, fault: Fault, hoped: AbstractSet[str]) -> bool:
    if not fault.is_job:
        return False
    state = run.states[fault.component]
    if not all(_could_be_met(need, hoped) for need in state.needs_to("repair")):
        return False
    if fault.is_destruction and not any(place in hoped for place in _places(run, fault)):
        return False
    holders = _holders(run, fault)
    return not holders or bool(holders & hoped)


def _places(run: Automaton, fault: Fault) -> list[str]:
    copies = run.states[fault.component].words.copies
    return [copy.at for copy in copies if run.is_usable(copy)]


def _holders(run: Automaton, fault: Fault) -> set[str]:
    """Return the components whose jobs keep the members of the crew that this fault's job waits for; empty if one is free."""
    crew = run.states[fault.component].words.crew
    if crew is None or fault.has_member:
        return set()
    busy = [f.component for f in run.faults if f.has_member and run.states[f.component].words.crew == crew]
    return set(busy) if len(busy) >= run.system.crews[crew].members else set()


def _could_be_met(need: NeedState, hoped: AbstractSet[str]) -> bool:
    words = need.words
    if need.charge > 0:
        return True
    if isinstance(words, AllOf):
        return all(member in hoped for member in words.all_of)
    if isinstance(words, AtLeast):
        return sum(member in hoped for member in words.of) >= words.at_least
    if isinstance(words, Pool):
        return any(member in hoped for member, capacity in words.pool.items() if capacity > 0)
    if need.group:
        return any(member.use in hoped for member in need.group.members if member.works and not member.spent)
    return need.members[0] in hoped


def waits_for(run: Automaton, name: str) -> set[str]:
    """Return the down components that this down component waits for."""
    needs = [need for need in _needs_to_be_up(run, name) if not need.is_met(run.levels)]
    waited: set[str] = set()
    for fault in _breaking(run, name):
        needs += [need for need in run.states[name].needs_to("repair") if not need.is_met(run.levels)]
        if fault.is_destruction and fault.copy is None:
            waited |= set(_places(run, fault))
        waited |= _holders(run, fault)
    for need in needs:
        usable = need.members if need.group is None else [m.use for m in need.group.members if m.works and not m.spent]
        waited |= set(usable)
    return {other for other in waited if run.levels[other] == 0} - {name}


def smallest_breaks(run: Automaton, circle: AbstractSet[str]) -> list[Attempt]:
    """Return the smallest sets of manual starts and repairs, a millisecond after the end, that bring all of the circle up."""
    for size in range(1, len(circle) + 1):
        found = []
        for names in combinations([name for name in run.states if name in circle], size):
            for kinds in product(("start", "repair"), repeat=size):
                attempt: Attempt = {
                    kind: [name for name, own in zip(names, kinds, strict=True) if own == kind]
                    for kind in ("start", "repair")
                    if kind in kinds
                }
                if _would_break(run, circle, attempt):
                    found.append(attempt)
        if found:
            return found
    return []


def _would_break(run: Automaton, circle: AbstractSet[str], attempt: Attempt) -> bool:
    again = deepcopy(run)
    at_ms = run.end_ms + 1
    if "repair" in attempt:
        again.actions.append(Repair.model_construct(at=at_ms, repair=tuple(attempt["repair"])))
    if "start" in attempt:
        again.actions.append(Start.model_construct(at=at_ms, start=tuple(attempt["start"])))
    again.run_on(None)
    return all(again.levels[name] > 0 for name in circle)

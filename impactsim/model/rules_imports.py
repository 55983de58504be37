"""What is doubtful about a system that came from somewhere else: an import that says little of who needs whom."""

from __future__ import annotations

from collections import Counter

from impactsim.model.rules_lookup import Lookup, warning
from impactsim.model.system import System
from impactsim.problems import Problem

_FEWEST = 3
"""So many imported components at least, before anything is said about all of them."""
_BACKDROP = 0.8
"""A place at which at least this share of all components stands tells none of them from the others."""


def few_needs(lookup: Lookup) -> list[Problem]:
    """Find imports of which more than half of the components neither need anything nor are needed."""
    imported = [name for name, component in lookup.components.items() if component.origin]
    if len(imported) < _FEWEST:
        return []
    lonely = lonely_components(lookup.system)
    n = sum(name in lonely for name in imported)
    if 2 * n <= len(imported):
        return []
    fault = (
        f"of {len(imported):,} imported components {n:,} stand alone: nobody says what they need to go on,"
        " or what needs them, and whatever fails would seem to touch little else"
    )
    remedy = "that is hardly so: import what says who needs whom, or write it in a layer of your own"
    return [warning("few-needs", ("components",), fault, remedy)]


def lonely_components(system: System) -> set[str]:
    """Return the components without a need, a site or anybody that needs them.

    A site of nearly all does not count, and nor do needs that are only to start or to repair: they say nothing of who falls with whom.
    """
    places = Counter(component.at for component in system.components.values() if component.at is not None)
    backdrop = {place for place, n in places.items() if n >= _BACKDROP * (len(system.components) - 1)}
    linked: set[str] = set()
    for name, component in system.components.items():
        to_go_on = (need for need in component.needs if need.to not in {"start", "repair"})
        members = [member for need in to_go_on for member in need.members()]
        if component.at is not None and component.at not in backdrop:
            members.append(component.at)
        if members:
            linked.update([name, *members])
    return set(system.components) - linked - backdrop


RULES = (few_needs,)

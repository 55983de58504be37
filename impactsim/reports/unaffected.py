"""Which services were spared although something that they need failed, and what spared them."""

from __future__ import annotations

from collections.abc import Mapping

from impactsim.model.needs import purpose
from impactsim.model.system import AnyOf, AtLeast, Need, Pool, System
from impactsim.reports.facts import ComponentFacts

_MOST = 3


def why_unaffected(system: System, components: Mapping[str, ComponentFacts]) -> dict[str, str]:
    """Explain the services that were never below 1 although something was that they need, directly or not.

    Returns
    -------
    dict of str to str
        By id of the service, in words without a full stop.
    """
    if not any(each.was_affected for each in components.values()):
        return {}
    spared = {}
    for name, component in system.components.items():
        if component.kind == "service" and not components[name].was_affected:
            reasons = _reasons(name, system, components)
            if reasons:
                more = f" and {len(reasons) - _MOST} more" if len(reasons) > _MOST else ""
                spared[name] = "; ".join(reasons[:_MOST]) + more
    return spared


def _reasons(service: str, system: System, components: Mapping[str, ComponentFacts]) -> list[str]:
    """Return where the failure stopped on its way to a service: what was spared, and what it needs that was not."""
    reasons: dict[str, None] = {}
    seen = {service}
    frontier = [service]
    while frontier:
        name = frontier.pop()
        component = system.components[name]
        needs: list[tuple[Need | None, tuple[str, ...]]] = [(need, need.members()) for need in component.needs]
        if component.at is not None:
            needs.append((None, (component.at,)))
        for need, members in needs:
            lost = [member for member in members if components[member].was_affected]
            if lost:
                reasons[_reason(name, need, lost, system, components)] = None
            for member in members:
                if member not in seen and member not in lost:
                    seen.add(member)
                    frontier.append(member)
    return list(reasons)


def _reason(
    name: str,
    need: Need | None,
    lost: list[str],
    system: System,
    components: Mapping[str, ComponentFacts],
) -> str:
    def named(component: str) -> str:
        return components[component].name

    mine = components[name].reserve
    what = " and ".join(map(named, lost))
    owner = named(name)
    if need is None:
        return f"{owner} did not notice that {what} was not fully up"
    to = purpose(need, system.components)
    if to in {"start", "repair"}:
        return f"{owner} needs {what} only to {to}"
    held = any(each.by == "holdover" and set(lost) & set(each.of) for each in mine)
    if isinstance(need, AnyOf):
        on = {member for each in mine if each.by == "standby" for member in each.on} & set(need.members())
        others = " and ".join(map(named, sorted(on, key=need.members().index)))
        bridged = f", and the holdover of {owner} bridged the switch" if held else ""
        return (
            f"{others} stood in for {what} at {owner}{bridged}"
            if on
            else f"{owner} kept its first choice without {what}"
        )
    if held:
        return f"the holdover of {owner} outlasted the loss of {what}"
    if isinstance(need, AtLeast):
        return f"{owner} needs only {need.at_least} of {len(need.of)}, and lost {what}"
    if isinstance(need, Pool):
        return f"{owner} has capacity to spare without {what}"
    return f"{owner} did not notice that {what} was not fully up"

"""Which services were spared although something that they need failed, and what spared them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping

from impactsim.model.needs import purpose
from impactsim.model.system import AnyOf, AtLeast, Need, Pool, System
from impactsim.reports.facts import ComponentFacts

_MOST = 3


def why_unaffected(
    system: System, components: Mapping[str, ComponentFacts], needed_by: Callable[[str], list[tuple[str, Need]]]
) -> dict[str, str]:
    """Explain the services that were never below 1 although something was that they need, directly or not.

    The search begins where the failure stopped, at what was spared itself but has a need of something that was not, and
    goes from there to what needs it in turn; so it costs what the failure came near to.

    Parameters
    ----------
    system, components
        The system, and what became of its components.
    needed_by
        Who needs a component, and by which need.

    Returns
    -------
    dict of str to str
        By id of the service, in words without a full stop.
    """
    reasons: dict[str, list[str]] = {}
    queue: deque[tuple[str, str]] = deque()
    for name, component in components.items():
        if component.was_affected:
            for owner, need in needed_by(name):
                if not components[owner].was_affected:
                    queue.append((owner, _reason(owner, need, system, components)))
    while queue:
        name, reason = queue.popleft()
        mine = reasons.setdefault(name, [])
        # One more than is told, to know that there are more.
        if reason in mine or len(mine) > _MOST:
            continue
        mine.append(reason)
        for owner, _ in needed_by(name):
            if not components[owner].was_affected:
                queue.append((owner, reason))
    return {
        name: "; ".join(reasons[name][:_MOST]) + ("; and more" if len(reasons[name]) > _MOST else "")
        for name, component in system.components.items()
        if component.kind == "service" and name in reasons
    }


def _reason(
    name: str,
    need: Need,
    system: System,
    components: Mapping[str, ComponentFacts],
) -> str:
    """Say why a component did not suffer from a need of something that was not fully up."""

    def named(component: str) -> str:
        return components[component].name

    mine = components[name].reserve
    lost = [member for member in need.members() if components[member].was_affected]
    what = " and ".join(map(named, lost))
    owner = named(name)
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

"""Steps of a recovery plan: their order, what they switch, what they take."""

from __future__ import annotations

from impactsim.graphs import strongly_connected
from impactsim.model.rules_lookup import error
from impactsim.model.rules_plan_lookup import PlanLookup, placed
from impactsim.model.system import AnyOf, Component, System
from impactsim.problems import Problem
from impactsim.quantities import shown

_GATES = ("detection", "declaration")
_ENDINGS = (".not-before", ".switch")
_LISTED = 8  # more names than that nobody reads


def reserved_steps(lookup: PlanLookup) -> list[Problem]:
    """Find steps with ids that mean something else in a run (S10.2, S10.3, S10.5)."""
    return [
        error("reserved-id", ("steps", name), f"{shown(name)} stands for something else in a run", "rename the step")
        for name in lookup.plan.steps
        if name in _GATES or name.endswith(_ENDINGS)
    ]


def unknown_steps(lookup: PlanLookup) -> list[Problem]:
    """Find steps before a step that nobody defined."""
    return [
        error(
            "unknown-step",
            path,
            f"no step is called {shown(before)}",
            "that is a gate: write begins" if before in _GATES else lookup.step_names.did_you_mean(before, "define it"),
        )
        for name, step in lookup.plan.steps.items()
        for path, before in placed(("steps", name, "after"), step.after)
        if before not in lookup.plan.steps
    ]


def circles_of_steps(lookup: PlanLookup) -> list[Problem]:
    """Find steps that wait for themselves, or for one another: one problem for each circle."""
    ids = list(lookup.plan.steps)
    number = {name: node for node, name in enumerate(ids)}
    graph = [[number[name] for name in step.after if name in number] for step in lookup.plan.steps.values()]
    found = []
    for group in strongly_connected(graph):
        first = min(group)
        if len(group) == 1 and first not in graph[first]:
            continue
        circle = _circle(graph, {*group}, first)
        path = ("steps", ids[circle[0]], "after", lookup.plan.steps[ids[circle[0]]].after.index(ids[circle[1]]))
        fault = f"these wait for one another: {_written([ids[node] for node in circle])}"
        found.append(error("circle-of-steps", path, "this step waits for itself" if len(circle) == 2 else fault))
    return found


def steps_without_work(lookup: PlanLookup) -> list[Problem]:
    """Find steps of which nothing says how long they take."""
    return [
        error(
            "step-without-work",
            ("steps", name, "takes"),
            "this step restores nothing whose repair could say how long it takes",
            "say how long it takes, or what it restores",
        )
        for name, step in lookup.plan.steps.items()
        if step.takes == "unknown" and not step.restores and step.switches is None
    ]


def switches_without_group(lookup: PlanLookup) -> list[Problem]:
    """Find switches to what is no standby of the components, in the system or as a scenario changes it."""
    found = []
    for name, step in lookup.plan.steps.items():
        if step.switches is None:
            continue
        path, to = ("steps", name, "switches", "to"), step.switches.to
        for of in step.switches.of:
            for where, system in (("", lookup.system), *lookup.changed):
                if problem := _wrong_switch(system, of, to):
                    fault, remedy = problem
                    found.append(error("switch-without-group", path, f"in {where} {fault}" if where else fault, remedy))
                    break
    return found


def switched_twice(lookup: PlanLookup) -> list[Problem]:
    """Find two steps that bring the same standby into service for the same component."""
    found, seen = [], dict[tuple[str, str], str]()
    for name, step in lookup.plan.steps.items():
        for of in step.switches.of if step.switches is not None else ():
            assert step.switches is not None
            earlier = seen.setdefault((of, step.switches.to), name)
            if earlier != name:
                fault = f"step '{earlier}' switches '{of}' to '{step.switches.to}' already"
                found.append(error("switched-twice", ("steps", name, "switches"), fault, "keep one of them"))
    return found


def _circle(graph: list[list[int]], group: set[int], start: int) -> list[int]:
    """Return a circle within a group of which each leads to another of it; the first stands at the end again."""
    way = [start]
    while True:
        after = next(node for node in graph[way[-1]] if node in group)
        if after in way:
            return [*way[way.index(after) :], after]
        way.append(after)


def _written(names: list[str]) -> str:
    if len(names) > _LISTED:
        names = [*names[: _LISTED - 2], f"... ({len(names) - _LISTED + 1} more)", names[-1]]
    return " -> ".join(names)


def _wrong_switch(system: System, of: str, to: str) -> tuple[str, str] | None:
    """Return fault and remedy of a switch; none where the names themselves are unknown, which another rule tells."""
    component = system.components.get(of)
    if component is None or to not in system.components:
        return None
    groups = _groups(component)
    if any(to in group[1:] for group in groups):
        return None
    if any(to in group for group in groups):
        return f"'{to}' serves '{of}' first: there is nothing to switch", f"switch to {_standbys(groups)}"
    remedy = f"switch to {_standbys(groups)}" if groups else f"give '{of}' a need with any_of, or use restores"
    return f"'{to}' is in no standby group (any_of) of '{of}'", remedy


def _groups(component: Component) -> list[tuple[str, ...]]:
    return [need.members() for need in component.needs if isinstance(need, AnyOf)]


def _standbys(groups: list[tuple[str, ...]]) -> str:
    names = list(dict.fromkeys(member for group in groups for member in group[1:]))
    if not names:
        return "a standby, once its group has one"
    return names[0] if len(names) == 1 else f"one of {', '.join(names[:_LISTED])}"


RULES = (
    reserved_steps,
    unknown_steps,
    circles_of_steps,
    steps_without_work,
    switches_without_group,
    switched_twice,
)

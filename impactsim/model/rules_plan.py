"""Names and promises of a recovery plan, held against its system; its steps have rules of their own."""

from __future__ import annotations

from collections.abc import Iterator

from impactsim.model.rules_lookup import error, warning
from impactsim.model.rules_notices import LANGUAGE_TAG
from impactsim.model.rules_plan_lookup import PlanLookup, placed
from impactsim.model.system import System
from impactsim.problems import Path, Problem
from impactsim.quantities import shown

RESERVED = "plan."
"""Steps and gates are components whose ids begin so (S10.2, S10.3)."""

_FIXED = ("impactsim", "system", "changes")
_LISTED = 8  # more names than that nobody reads


def unknown_components(lookup: PlanLookup) -> list[Problem]:
    """Find components that the system does not have, or no longer has in a scenario."""
    found = []
    for path, name in [*lookup.components(), *lookup.supplied()]:
        if name not in lookup.system.components:
            fault = f"no component is called {shown(name)}"
            remedy = lookup.component_names.did_you_mean(name, f"define it in {lookup.plan.system}, under components")
            found.append(error("unknown-component", path, fault, remedy))
            continue
        without = next((file for file, scene in lookup.changed if name not in scene.components), None)
        if without is not None:
            fault = f"in {without} no component is called {shown(name)}"
            found.append(error("unknown-component", path, fault, "its changes remove it: let it fail there instead"))
    return found


def plans_of_no_service(lookup: PlanLookup) -> list[Problem]:
    """Find promises about what is no service."""
    return [
        error(
            "plan-of-no-service",
            ("services", name),
            f"a plan promises services, and the kind of this is {component.kind}",
            "name the services that need it, or give it the kind service",
        )
        for name in lookup.plan.services
        if (component := lookup.system.components.get(name)) is not None and component.kind != "service"
    ]


def services_without_plan(lookup: PlanLookup) -> list[Problem]:
    """Find services with users of which the plan says nothing."""
    system = lookup.system
    used = {name for segment in system.users.values() for name, share in segment.uses.items() if share > 0}
    missing = [
        name
        for name, component in system.components.items()
        if component.kind == "service"
        and (name in used or component.users is not None)
        and name not in lookup.plan.services
    ]
    if not missing:
        return []
    more = f" and {len(missing) - _LISTED} more" if len(missing) > _LISTED else ""
    fault = f"people use services of which the plan says nothing: {', '.join(missing[:_LISTED])}{more}"
    return [warning("service-without-plan", ("services",), fault, "add them, with targets of `unknown` at the least")]


def reserved_components(lookup: PlanLookup) -> list[Problem]:
    """Find components with ids that are those of steps in a run."""
    found = _reserved(("system",), lookup.system)
    known = {*lookup.system.components}
    files = [scenario.file for scenario in lookup.plan.scenarios]
    for file, scene in lookup.changed:
        found += _reserved(("scenarios", files.index(file)), scene, known)
    return found


def unknown_roles(lookup: PlanLookup) -> list[Problem]:
    """Find roles that nobody defined."""
    return [
        error(
            "unknown-role",
            path,
            f"no role is called {shown(role)}",
            lookup.role_names.did_you_mean(role, "define it under roles, with the people who can fill it"),
        )
        for of, roles in lookup.asked_of()
        for path, role in placed(of, roles)
        if role not in lookup.plan.roles
    ]


def unused_roles(lookup: PlanLookup) -> list[Problem]:
    """Find roles that no step and no declaration asks for."""
    asked = {role for _, roles in lookup.asked_of() for role in roles}
    return [
        warning("unused-role", ("roles", role), "nothing is done by this role", f"name it at a step: by: [{role}]")
        for role in lookup.plan.roles
        if role not in asked
    ]


def too_few_people(lookup: PlanLookup) -> list[Problem]:
    """Find work for which there are not enough people even when all of them are free (S10.6)."""
    found = []
    for path, roles in lookup.asked_of():
        # A role that is unknown, or named twice, has a problem of its own.
        known = [place for place, role in enumerate(roles) if role in lookup.plan.roles and role not in roles[:place]]
        for unfilled in _unfilled([lookup.plan.roles[roles[place]].people for place in known]):
            place = known[unfilled]
            fault = f"all people of {shown(roles[place])} are on this already, under the roles before it"
            found.append(error("too-few-people", (*path, place), fault, "give the role somebody else"))
    return found


def _unfilled(lists: list[tuple[str, ...]]) -> list[int]:
    """Return the places for which nobody is left, however the places before them are filled, one person each."""
    place_of: dict[str, int] = {}

    def fill(place: int, asked: set[str]) -> bool:
        for person in lists[place]:
            if person not in asked:
                asked.add(person)
                if person not in place_of or fill(place_of[person], asked):
                    place_of[person] = place
                    return True
        return False

    return [place for place in range(len(lists)) if not fill(place, set())]


def unused_supplies(lookup: PlanLookup) -> list[Problem]:
    """Find components of suppliers that nothing needs."""
    needed = {name for _, name in lookup.components()} | _needed(lookup.system)
    return [
        warning("unused-supply", path, f"nothing needs {shown(name)}", "name it where it is needed, or leave it out")
        for path, name in lookup.supplied()
        if name in lookup.system.components and name not in needed
    ]


def tiers_named_twice(lookup: PlanLookup) -> list[Problem]:
    """Find two demands of one tier."""
    tiers = [demand.tier for demand in lookup.plan.tiers]
    return [
        error("tier-twice", ("tiers", place), f"tier {tier} stands above already", "keep one of them")
        for place, tier in enumerate(tiers)
        if tier in tiers[:place]
    ]


def tiers_of_nothing(lookup: PlanLookup) -> list[Problem]:
    """Find demands of tiers that no service has."""
    of_services = {service.tier for service in lookup.plan.services.values()}
    return [
        warning("unused-tier", ("tiers", place), f"no service is of tier {demand.tier}", "give a service this tier")
        for place, demand in enumerate(lookup.plan.tiers)
        if demand.tier not in of_services
    ]


def unknown_languages(lookup: PlanLookup) -> list[Problem]:
    """Find what is no tag of a language."""
    return [
        error(
            "language-tag",
            path,
            f"{shown(tag)} is no tag of a language",
            "write its two letters, such as en, it, de, fr, ja, vi",
        )
        for path, tag in placed(("languages",), lookup.plan.languages)
        if not LANGUAGE_TAG.fullmatch(tag)
    ]


def named_twice(lookup: PlanLookup) -> list[Problem]:
    """Find names that stand twice in one list."""
    return [
        error("named-twice", path, f"{shown(name)} stands twice in this list", _once(path))
        for of, names in _lists(lookup)
        for place, (path, name) in enumerate(placed(of, names))
        if name in names[:place]
    ]


def changes_of_nothing(lookup: PlanLookup) -> list[Problem]:
    """Find changes that change neither the system nor the plan."""
    return [
        error(
            "change-of-nothing",
            ("changes", name),
            "this changes neither the system nor the plan",
            "say what it changes, such as system: {components: {web: {restart: 2m}}}",
        )
        for name, change in lookup.plan.changes.items()
        if not change.system and not change.plan
    ]


def changes_of_the_question(lookup: PlanLookup) -> list[Problem]:
    """Find changes of what a change is tried with."""
    return [
        error(
            "change-of-question",
            ("changes", name, "plan", key),
            "no change can change this: it says what is asked",
            "leave it out; what is different in the system stands under `system`",
        )
        for name, change in lookup.plan.changes.items()
        for key in _FIXED
        if key in (change.plan or {})
    ]


def _reserved(path: Path, system: System, but: set[str] | None = None) -> list[Problem]:
    names = (name for name in system.components if name.startswith(RESERVED) and name not in (but or ()))
    fault = "has an id that begins with 'plan.', as the steps of a plan do in a run"
    return [error("reserved-id", path, f"its component {shown(name)} {fault}", "rename it") for name in names]


def _needed(system: System) -> set[str]:
    """Return the components that something in a system needs, stands at, or lies at."""
    needed: set[str] = set()
    for component in system.components.values():
        needs = [*component.needs, *(need for workaround in component.workarounds for need in workaround.needs)]
        needed.update(member for need in needs for member in need.members())
        needed.update(copy.at for copy in component.copies)
        needed.update([component.at] if component.at is not None else [])
    return needed


def _lists(lookup: PlanLookup) -> Iterator[tuple[Path, tuple[str, ...]]]:
    plan = lookup.plan
    yield ("languages",), plan.languages
    yield ("declaration", "with"), plan.declaration.tools
    yield from lookup.asked_of()
    for name, role in plan.roles.items():
        yield ("roles", name, "people"), role.people
    for name, step in plan.steps.items():
        lists = {"restores": step.restores, "with": step.tools, "at": step.at, "after": step.after}
        yield from ((("steps", name, key), names) for key, names in lists.items())
        yield ("steps", name, "switches", "of"), step.switches.of if step.switches is not None else ()
    for name, supplier in plan.suppliers.items():
        yield ("suppliers", name, "components"), supplier.components
    for name, contact in plan.contacts.items():
        yield ("contacts", name, "by"), contact.by


def _once(path: Path) -> str:
    if path[-2] == "by" and path[0] != "contacts":
        return "for two people of one sort make a second role of the same people"
    return "name each once"


RULES = (
    unknown_components,
    plans_of_no_service,
    services_without_plan,
    reserved_components,
    unknown_roles,
    unused_roles,
    too_few_people,
    unused_supplies,
    tiers_named_twice,
    tiers_of_nothing,
    unknown_languages,
    named_twice,
    changes_of_nothing,
    changes_of_the_question,
)

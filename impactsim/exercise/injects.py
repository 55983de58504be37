"""A run as the injects of an exercise: what people see, in order of time, and who tells them.

Nobody sees anything before it is detected (S10.2), and nobody knows a cause before the plan is put into action: an inject tells a
symptom, and what is behind it stands apart. What no one would see by himself is told only where the plan speaks of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from impactsim.exercise.facts import Inject, InjectKind, Surprise
from impactsim.exercise.ground import Ground
from impactsim.exercise.questions import questions_of
from impactsim.exercise.sights import reporter_of, seen, seen_in_part
from impactsim.reports.facts import ComponentFacts, Why
from impactsim.reports.words import joined

_MOST = 24
_SUPPLIER_MS = 15 * 60_000
"""How long after the detection a supplier answers for the first time."""
_ORDER: tuple[InjectKind, ...] = (
    "down", "degraded", "supplier", "known", "held up", "backup", "absent", "done", "back",
)  # fmt: skip
_RANK: dict[InjectKind, int] = {
    "known": 0, "held up": 0, "backup": 0, "absent": 0, "down": 1, "back": 1, "supplier": 2, "done": 2, "degraded": 3,
}  # fmt: skip
"""What is left out last, where there is too much: the lowest."""


@dataclass(frozen=True, slots=True)
class _Sight:
    """Something that is seen."""

    at_ms: int
    kind: InjectKind
    by: str
    text: str
    behind: str
    components: tuple[str, ...]
    is_surprise: bool = False


def injects(ground: Ground, surprises: Sequence[Surprise]) -> tuple[Inject, ...]:
    """Return the injects, in order of time.

    Parameters
    ----------
    ground
        The run.
    surprises
        What goes wrong beyond the outage itself.
    """
    sights = [*_changes(ground), *_suppliers(ground), *_known(ground), *_surprises(surprises), *_done(ground)]
    sights.sort(key=lambda each: (each.at_ms, _ORDER.index(each.kind)))  # stable
    chosen = _fewer(_together(sights))
    ends = [each.at_ms for each in chosen[1:]] + [ground.run.end_ms + 1]
    return tuple(_inject(ground, i, each, to_ms) for i, (each, to_ms) in enumerate(zip(chosen, ends, strict=True), 1))


def _inject(ground: Ground, number: int, sight: _Sight, to_ms: int) -> Inject:
    expected = _expected(ground, sight, to_ms, is_first=number == 1)
    asked = questions_of(sight.kind, is_first=number == 1)
    return Inject(
        number,
        sight.at_ms,
        sight.kind,
        sight.by,
        sight.text,
        sight.behind,
        expected,
        asked,
        sight.is_surprise,
        sight.components,
    )


def _fewer(sights: list[_Sight]) -> list[_Sight]:
    """Return as many as an exercise has time for; the first always."""
    by_rank = sorted(range(len(sights)), key=lambda i: (i > 0, _RANK[sights[i].kind], i))
    return [sights[i] for i in sorted(by_rank[:_MOST])]


def _together(sights: Sequence[_Sight]) -> list[_Sight]:
    """Put together what one reporter tells of one kind at one time."""
    found: dict[tuple[int, InjectKind, str], _Sight] = {}
    for each in sights:
        key = (each.at_ms, each.kind, each.by)
        before = found.get(key)
        if before is None:
            found[key] = each
            continue
        found[key] = replace(
            before,
            text=f"{before.text}; {each.text}",
            behind="; ".join(dict.fromkeys((before.behind, each.behind))),
            components=before.components + each.components,
            is_surprise=before.is_surprise or each.is_surprise,
        )
    return list(found.values())


# What is seen of components.


def _changes(ground: Ground) -> Iterator[_Sight]:
    """Yield what is seen of levels, components of one kind that change at one time together."""
    groups: dict[tuple[int, InjectKind, str], list[tuple[ComponentFacts, Why]]] = {}
    told = _told(ground)
    for component in ground.components:
        if component.id in told:
            for kind, why in _turns(component):
                groups.setdefault((why.at_ms, kind, component.kind), []).append((component, why))
    for (at_ms, kind, sort), group in groups.items():
        yield _sight(ground, at_ms, kind, sort, group)


def _sight(
    ground: Ground, at_ms: int, kind: InjectKind, sort: str, group: Sequence[tuple[ComponentFacts, Why]]
) -> _Sight:
    ids = tuple(component.id for component, _ in group)
    names = ground.names(ids)
    text = f"{names} can be used again" if kind == "back" else (seen if kind == "down" else seen_in_part)(sort, names)
    told_ms = max(at_ms, ground.detected_ms or 0)
    causes = dict.fromkeys(ground.because(why) for _, why in group) if kind != "back" else ()
    behind = joined(list(causes), 3) + (
        "" if told_ms == at_ms else f"{'; ' * bool(causes)}so since {_minutes(at_ms)}, seen only now"
    )
    return _Sight(told_ms, kind, reporter_of(ground, sort, told_ms), text, behind, ids)


def _turns(component: ComponentFacts) -> Iterator[tuple[InjectKind, Why]]:
    """Yield the changes that somebody would notice: down, in part, and of services, tools and channels up again."""
    before = 1.0
    for why in component.why:
        if why.level == 0.0 < before:
            yield "down", why
        elif 0.0 < why.level < before:
            yield "degraded", why
        elif why.level == 1.0 > before and component.kind in ("service", "channel"):
            yield "back", why
        before = why.level


def _told(ground: Ground) -> frozenset[str]:
    """Return the ids of what is told about: what people see by themselves, and what the plan speaks of."""
    plan = ground.plan
    ids = {each.id for each in ground.components if each.kind in ("service", "channel", "site", "power")}
    for step in plan.steps.values():
        ids.update((*step.restores, *step.tools, *step.at))
        ids.update(() if step.switches is None else (step.switches.to,))
    ids.update(plan.declaration.tools)
    for supplier in plan.suppliers.values():
        ids.update(supplier.components)
    return frozenset(ids) | frozenset(ground.origins)


def _minutes(at_ms: int) -> str:
    minutes = at_ms // 60_000
    return f"T+{minutes // 60}:{minutes % 60:02}"


# What others say.


def _suppliers(ground: Ground) -> Iterator[_Sight]:
    """Yield the first word of each supplier whose component has failed of itself: that there is no word."""
    if ground.detected_ms is None:
        return
    for name, supplier in ground.plan.suppliers.items():
        failed = [each for each in supplier.components if each in ground.origins]
        if failed:
            at_ms = max(ground.detected_ms, ground.origins[failed[0]]) + _SUPPLIER_MS
            text = f"there is a disturbance of {ground.names(failed)}; nobody can say yet how long it takes"
            promised = (
                "no time to repair is promised"
                if not isinstance(supplier.repair_time, int)
                else "the contract promises one"
            )
            yield _Sight(
                at_ms, "supplier", ground.name(name), text, f"{ground.names(failed)} failed; {promised}", tuple(failed)
            )


def _known(ground: Ground) -> Iterator[_Sight]:
    """Yield what has failed of itself, once the plan is put into action."""
    at_ms = ground.declared_ms
    if at_ms is None:
        return
    failed = [each for each, since in ground.origins.items() if since <= at_ms]
    if failed:
        text = (
            f"the search for the cause has ended: what has failed is {ground.names(failed)}; all else follows from that"
        )
        yield _Sight(at_ms, "known", "people on call", text, "the plan is put into action in the run", tuple(failed))


def _surprises(surprises: Sequence[Surprise]) -> Iterator[_Sight]:
    for each in surprises:
        yield _Sight(
            each.at_ms, each.kind, "people at work on it", each.text, each.behind, each.components, is_surprise=True
        )


def _done(ground: Ground) -> Iterator[_Sight]:
    for step in ground.steps:
        if step.ends_ms is not None:
            who = joined([person for _, person in step.people]) or "people at work on it"
            text = f"'{step.name}' is done"
            restored = ground.plan.steps[step.id].restores
            yield _Sight(
                step.ends_ms,
                "done",
                who,
                text,
                f"{_effect(ground, step.id)}leave it out if nobody has begun it",
                restored,
            )


def _effect(ground: Ground, step: str) -> str:
    said = ground.plan.steps[step]
    parts = [f"it restores {ground.names(said.restores)}"] if said.restores else []
    parts += [] if said.switches is None else [f"it makes {ground.name(said.switches.to)} stand in"]
    return "".join(f"{part}; " for part in parts)


# What is expected.


def _expected(ground: Ground, sight: _Sight, to_ms: int, *, is_first: bool) -> tuple[str, ...]:
    """Return what participants should do from an inject until the next one: what the plan asks, by the run."""
    found = []
    deciders = joined([ground.name(role) for role in ground.plan.declaration.by])
    if is_first:
        found.append(
            f"find out what works and what does not, keep a log, and call those who decide{deciders and f' ({deciders})'}"
        )
    if sight.kind == "known":
        found.append(f"{deciders or 'those who decide'}: put the plan into action")
    if sight.kind in ("held up", "backup", "absent"):
        found.append("find another way, or say by when there is one, and tell those who wait for it")
    found += [
        f"begin '{step.name}'" + (", by somebody else" if sight.kind == "absent" else _by(step.people))
        for step in ground.steps
        if step.begins_ms is not None and sight.at_ms <= step.begins_ms < to_ms
    ]
    if sight.kind == "back":
        found.append("check that what is back is right, before customers are told")
    return tuple(found)


def _by(people: Sequence[tuple[str, str]]) -> str:
    return f" ({', '.join(person for _, person in people)})" if people else ""

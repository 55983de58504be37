"""What the parts of the audit under a scenario share: the run, whom it hit, and the words for what was down and through what."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from impactsim.audit.estate import Estate
from impactsim.audit.findings import Finding, Severity
from impactsim.audit.playback import Playback
from impactsim.audit.single_points import listed
from impactsim.audit.spans import Span, Spans, common, either, when
from impactsim.compiled import GROUP, POOL

ROUNDING = 1e-9
"""Levels are equal that differ by less (S2.4)."""
Levels = list[float]
"""Of the members of a need, in their order."""


class Course:
    """A run, and the services that the audit is about.

    Parameters
    ----------
    estate
        The system with the scenario's changes.
    playback
        The run.
    asked
        Numbers of the services that were asked about.
    """

    def __init__(self, estate: Estate, playback: Playback, asked: set[int]) -> None:
        self.estate = estate
        self.playback = playback
        self.asked = asked
        self._hit: dict[int, set[int]] = {}
        self._behind: dict[int, bool] = {}

    def services_hit(self, owner: int) -> set[int]:
        """Return all services that a loss of a component reached."""
        if owner not in self._hit:
            self._hit[owner] = self.playback.services_hit(owner, self.estate.services)
        return self._hit[owner]

    def is_asked(self, owner: int, hit: Collection[int]) -> bool:
        """Does it concern a service that was asked about: hit, or, where none was, one that leans on the component?"""
        return not self.asked.isdisjoint(hit) if hit else self._leans_on(owner)

    def _leans_on(self, component: int) -> bool:
        """Does a service that was asked about lean on a component, for whatever purpose?"""
        if component not in self._behind:
            compiled, seen, waiting = self.estate.compiled, {component}, [component]
            while waiting and self.asked.isdisjoint(seen):
                member = waiting.pop()
                for i in range(compiled.use_from[member], compiled.use_from[member + 1]):
                    owner = compiled.need_component[compiled.slot_need[compiled.use_slot[i]]]
                    if owner not in seen:
                        seen.add(owner)
                        waiting.append(owner)
            self._behind[component] = not self.asked.isdisjoint(seen)
        return self._behind[component]

    def finding(
        self,
        kind: str,
        place: str,
        text: str,
        hit: Collection[int],
        evidence: Iterable[str],
        remedy: str,
        events: Collection[str] = (),
    ) -> Finding:
        """Return a finding: of high severity where a service was hit, else medium."""
        told = sorted(self.asked & set(hit))
        return Finding(
            id=f"{kind}/{place}",
            kind=kind,
            severity=Severity.HIGH if hit else Severity.MEDIUM,
            text=text,
            services=self.estate.ids_of(told),
            events=tuple(sorted(events)),
            users=self.estate.users_lost(told),
            evidence=tuple(dict.fromkeys(evidence)),
            remedy=remedy,
        )

    def when(self, spans: Sequence[Span]) -> str:
        """Write when something was so."""
        return when(spans, self.playback.end_ms)


def spans_where(run: Course, members: Sequence[int], holds: Callable[[Levels], bool]) -> Spans:
    """Return when something holds of the levels of some components."""
    playback = run.playback
    places: dict[int, list[int]] = {0: []}
    for place, member in enumerate(members):
        for at_ms in playback.changes(member):
            places.setdefault(at_ms, []).append(place)
    levels = [1.0] * len(members)
    times = sorted(places)
    found = []
    for at_ms, to_ms in zip(times, [*times[1:], playback.until_ms], strict=True):
        for place in places[at_ms]:
            levels[place] = playback.level_at(members[place], at_ms)
        if holds(levels):
            found.append(Span(at_ms, to_ms))
    return either(found)


def why_down(run: Course, component: int, needed: Spans) -> Iterator[str]:
    """Say when a component was down, and through what, for each time in which it was needed."""
    playback = run.playback
    spans = [span for span in playback.down(component) if common([span], needed)]
    for span in spans[:2]:
        yield f"{playback.id_of(component)} is down {run.when([span])}: {playback.reason_text(component, span.from_ms)}"


def remedy_against(run: Course, failed: Sequence[tuple[int, int]]) -> str:
    """Say what would help against members that were down at a time."""
    playback = run.playback
    parts: dict[tuple[str, str], list[str]] = {}
    for member, at_ms in failed:
        name, root = playback.id_of(member), playback.roots(member, at_ms)
        reason = playback.reason(member, at_ms)
        if reason.is_stopped:
            how = ("keep {who} running", "")
        elif reason.cause >= 0:
            how = ("put {who} out of reach of {root}", root)
        elif root != name:
            how = ("make {who} independent of {root}", root)
        else:
            how = ("have a backup besides {who}", "")
        parts.setdefault(how, []).append(name)
    told = [how.format(who=listed(names), root=root) for (how, root), names in parts.items()]
    return "; ".join(told[:3])


def roots(run: Course, failed: Iterable[tuple[int, int]]) -> set[str]:
    """Return the ids of what stands behind members that were down at a time."""
    return {run.playback.roots(member, at_ms) for member, at_ms in failed}


def value_below(run: Course, need: int, limit: float) -> Callable[[Levels], bool]:
    """Return what tells by the levels of the members that the value of a need is below a limit, leaving switches aside (S3)."""
    compiled = run.estate.compiled
    slots = range(compiled.slot_from[need], compiled.slot_from[need + 1])
    if compiled.need_form[need] == POOL:
        capacities, least = compiled.slot_capacity[slots.start : slots.stop], limit * compiled.need_demand[need]
        return lambda levels: sum(c * level for c, level in zip(capacities, levels, strict=True)) < least
    if compiled.need_form[need] == GROUP:
        can_serve = [slot not in run.playback.spent and not compiled.slot_dead[slot] for slot in slots]
        return lambda levels: all(level < limit for level, can in zip(levels, can_serve, strict=True) if can)
    k = compiled.need_k[need]
    return lambda levels: sorted(levels, reverse=True)[k - 1] < limit

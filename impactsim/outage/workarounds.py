"""What the users of a service that is not whole can do meanwhile: since when, and until when it can be kept up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from impactsim.compiler import milliseconds
from impactsim.model.system import Need, System, Workaround
from impactsim.outage.situation import value_of
from impactsim.outage.snapshot import below_since_ms, level_at
from impactsim.reports.facts import Facts


@dataclass(frozen=True, slots=True)
class WorkaroundNow:
    """A workaround of a service that is not whole."""

    service: str
    words: Workaround
    from_ms: int
    until_ms: int | None
    """When it can no longer be kept up, or what it needs is gone; None if nothing says so."""
    is_up: bool
    """Is all that it needs there now?"""

    def is_there(self, at_ms: int) -> bool:
        """Tell whether people can use it at a time, by what it needs now."""
        return self.is_up and self.from_ms <= at_ms and (self.until_ms is None or at_ms < self.until_ms)


def workarounds_of(
    system: System, facts: Facts, service: str, at_ms: int, rest: Facts | None = None
) -> list[WorkaroundNow]:
    """Return the workarounds of a service, in the order of the file; none if it is whole.

    Parameters
    ----------
    system
        The system.
    facts
        The run.
    service
        Its id.
    at_ms
        Now.
    rest
        The run that tells until when what a workaround needs stays; `facts` if absent.
    """
    since_ms = below_since_ms(facts.components[service], at_ms)
    if since_ms is None:
        return []
    found = []
    for words in system.components[service].workarounds:
        from_ms = since_ms + milliseconds(words.after)
        ends = [] if words.lasts is None else [from_ms + milliseconds(words.lasts)]
        is_up = _are_met(words.needs, _levels(facts, words.needs, at_ms))
        gone_ms = _gone_ms(rest or facts, words.needs, at_ms) if is_up else None
        ends += [] if gone_ms is None else [gone_ms]
        found.append(WorkaroundNow(service, words, from_ms, min(ends, default=None), is_up))
    return found


def _levels(facts: Facts, needs: Sequence[Need], at_ms: int) -> Mapping[str, float]:
    return {member: level_at(facts.components[member], at_ms) for need in needs for member in need.members()}


def _are_met(needs: Sequence[Need], levels: Mapping[str, float]) -> bool:
    return all(value_of(need, levels) > 0.0 for need in needs)


def _gone_ms(facts: Facts, needs: Sequence[Need], at_ms: int) -> int | None:
    """Return when what a workaround needs is first gone after a time."""
    members = {member for need in needs for member in need.members()}
    times = sorted({ms for member in members for ms, _ in facts.components[member].levels if ms > at_ms})
    return next((ms for ms in times if not _are_met(needs, _levels(facts, needs, ms))), None)

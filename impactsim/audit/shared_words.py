"""What is said of a shared dependency: text, evidence, figures and remedy."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from impactsim.audit.estate import Estate
from impactsim.audit.facts import Probability
from impactsim.audit.independence import Independence
from impactsim.audit.redundancies import Redundancy, listed, owner_id, phrase
from impactsim.quantities import about_duration, about_figure

_YEAR_MS = 365 * 86_400_000
_N_PATHS = 4  # members whose path is told

_REMEDIES = {
    "power": "feed {who} from a supply other than {what}, or give it a battery or generator of its own",
    "cooling": "give {who} a cooling that does not need {what}",
    "site": "put {who} in a site other than {what}",
    "host": "run {who} on a host other than {what}",
    "provider": "take {who} from a provider that does not need {what}",
    "connectivity": "lead {who} over another route than {what}, and ask for its ducts before signing",
    "data": "give {who} a copy of {what} that it can use alone",
    "tool": "give {who} a way that does not need {what}",
    "channel": "give {who} a channel other than {what}",
}
_OTHER_REMEDY = "let {who} do without {what}, or give it a second {what} that shares nothing with the first"
_OF_CAUSE = "take {who} out of the reach of {what}: another make, place or moment of change, or a protection of its own"
_OF_MEMBER = "let {who} work while {what} is down: a standby must not need what it stands in for"


def text(estate: Estate, redundancy: Redundancy, events: Sequence[int], lost: Sequence[int]) -> str:
    """Say what takes down how much of a redundancy.

    Parameters
    ----------
    estate, redundancy
        The system, and what is lost.
    events
        What takes it down, by number.
    lost
        The members that are down then, by number.
    """
    who = listed(estate.ids_of(events))
    together = "alone takes" if len(events) == 1 else "together take"
    others = [estate.id_of(member) for member in lost if member not in events]
    if len(events) == 1 and len(others) < len(lost):
        if redundancy.form == "copies" and events[0] != redundancy.owner:
            return f"{who} takes {redundancy.owner_id} and every place of its copies down with it"
        return f"{who} takes {listed(others)} down with it, and so {_what_is_lost(redundancy)}"
    return f"{who} {together} down {_what_is_lost(redundancy)}: {listed([estate.id_of(each) for each in lost])}"


def _what_is_lost(redundancy: Redundancy) -> str:
    if redundancy.form == "copies":
        return f"{redundancy.owner_id} and every place of its copies"
    if redundancy.to_lose < len(redundancy.members):
        return f"too much of {phrase(redundancy)}"
    return f"all of {phrase(redundancy)}"


def text_of_rest(redundancy: Redundancy, n: int, order: int) -> str:
    """Say how many more things take down a redundancy; `order` is that of the smallest."""
    what = {1: "single failures or small sets of failures"}.get(order, f"sets of {order} failures or more")
    return f"{n:,} more {what} take down {_what_is_lost(redundancy)}"


# Evidence.


def evidence(
    estate: Estate, taken: Mapping[int, Collection[int]], lost: Sequence[int], behind: Collection[int]
) -> Iterator[str]:
    """Say why each member goes down.

    Parameters
    ----------
    estate
        The system.
    taken
        The members that each event takes down alone, by number.
    lost
        The members that are down if all of these events happen, by number.
    behind
        Other things of which each takes down this redundancy alone, and this event with it.
    """
    events = tuple(taken)
    told = [member for member in lost if member not in events]
    for member in told[:_N_PATHS]:
        alone = [event for event in events if member in taken[event]]
        yield _path(estate, member, alone[:1] or events)
    if len(told) > _N_PATHS:
        yield f"{len(told) - _N_PATHS:,} more members go down as well"
    if behind:
        names = listed(estate.ids_of(behind))
        itself = "is a shared dependency itself" if len(behind) == 1 else "are shared dependencies themselves"
        yield f"{listed(estate.ids_of(events))} goes down with {names}, which {itself}"


def _path(estate: Estate, member: int, events: Sequence[int]) -> str:
    told = [path for path in (path_words(estate, member, event) for event in events) if path]
    return ", and ".join(told) if told else f"{estate.id_of(member)} goes down with {listed(estate.ids_of(events))}"


def path_words(estate: Estate, component: int, event: int) -> str:
    """Write a path of needs from a component to an event: ``isp needs duct``, ``isp is struck by duct-cut``; empty without one."""
    path = estate.path(component, event)
    if not path:
        return ""
    if not estate.is_cause(event):
        return " needs ".join(path)
    *needed, cause = path
    if len(needed) == 1:
        return f"{needed[0]} is struck by {cause}"
    return f"{' needs '.join(needed)}, which is struck by {cause}"


def also_of(estate: Estate, redundancy: Redundancy, owners: Collection[int]) -> Iterator[str]:
    """Say who else leans on the same members."""
    others = [owner_id(estate, owner) for owner in owners if owner != redundancy.owner]
    if others:
        names = [estate.id_of(member) for member in redundancy.members]
        yield f"the same members ({listed(names)}) back {listed(others)} as well"


def figures_in_words(found: Independence) -> Iterator[str]:
    """Say how far the members are from failing independently."""
    down = "all are down" if found.to_lose == found.n else f"{found.to_lose} or more of {found.n} are down"
    least = "" if found.is_known else "at least "
    begin = down if found.is_known else f"from what is known, {down}"
    yield (
        f"{begin} {least}{_of_the_time(found.all_down)}; "
        f"if each failed on its own it would be {_of_the_time(found.promised)}{_times(found)}"
    )
    if found.common_share <= 0.0:
        return
    break_even = _percent(found.break_even)
    if found.common_share > found.break_even:
        says = f"from {break_even} on these outweigh independent failures, so that more members of the same sort help little"
    else:
        says = f"that is below the {break_even} from which on these outweigh independent failures"
    yield f"as a common cause it is {_percent(found.common_share)} of a member's failures; {says}"


def _times(found: Independence) -> str:
    factor = found.factor
    if factor is None or factor < 1.05:
        return ""
    return f", {about_figure(factor)} times less"


def _of_the_time(value: Probability) -> str:
    """Write a probability of being down, with the time of a year that it stands for."""
    low, high = _percent(value.low), _percent(value.high)
    if low != high:
        return f"{low} to {high} of the time"
    a_year_ms = value.low * _YEAR_MS
    return f"{low} of the time" + (f" ({about_duration(a_year_ms)} a year)" if a_year_ms >= 1_000 else "")


def _percent(value: float) -> str:
    if value >= 0.9995:
        return "100%" if value >= 1.0 else ">99.9%"
    return f"{value * 100:.3g}%" if value >= 1e-6 or value == 0.0 else f"{value:.2g}"


def figures(found: Independence | None) -> tuple[tuple[str, float], ...]:
    """Return the figures of a redundancy by name; none where nothing is known."""
    if found is None:
        return ()
    told = [
        ("all_down_low", found.all_down.low),
        ("all_down_high", found.all_down.high),
        ("if_independent", found.promised.high),
        ("common_share", found.common_share),
        ("break_even_share", found.break_even),
    ]
    factor = found.factor
    return (*told, *([] if factor is None else [("times_as_likely", factor)]))


# Remedies.


def remedy(estate: Estate, redundancy: Redundancy, taken: Mapping[int, Sequence[int]], lost: Sequence[int]) -> str:
    """Say what would part the members, by the kind of what they share: the last one is moved, which is the least in use.

    Parameters
    ----------
    estate, redundancy
        The system, and what is lost.
    taken
        The members that each event takes down alone, by number.
    lost
        The members that are down if all of these events happen, by number.
    """
    event = max(taken, key=lambda each: (len(taken[each]), -each))
    what = estate.id_of(event)
    who = estate.id_of(([member for member in taken[event] if member != event] or lost)[-1])
    if redundancy.form == "copies":
        return f"keep one copy of {redundancy.owner_id} where {what} does not reach"
    if estate.is_cause(event):
        return _OF_CAUSE.format(who=who, what=what)
    if event in redundancy.members:
        return _OF_MEMBER.format(who=who, what=what)
    kind = estate.system.components[what].kind
    return _REMEDIES.get(kind, _OTHER_REMEDY).format(who=who, what=what)

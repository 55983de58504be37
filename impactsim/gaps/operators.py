"""Backups of which nobody says who runs them: they may be run by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from impactsim.audit.single_points import listed
from impactsim.exact.propagation import Criterion, counts, members_to_lose
from impactsim.gaps.facts import Line, Part
from impactsim.gaps.followed import Followed
from impactsim.gaps.losses import Losses, minutes_a_year
from impactsim.gaps.plausible import RATE, RESTORE_MS
from impactsim.gaps.words import ASSUMED_RATE, owner_of, time_in_words, users_in_words
from impactsim.quantities import about_figure

_KINDS = {"provider", "connectivity"}


def parts(losses: Losses, followed: Followed) -> Iterator[Part]:
    """Yield the redundancies whose members may have one operator, as far as anybody says; each set of members once."""
    seen = set[tuple[int, ...]]()
    for number, owner, _ in losses.needs():
        members = losses.members(number)
        if not _is_redundant(losses, number) or tuple(sorted(members)) in seen:
            continue
        seen.add(tuple(sorted(members)))
        worst = max(
            ((_more_hit(losses, followed, group), group) for group in _groups(losses, members)),
            key=lambda each: each[0],
            default=(0.0, ()),
        )
        if worst[0] > 0.0:
            yield _part(losses, owner, worst[1], worst[0])


def _is_redundant(losses: Losses, need: int) -> bool:
    """Can it do without a member?"""
    compiled = losses.estate.compiled
    return counts(compiled, need, Criterion.DEGRADED) and members_to_lose(compiled, need, Criterion.DOWN) > 1


def _groups(losses: Losses, members: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield the members that may have one operator: those of whom nobody says who runs them, alone or with those of an operator."""
    components = losses.components
    blank = [each for each in members if components[each].kind in _KINDS and not components[each].operator]
    known = dict.fromkeys(components[each].operator for each in members if components[each].operator)
    for operator in [None, *known]:
        group = [each for each in members if each in blank or (operator and components[each].operator == operator)]
        if blank and len(group) > 1:
            yield tuple(group)


def _more_hit(losses: Losses, followed: Followed, group: Sequence[int]) -> float:
    """Return how many more are hit if all fail than if the worst of them does."""
    return losses.hit(*group) - max(followed.users_of(each) for each in group)


def _part(losses: Losses, owner: int, group: Sequence[int], users: float) -> Part:
    ids, components = [losses.ids[each] for each in group], losses.components
    blank = [each for each in group if not components[each].operator]
    rates = {each: fails.per_year for each in group if (fails := losses.fails(each)) and fails.per_year is not None}
    times = [each for each in map(losses.written_restore_ms, group) if each is not None]
    rate, restore_ms = min(rates.values(), default=RATE), min(times, default=RESTORE_MS)
    how_often = f"{about_figure(rate)} failures a year, as of the rarest of them" if rates else ASSUMED_RATE
    same = "it may be one and the same" if len(blank) == len(group) else f"{listed(ids)} may be run by one"
    return Part(
        "unknown-operator",
        losses.ids[owner],
        components[owner].kind,
        owner_of(losses, owner),
        low=0.0,
        high=minutes_a_year(rate, restore_ms) * users,
        text=f"nobody says who runs {listed([losses.ids[each] for each in blank])}: {same}",
        ask=f"who runs {listed(ids)}, and what do they share",
        others=tuple(ids),
        components=(losses.ids[owner],),
        evidence=(
            f"{users_in_words(losses, users)} if all of them fail together, and would not if one does",
            f"{how_often}; {time_in_words(restore_ms)} until the first of them is back",
        ),
        origin=tuple(dict.fromkeys(origin for each in blank for origin in components[each].origin)),
        lines=tuple(Line(losses.ids[each], "operator", comment="who runs it") for each in blank),
    )

"""Services that nobody is said to use."""

from __future__ import annotations

from collections.abc import Iterator

from impactsim.gaps.facts import Line, Part, Whom
from impactsim.gaps.followed import Followed
from impactsim.gaps.losses import Losses
from impactsim.gaps.words import asked_in_words, whom_of
from impactsim.quantities import about_duration, about_figure


def candidates(losses: Losses) -> list[int]:
    """Return the services of which nobody says how many use them, and that nothing else needs, unless in a circle with it."""
    said = _said(losses)
    circle = losses.estate.compiled.circle
    used_circles = {circle[each] for each in said if circle[each] >= 0}
    needed_circles = {
        circle[each] for each in range(len(losses.components)) if circle[each] >= 0 and _is_needed(losses, each)
    }
    return [
        each
        for each in losses.estate.services
        if each not in said
        and circle[each] not in used_circles
        and circle[each] not in needed_circles
        and not _is_needed(losses, each)
    ]


def _said(losses: Losses) -> set[int]:
    """Return the services of which somebody says how many use them, even if nobody does."""
    index = losses.estate.names.index
    said = {index[service] for segment in losses.system.users.values() for service in segment.uses}
    return said | {number for number, each in enumerate(losses.components) if each.users is not None}


def _is_needed(losses: Losses, component: int) -> bool:
    """Does anything need it that is not in a circle with it, be it only to start or to repair?"""
    compiled = losses.estate.compiled
    first, after = compiled.use_from[component], compiled.use_from[component + 1]
    owners = (compiled.need_component[compiled.slot_need[slot]] for slot in compiled.use_slot[first:after])
    circle = compiled.circle
    return any(owner != component and not 0 <= circle[owner] == circle[component] for owner in owners)


def parts(losses: Losses, followed: Followed) -> Iterator[Part]:
    """Yield the services that nobody is said to use."""
    usual = losses.usual_users
    for service, minutes in followed.minutes.items():
        name = losses.ids[service]
        whom = whom_of(losses, service) if losses.has_users else Whom("everybody", "")
        many = about_figure(usual)
        so_many = f"0 or {many}, as the median of the services whose users are known" if losses.has_users else "0 or 1"
        yield Part(
            "no-users",
            name,
            "service",
            whom,
            low=0.0,
            high=minutes * usual,
            text=f"nobody is said to use {name}, and nothing else needs it",
            ask=f"how many people use {name}",
            components=(name,),
            evidence=(
                f"single failures take it down for {about_duration(minutes * 60_000)} a year",
                f"its users may be {so_many}",
            ),
            origin=losses.components[service].origin,
            lines=(Line(name, "users", comment=f"ask {asked_in_words(whom)}: such as 1200, or 0 if nobody does"),),
        )

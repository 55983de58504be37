"""Questions about needs: what a year costs with a need, and without it.

Theory of operation. A question is about one need, or about several that one answer settles (all hosts on one feed). Its value is

    minutes x (users hit if the need is hard - users hit if it is not there)

where *users hit* are those hit while what is needed is down and nothing else, and *minutes* are those of a year in which some single
failure takes down what is needed, and does not take down by another need as well what needs it. Where nothing is redundant this is
never less than the sum over all these failures, and is that sum where they spread as a tree to users of one service each; so one look
at the need itself is enough, and a system of thousands of observed calls costs a few thousand looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from impactsim.compiled import GROUP, POOL
from impactsim.exact.propagation import Criterion, counts, members_to_lose
from impactsim.gaps.losses import Losses


@dataclass(frozen=True, slots=True)
class Question:
    """One question about needs.

    Parameters
    ----------
    needs
        Numbers of the needs that the answer settles; all have the same members.
    is_about_backup
        Whether it is asked if some members will do without the others, instead of whether the needs are there at all.
    """

    needs: tuple[int, ...]
    is_about_backup: bool = False


@dataclass(slots=True)
class Watch:
    """For how long a year it matters what the answer to each question is; every failure is shown to it once."""

    losses: Losses
    questions: Sequence[Question]
    minutes: list[float] = field(init=False)
    """Of each question."""
    _of_member: dict[int, list[tuple[int, int]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.minutes = [0.0] * len(self.questions)
        for place, question in enumerate(self.questions):
            for need in question.needs:
                for member in self.losses.members(need):
                    self._of_member.setdefault(member, []).append((place, need))

    def see(self, struck: Iterable[int], down: set[int], minutes: float) -> None:
        """Look at what is down while a failure is there."""
        if not self._of_member:
            return
        seen = set[int]()
        unmet: dict[int, list[int]] = {}
        hit = set(struck)
        owner_of = self.losses.estate.compiled.need_component
        few, many = sorted((down, self._of_member), key=len)
        for member in few:
            if member not in many:
                continue
            for place, need in self._of_member[member]:
                owner = owner_of[need]
                if place in seen or owner in hit or not self._is_lost(self.questions[place], need, down):
                    continue
                if owner not in unmet:
                    unmet[owner] = unmet_from_outside(self.losses, owner, down)
                if all(other == need for other in unmet[owner]):
                    seen.add(place)
        for place in seen:
            self.minutes[place] += minutes

    def _is_lost(self, question: Question, need: int, down: set[int]) -> bool:
        compiled = self.losses.estate.compiled
        members = self.losses.members(need)
        n_lost = sum(each in down for each in members)
        if not question.is_about_backup:
            return n_lost >= _to_lose(self.losses, need)
        is_first_lost = compiled.need_form[need] != GROUP or members[0] in down
        return is_first_lost and 0 < n_lost < len(members)


def unmet_from_outside(losses: Losses, owner: int, down: set[int]) -> list[int]:
    """Return the hard needs of a component that are not met, but for those on the circle that it is in itself."""
    compiled = losses.estate.compiled
    circle, found = compiled.circle, []
    for need in range(compiled.need_from[owner], compiled.need_from[owner + 1]):
        members = compiled.slot_component[compiled.slot_from[need] : compiled.slot_from[need + 1]]
        if (
            not down.isdisjoint(members)
            and counts(compiled, need, Criterion.DOWN)
            and (circle[owner] < 0 or all(circle[each] != circle[owner] for each in members))
            and sum(each in down for each in members) >= _to_lose(losses, need)
        ):
            found.append(need)
    return found


def _to_lose(losses: Losses, need: int) -> int:
    compiled = losses.estate.compiled
    if compiled.need_form[need] == POOL:
        return len(losses.members(need))
    return members_to_lose(compiled, need, Criterion.DOWN)


def users_with(losses: Losses, question: Question, users_of: Callable[[int], float]) -> float:
    """Return how many are hit while what is needed is down, if nothing works without it.

    Parameters
    ----------
    losses, question
        What is asked.
    users_of
        How many the failure of a component hits by itself.
    """
    compiled, struck = losses.estate.compiled, _struck(losses, question)
    if len(struck) == 1 and not question.is_about_backup:
        needs = question.needs
        if all(counts(compiled, need, Criterion.DOWN) and len(losses.members(need)) == 1 for need in needs):
            return users_of(struck[0])  # it takes them down as it is
    owners = [compiled.need_component[need] for need in question.needs]
    return losses.users(losses.of(*dict.fromkeys((*struck, *owners))))


def users_without(losses: Losses, question: Question) -> float:
    """Return how many are hit while what is needed is down, if it is not needed."""
    return losses.users(losses.without(question.needs, *_struck(losses, question)))


def _struck(losses: Losses, question: Question) -> list[int]:
    """Return what has to be down for the answer to matter: of a redundancy the first member."""
    members = losses.members(question.needs[0])
    return members[:1] if question.is_about_backup else members

"""Every single failure, looked at once: whom it hits, and for how long a year each service and each question feels one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from impactsim.gaps.losses import Losses
from impactsim.gaps.questions import Question, Watch, users_with, users_without

_MOST_PARTLY = 1_000_000
"""Components that lose a part, over all failures: some seconds. With more of them soft needs are left out."""
_MOST_LOOKED_AT = 20_000_000
"""Components that go down, over all failures: some ten seconds."""
_MOST_IN_ANSWERS = 6_000_000
"""Components that lose something, over all questions about needs: some twenty seconds."""


@dataclass(slots=True)
class Followed:
    """What follows from each single failure."""

    losses: Losses
    users: dict[int, float] = field(default_factory=dict)
    """How many each event hits; events that cannot happen are left out."""
    minutes: dict[int, float] = field(default_factory=dict)
    """For how many minutes a year each service that was asked about loses all, or as much as if it lost all."""
    question_minutes: list[float] = field(default_factory=list)
    """For how many minutes a year the answer to each question matters."""
    n_left: int = 0
    """How many events were not followed because too much goes down."""

    def users_of(self, component: int) -> float:
        """Return how many the failure of a component hits, even if it is said never to fail."""
        if component not in self.users:
            self.users[component] = self.losses.hit(component)
        return self.users[component]


def follow(losses: Losses, questions: Sequence[Question], services: Collection[int]) -> Followed:
    """Follow every single failure.

    Parameters
    ----------
    losses
        The system.
    questions
        Questions about needs.
    services
        Services whose lost time is asked for.
    """
    found = _follow(losses, questions, services)
    if found is None:
        losses.has_soft, losses.looked_at = False, 0
        found = _follow(losses, questions, services)
    assert found is not None, "without soft needs nothing loses a part"
    return found


def _follow(losses: Losses, questions: Sequence[Question], services: Collection[int]) -> Followed | None:
    """Follow every single failure; None where soft needs reach too far."""
    found = Followed(losses, minutes=dict.fromkeys(services, 0.0))
    watch = Watch(losses, questions)
    events = [event for event, chance in enumerate(losses.estate.chances) if chance.can_fail]
    for done, event in enumerate(events):
        if losses.has_soft and losses.looked_at_partly > _MOST_PARTLY:
            return None
        if losses.looked_at > _MOST_LOOKED_AT:
            found.n_left = len(events) - done
            break
        lost, minutes = losses.of(event), losses.minutes(event)
        found.users[event] = losses.users(lost)
        watch.see(losses.estate.propagation.struck(event), lost.down, minutes)
        _add_minutes(found, lost.down, lost.partly, minutes)
    found.question_minutes = watch.minutes
    return found


def _add_minutes(found: Followed, down: set[int], partly: dict[int, float], minutes: float) -> None:
    wanted = found.minutes
    few, many = sorted((down, wanted), key=len)
    for service in few:
        if service in many:
            wanted[service] += minutes
    for service, share in partly.items():
        if service in wanted:
            wanted[service] += minutes * share


@dataclass(frozen=True, slots=True)
class Answer:
    """What depends on the answer to a question."""

    minutes: float
    """For how long a year it matters."""
    users_without: float
    """How many are hit then if the needs are not there, or if any member will do; 0 if that was too much to work out."""
    users_with: float
    """How many are hit if nothing works without them, or if all members are needed."""
    is_bound: bool = False
    """Was it too much to work out?"""


def answers(followed: Followed, questions: Sequence[Question]) -> list[Answer | None]:
    """Return what depends on the answer to each question, None if nothing does.

    Where too much goes down to look at all of them, those that could matter most are looked at, and of the others a bound is told.
    """
    losses = followed.losses
    room = losses.looked_at + _MOST_IN_ANSWERS
    users = [0.0] * len(questions)
    for place, question in enumerate(questions):
        if not followed.question_minutes[place]:
            continue
        users[place] = losses.everybody
        if losses.looked_at <= room:
            users[place] = users_with(losses, question, followed.users_of)
    bounds = [minutes * count for minutes, count in zip(followed.question_minutes, users, strict=True)]
    found: list[Answer | None] = [None] * len(questions)
    for place in sorted(range(len(questions)), key=lambda place: (-bounds[place], place)):
        minutes = followed.question_minutes[place]
        if bounds[place] <= 0.0:
            break
        is_bound = losses.looked_at > room
        without = 0.0 if is_bound else users_without(losses, questions[place])
        found[place] = Answer(minutes, without, users[place], is_bound)
    return found

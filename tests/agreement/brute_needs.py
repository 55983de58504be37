"""Needs and standby groups of the brute-force answer: S3, S4 and the charges of S3.5, from the rules alone.

Knows the model's words and the levels of an instant; imports nothing below the model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

from impactsim.model.system import AllOf, AnyOf, AtLeast, Component, ComponentNeed, Pool, System

TINY = 1e-9
"""Levels that differ by less are equal (S2.4)."""

Levels = Mapping[str, float]


def settled(level: float) -> float:
    """Return the level with S2.4's two limits: below 1e-9 it is 0, above 1 - 1e-9 it is 1."""
    if level < TINY:
        return 0.0
    return 1.0 if level > 1 - TINY else level


def median_ms(law: Any) -> int:
    """Return the median of a duration, to the nearest millisecond (S1.1); 0 where nothing is given."""
    return 0 if law is None else nearest(law.median())


def nearest(milliseconds: Any) -> int:
    """Round to the nearest whole millisecond, a half to the even one."""
    return round(Fraction(milliseconds))


def happens(probability: float) -> bool:
    """Tell whether something of this probability happens in a run that does not sample."""
    return probability >= 0.5


class MemberState:
    """A member of a standby group and what the group remembers of it."""

    def __init__(self, words: Any, group: AnyOf) -> None:
        self.use: str = words.use
        self.failover = median_ms(words.failover if words.failover is not None else group.failover)
        self.lasts = None if words.lasts is None else median_ms(words.lasts)
        self.works = not happens(words.fails_to_start)
        self.switched = False  # a switch to it has ended and no member listed before it has served since
        self.by_action = False  # an action has switched to it and it has not been down since
        self.spent = False


class Group:
    """An `any_of` need: who is at hand, who serves, and the switch under way (S4)."""

    def __init__(self, words: AnyOf) -> None:
        self.members = [MemberState(member, words) for member in words.any_of]
        self.serving: MemberState | None = None
        self.serving_since = 0
        self.target: MemberState | None = None
        self.switch_end = 0

    def is_at_hand(self, member: MemberState) -> bool:
        """S4.2."""
        if member.spent or not member.works:
            return False
        return member is self.members[0] or member.failover == 0 or member.switched or member.by_action

    def value(self, levels: Levels) -> float:
        """S4.2: the largest level of the members at hand."""
        return max((levels[m.use] for m in self.members if self.is_at_hand(m)), default=0.0)

    def due(self) -> list[int]:
        """Return when the switch ends and when the serving member is spent."""
        times = [self.switch_end] if self.target else []
        if self.serving and self.serving.lasts is not None and not self.serving.spent:
            times.append(self.serving_since + self.serving.lasts)
        return times

    def end_switch(self, now: int) -> bool:
        """S7 (1): the switch that is due ends."""
        if self.target is None or self.switch_end > now:
            return False
        self.target.switched = True
        self.target = None
        return True

    def spend(self, now: int) -> bool:
        """S4.5: the serving member that has served for its `lasts` is spent."""
        member = self.serving
        if member is None or member.lasts is None or member.spent or self.serving_since + member.lasts > now:
            return False
        member.spent = True
        return True

    def settle(self, levels: Levels, now: int) -> None:
        """S4.3 and S4.4, at the end of an instant."""
        for member in self.members:
            if levels[member.use] == 0:
                member.by_action = False
        value = self.value(levels)
        if value > 0:
            self._serve(levels, value, now)
        else:
            self._switch(levels, now)

    def _serve(self, levels: Levels, value: float, now: int) -> None:
        self.target = None
        serving = next(m for m in self.members if self.is_at_hand(m) and levels[m.use] > value - TINY)
        if serving is not self.serving:
            self.serving, self.serving_since = serving, now
        for later in self.members[self.members.index(serving) + 1 :]:
            later.switched = False
            if levels[serving.use] == 1:
                later.spent = False

    def _switch(self, levels: Levels, now: int) -> None:
        self.serving = None
        if self.target is not None and levels[self.target.use] > 0:
            return
        candidates = (m for m in self.members if levels[m.use] > 0 and not m.spent and m.works)
        self.target = next(candidates, None)
        if self.target is not None:
            self.switch_end = now + self.target.failover


@dataclass(frozen=True)
class OnReserve:
    """By what a need is on reserve at the end of an instant (S3.8)."""

    by: str
    """holdover, standby or last."""
    member: str | None
    """The member that carries it alone; None for a holdover and for a quorum."""
    until: int | None
    """When it ends at the latest."""


class NeedState:
    """A need of a component or of a workaround, with its charge."""

    def __init__(self, words: Any, purpose: str) -> None:
        self.words = words
        self.purpose = purpose
        self.members: tuple[str, ...] = words.members()
        self.impact: float = words.impact
        self.holdover = median_ms(words.holdover)
        self.recharge = median_ms(words.recharge)
        self.charge = Fraction(self.holdover)
        self.group = Group(words) if isinstance(words, AnyOf) else None

    @property
    def is_hard(self) -> bool:
        """S3.6: impact below 1 is soft."""
        return self.impact > 1 - TINY

    def value(self, levels: Levels) -> float:
        """S3.1 to S3.4, before holdover."""
        return settled(self._value(levels))

    def _value(self, levels: Levels) -> float:
        words = self.words
        if isinstance(words, ComponentNeed):
            return levels[words.component]
        if isinstance(words, AllOf):
            return min(levels[member] for member in words.all_of)
        if isinstance(words, AtLeast):
            return sorted((levels[member] for member in words.of), reverse=True)[words.at_least - 1]
        if isinstance(words, Pool):
            return min(1.0, sum(capacity * levels[member] for member, capacity in words.pool.items()) / words.demand)
        assert self.group is not None
        return self.group.value(levels)

    def after_holdover(self, levels: Levels) -> float:
        """S3.5: fully met as long as there is charge."""
        return 1.0 if self.charge > 0 else self.value(levels)

    def is_met(self, levels: Levels) -> bool:
        """Tell whether the value after holdover is above 0."""
        return self.after_holdover(levels) > 0

    def passes_on(self, levels: Levels) -> float:
        """S3.6."""
        value = self.after_holdover(levels)
        return value if self.is_hard else settled(1 - self.impact * (1 - value))

    def due(self, levels: Levels, now: int) -> list[int]:
        """Return when the charge is 0 and what the group waits for."""
        times = self.group.due() if self.group else []
        if self.charge > 0 and self.value(levels) < 1:
            times.append(now + ceil(self.charge))
        return times

    def elapse(self, levels: Levels, milliseconds: int) -> None:
        """S3.5: the charge drains or refills while time moves."""
        if self.value(levels) < 1:
            self.charge = max(Fraction(0), self.charge - milliseconds)
        elif self.recharge == 0:
            self.charge = Fraction(self.holdover)
        else:
            gained = Fraction(self.holdover, self.recharge) * milliseconds
            self.charge = min(Fraction(self.holdover), self.charge + gained)

    def reserve(self, levels: Levels, now: int) -> OnReserve | None:
        """S3.8, by the levels at the end of an instant."""
        value = self.value(levels)
        if value < 1 and self.charge > 0:
            return OnReserve("holdover", None, now + ceil(self.charge))
        if value == 0:
            return None
        if self.group:
            return self._reserve_of_group(self.group, levels)
        if isinstance(self.words, AtLeast) and len(self.members) > self.words.at_least:
            up = sum(levels[member] > 0 for member in self.members)
            return OnReserve("last", None, None) if up == self.words.at_least else None
        return None

    def _reserve_of_group(self, group: Group, levels: Levels) -> OnReserve | None:
        serving = group.serving
        assert serving is not None
        until = None if serving.lasts is None else group.serving_since + serving.lasts
        if serving is not group.members[0]:
            return OnReserve("standby", serving.use, until)
        left = [m for m in group.members if levels[m.use] > 0 and not m.spent and m.works]
        if len(left) == 1 and len(group.members) > 1:
            return OnReserve("last", serving.use, until)
        return None


STAYS_UP_WITH = ("power", "site", "host", "cooling")


def purpose_of(words: Any, system: System) -> str:
    """S3.7 (a soft need is always to run: S3.6)."""
    if words.impact < 1:
        return "run"
    if words.to is not None:
        return str(words.to)
    kinds = [system.components[member].kind for member in words.members()]
    return "stay_up" if all(kind in STAYS_UP_WITH for kind in kinds) else "run"


def needs_of(component: Component, system: System) -> list[NeedState]:
    """Return the needs of a component; the site (`at`) is the last one, to stay up."""
    needs = [NeedState(words, purpose_of(words, system)) for words in component.needs]
    if component.at is not None:
        needs.append(NeedState(ComponentNeed(component=component.at), "stay_up"))
    return needs

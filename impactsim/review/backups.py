"""The backups: every copy and every standby that a service of the plan leans on, what it shares with what it backs, and its test."""

from __future__ import annotations

from collections.abc import Iterator

from impactsim.audit.estate import Estate
from impactsim.audit.leaning import Leaning
from impactsim.laws import Law
from impactsim.model.system import AnyOf
from impactsim.review.facts import BackupRow
from impactsim.review.findings.copies import loses_ms
from impactsim.review.findings.ground import Ground
from impactsim.review.findings.tested import last_of, tests_of, tests_of_copy
from impactsim.review.report.times import duration


def backups(ground: Ground) -> tuple[BackupRow, ...]:
    """Return the copies and standbys that the services of the plan lean on, in the order of the system.

    Parameters
    ----------
    ground
        Plan and system.
    """
    needed = {each for name, below in ground.at_all.items() for each in (name, *below)}
    owners = [name for name in ground.system.components if name in needed]
    pairs = [(first, by) for owner in owners for first, by in _pairs(ground, owner)]
    shared = _Shared(ground, {name for pair in pairs for name in pair})
    copies = [row for owner in owners for row in _copies(ground, shared, owner)]
    return (*copies, *(row for owner in owners for row in _standbys(ground, shared, owner)))


class _Shared:
    """What takes down two components at once."""

    def __init__(self, ground: Ground, names: set[str]) -> None:
        self.estate = Estate(ground.system)
        self._index = self.estate.names.index
        self._leaning = Leaning(self.estate, (self._index[name] for name in names))

    def of(self, one: str, other: str) -> tuple[str, ...]:
        """Return the ids of the single events that take down both."""
        return self.estate.ids_of(self._leaning.together((self._index[one], self._index[other]), 2))


def _pairs(ground: Ground, owner: str) -> Iterator[tuple[str, str]]:
    """Yield each thing of a component that is backed, and what backs it."""
    for copy in ground.system.components[owner].copies:
        yield owner, copy.at
    for first, by, _ in _members(ground, owner):
        yield first, by


def _members(ground: Ground, owner: str) -> Iterator[tuple[str, str, Law | None]]:
    """Yield the first member of each standby group, one of its standbys, and how long the switch takes."""
    for need in ground.system.components[owner].needs:
        if isinstance(need, AnyOf):
            for member in need.any_of[1:]:
                yield need.any_of[0].use, member.use, member.failover or need.failover


def _copies(ground: Ground, shared: _Shared, data: str) -> Iterator[BackupRow]:
    for place, copy in enumerate(ground.system.components[data].copies):
        yield BackupRow(
            of=data,
            by=copy.at,
            kind="copy",
            every_ms=copy.every,
            loses_ms=loses_ms(copy),
            takes=_steps_told(ground, _restoring(ground, data)) or f"restore {_law_told(copy.restore)}",
            shares=shared.of(data, copy.at),
            last_test=last_of(tests_of_copy(ground, data, place)),
        )


def _standbys(ground: Ground, shared: _Shared, owner: str) -> Iterator[BackupRow]:
    for first, by, failover in dict.fromkeys(_members(ground, owner)):
        switch = "at once" if failover is None else _law_told(failover)
        yield BackupRow(
            of=owner,
            by=by,
            kind="standby",
            every_ms=None,
            loses_ms=None,
            takes=_steps_told(ground, _switching(ground, owner, by)) or f"switch {switch}",
            shares=shared.of(first, by),
            last_test=last_of(tests_of(ground, by)),
        )


def _restoring(ground: Ground, data: str) -> list[str]:
    return [name for name, step in ground.plan.steps.items() if data in step.restores]


def _switching(ground: Ground, owner: str, by: str) -> list[str]:
    return [
        name
        for name, step in ground.plan.steps.items()
        if step.switches is not None and step.switches.to == by and owner in step.switches.of
    ]


def _steps_told(ground: Ground, steps: list[str]) -> str:
    """Say how long the work of some steps takes; nothing without steps."""
    return "; ".join(f"step {name} {_work_told(ground.plan.steps[name].takes)}" for name in steps)


def _work_told(work: Law | str) -> str:
    return "takes what the system says" if isinstance(work, str) else _law_told(work)


def _law_told(law: Law) -> str:
    """Say a time, with its late end where it is uncertain: ``2 h, 5 h in one case of ten``.

    Examples
    --------
    >>> from impactsim.laws import Certain
    >>> _law_told(Certain(7_200_000.0)), _law_told(Certain(0.0))
    ('2 h', 'at once')
    """
    if law.is_certain:
        return duration(law.median()) if law.median() else "at once"
    return f"{duration(law.median())}, {duration(law.quantile(0.9))} in one case of ten"

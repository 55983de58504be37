"""Guesses in words: what is guessed, and what would be different if it were wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from impactsim.audit.estate import Estate
from impactsim.audit.findings import Finding, Severity
from impactsim.audit.single_points import listed, members_of_need, path_to
from impactsim.compiled import GROUP
from impactsim.exact.propagation import Criterion, members_to_lose
from impactsim.model.provenance import Confidence
from impactsim.quantities import about_figure

_LARGE_SHARE = 0.1
_N_TOLD = 3


@dataclass(frozen=True, slots=True)
class Change:
    """What would be different if one guess were wrong."""

    component: int
    confidence: Confidence
    """How sure it is: of a need by its own word, of a rate by that of its component."""
    guess: str
    """What is guessed, as in ``that shop needs isp-a``."""
    otherwise: str
    """How it would be instead, as in ``if it does not``."""
    remedy: str
    less: tuple[tuple[int, tuple[int, ...]], ...]
    """Events that would take down less by themselves, each with the services that it would spare."""
    more: tuple[tuple[int, tuple[int, ...]], ...]
    """Events that would take down more by themselves, each with these services."""
    services: tuple[int, ...]
    """The services that this is about."""
    users: float
    """Who use them."""
    minutes: float
    """Lost user-minutes a year more than expected; negative if less."""
    is_rate: bool = False
    """Is the guess about how often it fails?"""

    @property
    def is_any(self) -> bool:
        """Would anything be different?"""
        return bool(self.services)

    @property
    def size(self) -> tuple[float, float, int]:
        """How much it is, for comparison."""
        return (abs(self.minutes), self.users, len(self.less) + len(self.more))


def members_in_words(estate: Estate, need: int) -> str:
    """Return the members of a need."""
    return listed(estate.ids_of(members_of_need(estate, need)))


def redundancy_in_words(estate: Estate, need: int) -> tuple[str, str]:
    """Return what a redundancy promises, and how to find out whether it is so."""
    compiled = estate.compiled
    owner, members = estate.id_of(compiled.need_component[need]), estate.ids_of(members_of_need(estate, need))
    if compiled.need_form[need] == GROUP:
        backups = " or ".join(part for part in (", ".join(members[1:-1]), members[-1]) if part)
        return (
            f"that {owner} can do with {backups} instead of {members[0]}",
            f"run {owner} without {members[0]} as a test",
        )
    spare = members_to_lose(compiled, need, Criterion.DOWN) - 1
    return f"that {owner} can do without {spare} of {listed(members)}", f"run {owner} without {members[0]} as a test"


def _effect(estate: Estate, change: Change) -> str:
    """Say what would be different."""
    ids, told = estate.ids_of, []
    for events, what in ((change.less, "less"), (change.more, "more")):
        if events:
            told.append(f"{listed(ids(event for event, _ in events))} would take down {what}")
    if round(abs(change.minutes)):
        what = "more" if change.minutes > 0.0 else "less"
        told.append(f"{about_figure(abs(change.minutes))} user-minutes a year {what} would be lost")
    return " and ".join(told) or f"{listed(ids(change.services))} would be down more or less often"


def finding_of(estate: Estate, changes: Sequence[Change]) -> Finding:
    """Return the finding about one component, by what matters most of it."""
    worst = changes[0]
    name = estate.id_of(worst.component)
    severity = Severity.MEDIUM if estate.share_lost(worst.services) >= _LARGE_SHARE else Severity.LOW
    return Finding(
        id=f"unverified/{name}",
        kind="unverified",
        severity=severity if worst.confidence == "guessed" else Severity(severity - 1),
        text=f"it is only {worst.confidence} {worst.guess}; {worst.otherwise}, {_effect(estate, worst)}",
        services=estate.ids_of(worst.services),
        events=(name,),
        users=worst.users,
        evidence=tuple(_evidence(estate, changes)),
        remedy=worst.remedy,
        figures=(
            ("change_of_lost_user_minutes", worst.minutes),
            ("take_down_less", float(len(worst.less))),
            ("take_down_more", float(len(worst.more))),
        ),
    )


def _evidence(estate: Estate, changes: Sequence[Change]) -> Iterator[str]:
    worst = changes[0]
    down = estate.down(worst.component)
    for service in [each for each in worst.services if each != worst.component][:_N_TOLD]:
        path = estate.path(service, worst.component)
        if service in down:
            yield path_to(estate, down, service, [worst.component])
        elif path:
            yield " needs ".join(path)
    if worst.is_rate:
        yield f"as it is written down it is down {estate.probability[worst.component]:.3g} of the time"
    for events, what in ((worst.less, "would not take down"), (worst.more, "would take down")):
        for event, services in events[:_N_TOLD]:
            yield f"{estate.id_of(event)} alone {what} {listed(estate.ids_of(services))}"
    for other in changes[1 : _N_TOLD + 1]:
        yield f"also {other.confidence} {other.guess}; {other.otherwise}, {_effect(estate, other)}"


def not_looked_at(n_components: int) -> Finding:
    """Return the finding that so many guesses were too many to look at."""
    return Finding(
        id="unverified/not-looked-at",
        kind="unverified",
        severity=Severity.NOTE,
        text=f"{n_components:,} more components, or needs of theirs, are guessed or observed; those with most users behind them were looked at",
        evidence=("the guessed first, then those that take down services with most users",),
        remedy="declare what is certain about them",
        figures=(("components", float(n_components)),),
    )

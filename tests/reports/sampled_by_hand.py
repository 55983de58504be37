"""Facts of many trials written by hand, for tests of what is made of them: each figure from its value in each trial."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from impactsim.reports.sampled.facts import (
    SampledComponent,
    SampledData,
    SampledFacts,
    SampledPeople,
    SampledUsers,
    Target,
)
from impactsim.trials.estimates import chance_of, estimate_of

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
N = 100

Values = Sequence[float]


def spread(low: float, high: float, n: int = N) -> list[float]:
    """As many values from low to high as there are trials, in equal steps."""
    return [low + (high - low) * i / (n - 1) for i in range(n)]


def component(id_: str, down_ms: Values = (), degraded_ms: Values = (), hits: int | None = None, **words: Any) -> Any:
    """A service that was so long down and degraded in each trial, in at least `hits` of them at all."""
    down, degraded = list(down_ms) or [0.0] * N, list(degraded_ms) or [0.0] * N
    n = len(down)
    degraded = degraded if len(degraded) == n else [0.0] * n
    affected = sum(a > 0 or b > 0 for a, b in zip(down, degraded, strict=True))
    made = SampledComponent(
        id=id_,
        name=id_,
        kind="service",
        down=chance_of(sum(ms > 0 for ms in down), n),
        affected=chance_of(affected if hits is None else hits, n),
        not_restored=chance_of(0, n),
        down_ms=estimate_of(down, 0.0),
        degraded_ms=estimate_of(degraded, 0.0),
        longest_ms=estimate_of(down, 0.0),
        rto=None,
        mtpd=None,
    )
    return replace(made, **words)


def target(limit_ms: int, hits: int, n: int = N) -> Target:
    """A recovery time that was missed in so many trials."""
    return Target(limit_ms, chance_of(hits, n))


def data(id_: str, loss_ms: Values | None, lost: int = 0, not_begun: int = 0, rpo: Target | None = None) -> SampledData:
    """Data that lost so much in the trials in which a copy was taken."""
    loss = None if loss_ms is None else estimate_of(loss_ms, 0.0)
    return SampledData(id_, id_, loss, chance_of(lost, N), chance_of(not_begun, N), rpo)


def people(values: Values, wider: float = 0.0, has_estimate: bool = True) -> SampledPeople:
    """A number of people with bounds that lie so far to either side, as a share."""
    low, high = ([value * (1 + sign * wider) for value in values] for sign in (-1, 1))
    return SampledPeople(
        estimate_of(low, 0.0), estimate_of(values, 0.0) if has_estimate else None, estimate_of(high, 0.0)
    )


def users(
    affected: Values, minutes: float = 60.0, wider: float = 0.0, out_ms: Values | None = None, has_estimate: bool = True
) -> SampledUsers:
    """Users of whom each affected one lost so many minutes."""
    count = people(affected, wider, has_estimate)
    lost = people([value * minutes for value in affected], wider, has_estimate)
    return SampledUsers(count, count, lost, None if out_ms is None else people(out_ms))


def sampled(*components: SampledComponent, restored_ms: Values = (), **words: Any) -> SampledFacts:
    """Trials of these components, all of which are services unless their kind says otherwise."""
    restored = list(restored_ms) or [0.0] * N
    n = len(restored)
    facts = SampledFacts(
        system="System",
        scenario="Scenario",
        starts=None,
        seed=7,
        n_trials=n,
        n_asked=n,
        is_complete=True,
        precision=None,
        reached=0.031,
        end_ms=estimate_of([DAY] * n),
        restored_ms=estimate_of(restored, 0.0),
        not_restored=chance_of(sum(math.isinf(ms) for ms in restored), n),
        undisturbed=chance_of(sum(ms == 0 for ms in restored), n),
        components={each.id: each for each in components},
        n_components=10,
        services=tuple(each.id for each in components if each.kind == "service"),
        data={},
        users=users([0.0] * n),
        segments={},
        segment_names={},
        people=None,
        has_users=False,
        n_uncertain=3,
        drivers=(),
        drivers_of="lost user-minutes",
        guesses={},
        sources={},
        warnings=(),
    )
    return replace(facts, **words)

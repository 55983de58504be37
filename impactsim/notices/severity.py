"""How severe an outage is, and what a status page shows: from shares of users who cannot use a service, or have something instead.

The status is that of the service itself; what people do instead of using it lowers the severity only.

There is no standard scale of severities. This one is that of ``docs/notices.md``, after the rule that the worst row that applies
counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from impactsim.notices.incident import Status

_MINUTE_MS = 60_000
CADENCE_MS = {1: 30 * _MINUTE_MS, 2: 30 * _MINUTE_MS, 3: 60 * _MINUTE_MS, 4: 120 * _MINUTE_MS, 5: 240 * _MINUTE_MS}
"""The next update follows within so long, by severity."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What the users of a service lose."""

    cannot: float
    """Share of its users who cannot use it, and have nothing instead."""
    with_trouble: float
    """Share of its users who cannot use it, and have a workaround."""
    is_critical: bool = True

    @property
    def missing(self) -> float:
        """Share of its users who cannot use it."""
        return self.cannot + self.with_trouble

    @property
    def status(self) -> Status:
        """What a status page shows of the service, whatever people do instead."""
        missing = self.missing + 1e-12  # of two shares that were multiplied out
        if missing >= 0.95:
            return "major_outage"
        if missing >= 0.01:
            return "partial_outage"
        return "degraded_performance" if self.missing > 0.0 else "operational"


def severity_of(losses: Iterable[Loss], *, is_grave: bool = False, has_lost_redundancy: bool = False) -> int:
    """Return the severity, 1 (worst) to 5.

    Parameters
    ----------
    losses
        Of each service.
    is_grave
        Whether somebody's safety is at stake, data is lost, or an attack is suspected.
    has_lost_redundancy
        Whether one more failure would be an outage.

    Examples
    --------
    >>> severity_of([Loss(0.6, 0.0)]), severity_of([Loss(0.6, 0.0, is_critical=False)]), severity_of([Loss(0.0, 0.6)])
    (1, 2, 2)
    >>> severity_of([Loss(0.02, 0.0)]), severity_of([Loss(0.002, 0.0)]), severity_of([])
    (3, 4, 5)
    """
    found = [_severity(loss) for loss in losses]
    found += [1] * is_grave + [3] * has_lost_redundancy
    return min(found, default=5)


def _severity(loss: Loss) -> int:
    if loss.cannot >= 0.5:
        return 1 if loss.is_critical else 2
    if loss.cannot >= 0.1 or (loss.is_critical and loss.with_trouble >= 0.5):
        return 2
    if loss.cannot >= 0.01 or loss.with_trouble >= 0.1:
        return 3
    return 4 if loss.cannot > 0.0 or loss.with_trouble > 0.0 else 5

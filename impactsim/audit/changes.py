"""What a change does to an audit: which findings it closes and opens, eases and worsens."""

from __future__ import annotations

from impactsim.audit.facts import AuditChange, AuditFacts
from impactsim.audit.findings import Finding

_ROUNDING = 1e-6  # of a loss: below it nothing has changed but the order of additions


def change_between(name: str, before: AuditFacts, after: AuditFacts) -> AuditChange:
    """Compare two audits; a finding is the same in both if its id is.

    Parameters
    ----------
    name
        Name of the what-if.
    before, after
        The system as it is, and with the change.
    """
    was = {finding.id: finding for finding in before.findings}
    now = {finding.id: finding for finding in after.findings}
    both = [(finding, now[finding.id]) for finding in before.findings if finding.id in now]
    return AuditChange(
        name,
        before,
        after,
        closed=tuple(finding for finding in before.findings if finding.id not in now),
        opened=tuple(finding for finding in after.findings if finding.id not in was),
        eased=tuple(pair for pair in both if is_worse(*pair)),
        worsened=tuple((old, new) for old, new in both if is_worse(new, old)),
    )


def is_worse(one: Finding, other: Finding) -> bool:
    """Tell whether a finding is worse than another: by severity, then by expected loss, then by users.

    An expected loss that nobody knows on one side says nothing.
    """
    if one.severity != other.severity:
        return one.severity > other.severity
    if one.lost_user_minutes is not None and other.lost_user_minutes is not None:
        difference = one.lost_user_minutes - other.lost_user_minutes
        if abs(difference) > _ROUNDING * max(one.lost_user_minutes, other.lost_user_minutes):
            return difference > 0.0
    return one.users - other.users > _ROUNDING * max(one.users, other.users)

"""What a review stands on: a plan, its system, what was played, what the audit says, and a day from which ages are counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from impactsim.audit.facts import AuditFacts
from impactsim.model.plan import RecoveryPlan
from impactsim.model.system import System
from impactsim.review.facts import Rehearsal
from impactsim.review.findings.leaning import Path, needed_alone, needed_at_all, standbys_among


@dataclass(frozen=True)
class Ground:
    """All that findings are made of."""

    plan: RecoveryPlan
    system: System
    """That of the plan, without what its scenarios change."""
    rehearsals: tuple[Rehearsal, ...] = field(repr=False)
    """The scenarios of the plan, played with it."""
    as_of: date
    """The day for which ages are counted."""
    audit: AuditFacts = field(repr=False)

    @cached_property
    def alone(self) -> dict[str, dict[str, Path]]:
        """What each service of the plan cannot do without, with the paths (`needed_alone`)."""
        return {service: needed_alone(self.system, service) for service in self.plan.services}

    @cached_property
    def at_all(self) -> dict[str, dict[str, Path]]:
        """What each service of the plan leans on, with the paths (`needed_at_all`)."""
        return {service: needed_at_all(self.system, service) for service in self.plan.services}

    @cached_property
    def standbys(self) -> dict[str, dict[str, tuple[str, Path]]]:
        """The standbys that each service of the plan leans on: in whose group, and by which way (`leaning.standbys`)."""
        return {
            service: standbys_among(self.system, {service: (service,), **needed})
            for service, needed in self.at_all.items()
        }

"""What the users of each service lose at a time of a run, and which workarounds they have: figures, with names, not yet public."""

from __future__ import annotations

from impactsim.model.system import System
from impactsim.notices.severity import Loss
from impactsim.outage.snapshot import below_since_ms, level_at
from impactsim.outage.workarounds import WorkaroundNow, workarounds_of
from impactsim.reports.facts import Facts


class Losses:
    """The services of a run over time.

    Parameters
    ----------
    system
        The system.
    facts
        The run.
    """

    def __init__(self, system: System, facts: Facts) -> None:
        self._system = system
        self._facts = facts

    def loss(self, service: str, at_ms: int) -> Loss:
        """Return what the users of a service lose at a time."""
        component = self._system.components[service]
        missing = 1.0 - level_at(self._facts.components[service], at_ms)
        covered = max((each.words.covers for each in self.offers(service, at_ms)), default=0.0) if missing else 0.0
        return Loss(missing * (1.0 - covered), missing * covered, component.critical is not False)

    def worst(self, service: str, from_ms: int, until_ms: int) -> Loss:
        """Return the worst that the users of a service have lost between two times."""
        changes = (since_ms for since_ms, _ in self._facts.components[service].levels)
        times = {from_ms, *(since_ms for since_ms in changes if from_ms <= since_ms <= until_ms)}
        found = [self.loss(service, at_ms) for at_ms in sorted(times)]
        return max(found, key=lambda loss: (loss.missing, loss.cannot))

    def back_ms(self, service: str, until_ms: int) -> int | None:
        """Return since when a service is at level 1 without a break at a time; None if it is not."""
        component = self._facts.components[service]
        if below_since_ms(component, until_ms) is not None:
            return None
        return max((at_ms for at_ms, _ in component.levels if at_ms <= until_ms), default=0)

    def offers(self, service: str, at_ms: int, rest: Facts | None = None) -> list[WorkaroundNow]:
        """Return the workarounds of a service that people can use at a time.

        Parameters
        ----------
        service
            Its id.
        at_ms
            The time.
        rest
            The run from which is told until when what a workaround needs stays; this one if absent.
        """
        found = workarounds_of(self._system, self._facts, service, at_ms, rest)
        return [each for each in found if each.is_there(at_ms)]

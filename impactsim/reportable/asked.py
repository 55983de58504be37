"""What somebody wants to know of an outage and the rules of regulators, and whether there is such a thing."""

from __future__ import annotations

from dataclasses import dataclass

from impactsim.model.rules_users import is_zone
from impactsim.model.system import System
from impactsim.reportable.catalogue import WrongQuestion, chosen, demand_names, regimes
from impactsim.reportable.judge import Given
from impactsim.reportable.rules import MOST_EUR, PLANNED


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to know."""

    regimes: tuple[str, ...]
    """Names of the regimes, such as ``dora-financial``; at least one."""
    services: tuple[str, ...] = ()
    """Ids of the services to look at; all of them if none is named."""
    flags: tuple[str, ...] = ()
    """What people know to hold and no model sees, such as ``media``."""
    cost_per_user_minute: float | None = None
    """What a lost user-minute costs, in EUR; without it economic criteria are not seen."""
    turnover: float | None = None
    """Yearly turnover in EUR, where a rule asks for a share of it."""
    aware_ms: int = 0
    """How long after the first loss somebody knows of it."""
    zone: str | None = None
    """Time zone of the deadlines; that of the system's notices, else the offset of the scenario's start, if absent."""

    def given(self) -> Given:
        """Return what people say, as rules take it."""
        return Given(frozenset(self.flags), self.cost_per_user_minute, self.turnover)


def services_of(system: System, asked: Asked) -> tuple[str, ...]:
    """Return the ids of the services that are looked at, in the order of the system."""
    every = [name for name, each in system.components.items() if each.kind == "service"]
    return tuple(name for name in every if not asked.services or name in asked.services)


def demand(system: System, asked: Asked) -> None:
    """Refuse what is not there.

    Raises
    ------
    WrongQuestion
        If there is no such regime, flag, service or time zone.
    ValueError
        If a figure is out of its range.
    """
    chosen(asked.regimes)
    flags = {PLANNED, *(flag for regime in regimes().values() for flag in regime.flags)}
    demand_names("flags", "flag", asked.flags, dict.fromkeys(sorted(flags)))
    every = [name for name, each in system.components.items() if each.kind == "service"]
    demand_names("service", "service", asked.services, dict.fromkeys(every))
    if not 0 <= asked.aware_ms < float("inf"):
        raise ValueError(f"aware_ms is {asked.aware_ms}, and must be a number of 0 or more")
    for name, value in (("cost_per_user_minute", asked.cost_per_user_minute), ("turnover", asked.turnover)):
        if value is not None and not 0 <= value <= MOST_EUR:
            raise ValueError(f"{name} is {value}, and must be a number of 0 or more, up to {MOST_EUR:g}")
    if asked.zone is not None and not is_zone(asked.zone):
        raise WrongQuestion("zone", f"there is no time zone '{asked.zone}'; write one such as Europe/Rome")

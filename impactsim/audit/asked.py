"""What an audit is to say, and whether all that is asked for is there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from impactsim.exact.propagation import Criterion
from impactsim.files.reading import LoadedScenario
from impactsim.model.system import System
from impactsim.problems import ImpactsimError

MOST_SERVICES = 200
"""Of so many services the cut sets and probabilities are told, where nobody asks for some of them."""


class UnknownName(ImpactsimError, ValueError):
    """Something was asked for that is not in the system.

    Parameters
    ----------
    option
        What asked for it, such as ``service``.
    fault
        What is wrong, in words.
    """

    def __init__(self, option: str, fault: str) -> None:
        super().__init__(fault)
        self.option = option


@dataclass(frozen=True, slots=True)
class AuditAsked:
    """What an audit is to say. Names are those of the system: `demand_names` refuses those that are not."""

    services: tuple[str, ...] = ()
    """Ids of the services that are looked at; all if empty."""
    criterion: Criterion = Criterion.DOWN
    """What counts as failed in the cut sets and probabilities."""
    order: int = 2
    """All minimal cut sets up to this order are listed."""
    unknown: float = 0.0
    """Probability of what nobody says how often it fails."""
    scenario: LoadedScenario | None = None
    """The scenario in which the backups are looked at."""


def demand_names(system: System, asked: AuditAsked) -> None:
    """Refuse what is not in the system.

    Raises
    ------
    UnknownName
        If a service is not there, or if the scenario is about another system.
    """
    services = [name for name, each in system.components.items() if each.kind == "service"]
    for name in asked.services:
        if name not in services:
            raise UnknownName("service", unknown("service", name, services))
    if asked.scenario is not None and asked.scenario.system.name != system.name:
        fault = f"the scenario is about '{asked.scenario.system.name}', and this is '{system.name}'"
        raise UnknownName("scenario", fault)


def demand_component(system: System, option: str, name: str) -> None:
    """Refuse the id of a component that is not in the system."""
    if name not in system.components:
        raise UnknownName(option, unknown("component", name, system.components))


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Say that there is no such thing, and which are called nearly so."""
    near = get_close_matches(name, list(known), 3, 0.5)
    return f"no {what} is called '{name}'" + (f"; did you mean {' or '.join(near)}?" if near else "")

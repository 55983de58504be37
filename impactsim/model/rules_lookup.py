"""What the rules share: each need with its place, nearest names, and the making of problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import islice
from typing import NamedTuple

from impactsim.model.system import AllOf, AnyOf, ComponentNeed, Need, Pool, System
from impactsim.problems import Path, Problem
from impactsim.quantities import shown

_SEARCHES = 20  # after so many a file has other troubles than typing errors
_PLAIN_FIELDS = frozenset(
    {"kind", "name", "public_name", "at", "needs", "restart", "time_to_restore", "operator", "source"}
)
_CANDIDATES = 500  # among so many names the nearest is found in some milliseconds


class PlacedNeed(NamedTuple):
    """A need, whose it is, and where it stands."""

    owner: str
    need: Need
    place: int
    workaround: int | None = None

    @property
    def path(self) -> Path:
        """The path of the need in the author's file."""
        # Made when somebody asks: most of 300,000 needs are as they should be.
        if self.workaround is None:
            return ("components", self.owner, "needs", self.place)
        return ("components", self.owner, "workarounds", self.workaround, "needs", self.place)


class Names:
    """Names of one sort, and the nearest to a wrong one, in a time that does not grow with the number of mistakes."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = list(names)
        self._folded: dict[str, str] | None = None
        self._searches_left = _SEARCHES

    def did_you_mean(self, wrong: str, otherwise: str) -> str:
        """Return the remedy for a wrong name: the nearest one, or `otherwise`."""
        near = self._nearest(wrong)
        return f"did you mean '{near}'?" if near else otherwise

    def _nearest(self, wrong: str) -> str | None:
        if self._folded is None:
            self._folded = {_fold(name): name for name in reversed(self._names)}
        if (same := self._folded.get(_fold(wrong))) is not None:
            return same
        if not self._searches_left:
            return None
        self._searches_left -= 1
        candidates = self._names
        if len(candidates) > _CANDIDATES:
            head, tail, size = wrong[:2], wrong[-2:], len(wrong)
            alike = (
                name
                for name in candidates
                if abs(len(name) - size) <= 3 and (name.startswith(head) or name.endswith(tail))
            )
            candidates = list(islice(alike, _CANDIDATES))
        return next(iter(get_close_matches(wrong, candidates, 1)), None)


class Lookup:
    """A system, and what its rules look up, gathered in one walk so that 25 rules need not walk each.

    Parameters
    ----------
    system
        A system that pydantic has accepted.

    Attributes
    ----------
    components
        Its components by id.
    with_options
        Those that say more than who they are, where, and what they need.
    groups
        Needs of more than one component.
    needs_with_options
        Needs that say more than whose, how many and how long they last.
    odd_members
        Needs with a member that nobody defined, or that is the owner itself.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        self.components = system.components
        self.component_names = Names(system.components)
        self.crew_names = Names(system.crews)
        self.cause_names = Names(system.common_causes)
        self.with_options = [
            (owner, component)
            for owner, component in system.components.items()
            if not component.model_fields_set <= _PLAIN_FIELDS
        ]
        self.groups: list[PlacedNeed] = []
        self.needs_with_options: list[PlacedNeed] = []
        self.odd_members: list[PlacedNeed] = []
        for owner, component in system.components.items():
            self._gather(owner, component.needs)
            for order, workaround in enumerate(component.workarounds):
                self._gather(owner, workaround.needs, order)

    def _gather(self, owner: str, needs: tuple[Need, ...], workaround: int | None = None) -> None:
        for place, need in enumerate(needs):
            members = need.members()
            if owner in members or not self.components.keys() >= {*members}:
                self.odd_members.append(PlacedNeed(owner, need, place, workaround))
            if not isinstance(need, ComponentNeed):
                self.groups.append(PlacedNeed(owner, need, place, workaround))
            if need.to is not None or need.impact != 1 or need.recharge is not None:
                self.needs_with_options.append(PlacedNeed(owner, need, place, workaround))

    def unknown_component(self, path: Path, wrong: str) -> Problem:
        """Return the problem of a component that nobody defined."""
        if wrong in self.system.common_causes:
            remedy = "that is a common cause, which only `strike` can name"
        else:
            remedy = self.component_names.did_you_mean(wrong, "define it under components")
        return error("unknown-component", path, f"no component is called {shown(wrong)}", remedy)


def error(code: str, path: Path, fault: str, remedy: str = "") -> Problem:
    """Return a problem that stops a run."""
    return Problem(path, fault, remedy, code)


def warning(code: str, path: Path, fault: str, remedy: str = "") -> Problem:
    """Return a problem that a run can live with."""
    return Problem(path, fault, remedy, code, "warning")


def member_places(placed: PlacedNeed) -> Iterator[tuple[Path, str]]:
    """Yield each member of a need, and where its name stands in the author's file."""
    path, need = placed.path, placed.need
    match need:
        case ComponentNeed():
            yield path, need.component
        case Pool():
            for member in need.pool:
                yield (*path, "pool", member), member
        case _:
            key = "any_of" if isinstance(need, AnyOf) else "all_of" if isinstance(need, AllOf) else "of"
            for place, member in enumerate(need.members()):
                yield (*path, key, place), member


def _fold(name: str) -> str:
    """Return what two names have in common that people take for the same."""
    return name.casefold().replace("_", "-").replace(".", "-")

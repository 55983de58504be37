"""A system made ready to be asked what its results rest on (S12): runs, sweeps, audits and outages under way are judged alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from impactsim.model.needs import purpose
from impactsim.model.provenance import SURENESS, Confidence
from impactsim.model.scenario import Degrade, Destroy, Fail, Scenario, Stop, Strike
from impactsim.model.system import System
from impactsim.rests.shares import Rests, least, rests_of
from impactsim.rests.ways import Terms, Walk, Ways, needs_of

_WORDS: dict[int, Confidence] = {sure: word for word, sure in SURENESS.items()}
_BEST_FIRST = sorted(_WORDS, reverse=True)
_MINUTE_MS = 60_000
_ALL_DECLARED = {"declared"}


class Below(NamedTuple):
    """How long a component was below full level, in milliseconds; a mean where there are many trials."""

    down_ms: float
    """At level 0."""
    degraded_ms: float
    """Between 0 and 1."""
    was_down: bool
    """Whether it served nothing at any time: a run may end in the instant in which it goes down."""


class Footing:
    """A system made ready to be asked what its results rest on.

    Parameters
    ----------
    system
        A system that the rules found right. Where all of it is declared it is looked through once, and nothing is prepared.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        doubtful = _doubtful(system)
        self._doubtful = frozenset(doubtful)
        self._has_guesses = any(doubtful.values())
        self._only = _only_word(system) if doubtful else None
        """What all of the system is, if it is all the same: then nothing has to be followed."""
        self._all_ways: Ways | None = None

    def prepared(self) -> Footing:
        """Prepare to be asked again and again; return itself."""
        if self._all_ways is None and not self.is_declared:
            self._all_ways = Ways(self.system)
        return self

    @property
    def is_declared(self) -> bool:
        """Whether nobody calls any component or any need observed or guessed."""
        return not self._doubtful

    def worth_telling(self, rests: Rests | None) -> Rests | None:
        """Return what a result rests on, or None: of a system without any guess there is nothing to tell where all is declared."""
        is_plain = rests is None or all(word == "declared" for word in rests.sure.values())
        return None if is_plain and not self._has_guesses else rests

    # Of what was run.

    def rests(
        self, hit: Iterable[str], below: Mapping[str, Below], judged: Collection[str] | None = None
    ) -> Rests | None:
        """Say what a result rests on.

        Parameters
        ----------
        hit
            Ids of what failed, or was stopped, by itself.
        below
            How long each component that was affected was below full level, by its id.
        judged
            Ids of the services that are judged; all that were affected if absent.

        Returns
        -------
        Rests
            None where all of the system is declared, or no service was affected. The minutes of a service are weighted by the
            people who use it, those in which it was down and those in which it was degraded each by what they rest on.
        """
        if self.is_declared:
            return None
        down = [name for name, each in below.items() if each.was_down]
        of_down, of_any = self.services(hit, below, down)
        if judged is not None:
            of_any = {name: word for name, word in of_any.items() if name in judged}
        if not of_any:
            return None
        minutes: list[tuple[Confidence, float]] = []
        sure: dict[str, Confidence] = {}
        for name, word in of_any.items():
            people, each = self.people.get(name, 0.0) / _MINUTE_MS, below[name]
            word_down = of_down.get(name, word)
            minutes += [(word_down, people * each.down_ms), (word, people * each.degraded_ms)]
            sure[name] = least((word_down, word)) if each.degraded_ms > 0 else word_down
        return rests_of(sure, minutes)

    def services(
        self, hit: Iterable[str], affected: Collection[str], down: Collection[str]
    ) -> tuple[dict[str, Confidence], dict[str, Confidence]]:
        """Return how sure it is of services that they were down, and of affected services that they lost anything.

        Parameters
        ----------
        hit
            Ids of what failed by itself.
        affected
            Ids of all that was affected.
        down
            Ids of what of that served nothing at any time.

        Returns
        -------
        tuple of dict
            By id of each service that was down, and of each that was affected, in the order of the system.
        """
        components = self.system.components
        services = self._in_order(name for name in affected if components[name].kind == "service")
        if self._doubtful.isdisjoint(affected):
            everything: dict[str, Confidence] = dict.fromkeys(services, "declared")
            return everything, everything
        if self._only is not None:
            gone_ids = set(down)
            return {name: self._only for name in services if name in gone_ids}, dict.fromkeys(services, self._only)
        hit = set(hit)
        # A single run pays for what it touched; whoever asks again and again has the whole at hand.
        ways = self._all_ways or Ways(self.system, hit.union(affected))
        roots, lost, gone = ({ways.place[name] for name in names} for names in (hit, affected, down))
        any_levels, down_levels = _levels_of_any(ways, roots, lost), _levels_of_down(ways, roots & gone, gone)
        of_any = {name: _word(any_levels, ways.place[name]) or "guessed" for name in services}
        of_down = {
            name: _word(down_levels, ways.place[name]) or of_any[name] for name in services if ways.place[name] in gone
        }
        return of_down, of_any

    # Of what follows from the structure alone.

    def reached(
        self,
        hit: Iterable[str],
        wanted: Iterable[str],
        inside: Collection[str] | None = None,
        *,
        is_hard: bool = False,
    ) -> dict[str, Confidence]:
        """Return the confidence of the ways from what fails to those of some components that it can reach.

        Nothing was run: what a loss reaches counts as lost. Where it takes other failures besides, the best way counts.

        Parameters
        ----------
        hit
            Ids of what fails.
        wanted
            Ids of the components.
        inside
            Ids of what the ways may go through; None for everything.
        is_hard
            Whether those count first that lose all of it.
        """
        self._all_ways = ways = self._all_ways or Ways(self.system)
        place = ways.place
        around = None if inside is None else {place[name] for name in inside}
        roots = [place[name] for name in hit]
        by_number = {place[name]: name for name in wanted}
        missing = set(by_number)
        found: dict[int, Confidence] = {}
        hard = [(Walk(ways, around, is_hard=True), ())] if is_hard else []
        walk = Walk(ways, around)
        for each, easily in (*hard, (walk, ()), (walk, None)):
            for sure in _BEST_FIRST:
                if missing:
                    walked = missing & each.reached(roots, Terms(sure, easily), missing)
                    found.update(dict.fromkeys(walked, _WORDS[sure]))
                    missing -= walked
        return {name: found[number] for number, name in by_number.items() if number in found}

    def needs_below(self, components: Iterable[str]) -> dict[Confidence, int]:
        """Return how many needs of each confidence some components rest on: their own, and those of all that they lean on.

        Needs to start and to repair are left out, as wherever no clock runs (S8.4). A need is at most as sure as its component.
        """
        counts: dict[Confidence, int] = dict.fromkeys(SURENESS, 0)
        waiting = list(components)
        seen = set(waiting)
        while waiting:
            component = self.system.components[waiting.pop()]
            for sure, members, need in needs_of(component):
                if need is not None and purpose(need, self.system.components) in ("start", "repair"):
                    continue
                counts[_WORDS[min(sure, SURENESS[component.confidence])]] += 1
                new = [each for each in members if each not in seen]
                seen.update(new)
                waiting += new
        return counts

    # What is prepared when it is asked for.

    @cached_property
    def people(self) -> dict[str, float]:
        """How many people use each service, by the medians and whatever the hour; who uses two counts for both."""
        found: dict[str, float] = {}
        for segment in self.system.users.values():
            count = segment.count.median()
            for service, share in segment.uses.items():
                found[service] = found.get(service, 0.0) + count * share
        for name, component in self.system.components.items():
            if component.users is not None and name not in found:
                found[name] = component.users.median()
        return found

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.system.components)}

    def _in_order(self, names: Iterable[str]) -> list[str]:
        return sorted(names, key=self._places.__getitem__)


def _levels_of_any(ways: Ways, hit: set[int], affected: set[int]) -> dict[int, set[int]]:
    """Return what the hits reach by facts of each confidence and surer ones; by all facts, all that was affected.

    What they do not reach at first lost something that it needs and did not have to lose more: there was a gap while a standby
    took over, say. Or it lost nothing, and was not whole by itself from the start.
    """
    inside = hit | affected
    walk = Walk(ways, inside)
    easily = affected - walk.reached(hit, Terms(0))
    if easily:
        losers = {ways.owner[need] for member in inside for need in ways.uses[member]}
        hit = hit | (easily - losers)
        hit |= affected - walk.reached(hit, Terms(0, easily))
    return {sure: walk.reached(hit, Terms(sure, easily)) for sure in _BEST_FIRST[:-1]} | {0: affected}


def _levels_of_down(ways: Ways, hit: set[int], down: set[int]) -> dict[int, set[int]]:
    """Return what the hits take down wholly, by facts of each confidence and surer ones: along hard needs, within what was down."""
    walk = Walk(ways, down, is_hard=True)
    easily = down - walk.reached(hit, Terms(0))
    return {sure: walk.reached(hit, Terms(sure, easily)) for sure in _BEST_FIRST}


def _word(levels: Mapping[int, Collection[int]], number: int) -> Confidence | None:
    return next((_WORDS[sure] for sure in _BEST_FIRST if number in levels[sure]), None)


def hit_by(system: System, scenario: Scenario) -> set[str]:
    """Return what a scenario can hit: what its events name, all that a common cause may strike, and what people stop."""
    found = stopped_by(scenario)
    for event in scenario.events:
        if isinstance(event, Strike):
            found.update(each for cause in event.strike for each in system.common_causes[cause].strikes)
        elif isinstance(event, Fail):
            found.update(event.fail)
        elif isinstance(event, Degrade):
            found.update(event.degrade)
        elif isinstance(event, Destroy):
            found.update(event.destroy)
    return found


def stopped_by(scenario: Scenario) -> set[str]:
    """Return what people stop in a scenario."""
    return {each for action in scenario.actions if isinstance(action, Stop) for each in action.stop}


def _only_word(system: System) -> Confidence | None:
    """Return the confidence of all components and all needs, if it is one: what a watcher saw is all observed."""
    first = next(iter(system.components.values())).confidence
    for component in system.components.values():
        if component.confidence != first or any(need.confidence not in {None, first} for need in component.needs):
            return None
    return first


def _doubtful(system: System) -> dict[str, bool]:
    """Return, by id of what is not declared or has a need that is not, whether anything of that is guessed.

    A quick look, which every run pays for.
    """
    found: dict[str, bool] = {}
    for name, component in system.components.items():
        words = {component.confidence}
        for need in component.needs:
            if need.confidence is not None:
                words.add(need.confidence)
        if words != _ALL_DECLARED:
            found[name] = "guessed" in words
    return found

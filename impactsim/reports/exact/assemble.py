"""Asks an estate single questions without a clock, and gives its numbers their names."""

from __future__ import annotations

from dataclasses import dataclass

from impactsim.audit.asked import UnknownName
from impactsim.audit.complete import complete_cut_sets
from impactsim.audit.estate import MINUTES_A_YEAR, Estate
from impactsim.audit.facts import Probability
from impactsim.audit.rests import needs_below
from impactsim.audit.whole import count_unknown, named_cut_set
from impactsim.exact.answers import Answers, CutSet
from impactsim.exact.diagram import TooLarge
from impactsim.exact.importance import Importance, importance, importance_of_sum
from impactsim.exact.propagation import Criterion
from impactsim.exact.up_to import MOST_SETS
from impactsim.reports.exact.facts import CutSetsFacts, EventImportance, ImportanceFacts, Sort
from impactsim.reports.exact.order import sorted_by

_MOST_TRIED = 3  # order of the cut sets that are offered where the smallest cannot be found


@dataclass(frozen=True, slots=True)
class CutSetsAsked:
    """Which minimal cut sets are asked for: all up to an order, or so many of the smallest or the likeliest."""

    order: int | None = None
    smallest: int | None = None
    likeliest: int | None = None
    criterion: Criterion = Criterion.DOWN
    has_paths: bool = True
    """Whether to tell the ways to what fails."""


def cut_sets_of(estate: Estate, component: int, asked: CutSetsAsked) -> CutSetsFacts:
    """Return minimal cut sets of a component.

    Parameters
    ----------
    estate
        The system.
    component
        Number of the component.
    asked
        Which of them; the 20 smallest if it does not say.

    Raises
    ------
    UnknownName
        If they cannot be found, or if more than a million are asked for; it says what can be had.
    """
    for option, n in (("smallest", asked.smallest), ("likeliest", asked.likeliest)):
        if n is not None and not 1 <= n <= MOST_SETS:
            raise UnknownName(option, f"{n:,} of them are asked for; 1 to {MOST_SETS:,} can be")
    structure, answers = estate.structure(asked.criterion), estate.answers(asked.criterion)
    node = structure.down(component)
    try:
        found, limit = _cut_sets(answers, node, asked)
    except TooLarge:
        raise _too_many(answers, node, asked) from None
    n_in_all = answers.count(node)
    interval = answers.probability(node)
    name = estate.id_of(component)
    is_whole = len(found) == n_in_all or (limit is not None and len(found) < limit)
    return CutSetsFacts(
        system=estate.system.name,
        id=name,
        name=estate.system.components[name].name or name,
        criterion=asked.criterion,
        probability=Probability(interval.low, interval.high),
        n_unknown=count_unknown(estate, structure.formula, [node])[0],
        cut_sets=tuple(named_cut_set(estate, each) for each in found),
        paths=tuple(_paths(estate, component, each) for each in found) if asked.has_paths else ((),) * len(found),
        n_in_all=n_in_all,
        complete_to=_complete_to(found, asked, is_whole),
        is_whole=is_whole,
        is_by_probability=asked.likeliest is not None,
        needs=needs_below(estate, [component]),
    )


def _cut_sets(answers: Answers, node: int, asked: CutSetsAsked) -> tuple[list[CutSet], int | None]:
    """Return what was asked for, in the order in which it is told, and how many there could have been at most."""
    if asked.likeliest is not None:
        found = answers.likeliest(node, asked.likeliest)
        return sorted(found, key=lambda each: (-each.probability, len(each.events), each.events)), asked.likeliest
    limit = None if asked.order is not None else asked.smallest or 20
    found = answers.cut_sets(node, asked.order) if limit is None else answers.smallest(node, limit)
    return sorted(found, key=lambda each: (len(each.events), -each.probability, each.events)), limit


def _too_many(answers: Answers, node: int, asked: CutSetsAsked) -> UnknownName:
    """Return what to say where the search passes its bounds: which lower order can be had."""
    option = "order" if asked.order is not None else "likeliest" if asked.likeliest is not None else "smallest"
    most = asked.order - 1 if asked.order is not None else _MOST_TRIED
    reached = complete_cut_sets(answers, node, most).order if most else 0
    n_in_all = answers.count(node)
    if asked.order is not None and n_in_all is not None and n_in_all > MOST_SETS:
        fault = f"it has {n_in_all:,} minimal cut sets in all, and {MOST_SETS:,} at most are listed"
        lower = f"--order {reached}, " if reached else ""
        return UnknownName(option, f"{fault}; ask for {lower}--smallest N or --likeliest N")
    fault = "it has too many minimal cut sets, or they are too hard to find"
    return UnknownName(
        option, f"{fault}; --order {reached} can be had" if reached else f"{fault}, even those of order 1"
    )


def _complete_to(found: list[CutSet], asked: CutSetsAsked, is_whole: bool) -> int:
    if is_whole:
        return max((len(each.events) for each in found), default=0)
    if asked.order is not None:
        return asked.order
    return 0 if asked.likeliest is not None else len(found[-1].events) - 1


def _paths(estate: Estate, component: int, cut_set: CutSet) -> tuple[tuple[str, ...], ...]:
    return tuple(path for event in cut_set.events if (path := estate.path(component, event)))


def importance_of(
    estate: Estate, service: int | None, criterion: Criterion = Criterion.DOWN, sort: Sort | None = None
) -> ImportanceFacts:
    """Return how much every event matters to a service, or to the user-minutes of all services.

    Parameters
    ----------
    estate
        The system.
    service
        Number of a component; without one, the user-minutes lost a year of all services.
    criterion
        What counts as failed.
    sort
        By which figure they are sorted; by the user-minutes, or where there are none by Fussell-Vesely, or where no rates are
        known by Birnbaum, if absent.

    Raises
    ------
    UnknownName
        If there is nothing to weigh, or if the diagram is too large for an exact answer.
    """
    structure, answers = estate.structure(criterion), estate.answers(criterion)
    weighted = _weighted(estate, service)
    nodes = [(structure.down(component), weight) for component, weight in weighted]
    found = importance(answers, nodes[0][0]) if service is not None else importance_of_sum(answers, nodes)
    if found is None:
        raise UnknownName(
            "service", "its decision diagram is too large for an exact answer; `cutsets --likeliest N` has one"
        )
    root = structure.formula.any(node for node, _ in nodes)
    figure = sum(weight * answers.probability(node).low for node, weight in nodes)
    minutes = 1.0
    if service is not None:
        figure, minutes = answers.probability(nodes[0][0]).low, weighted[0][1]
    rows = [_event(estate, each, minutes) for each in found]
    chosen = sort or _usual_sort(service, rows)
    name = None if service is None else estate.id_of(service)
    return ImportanceFacts(
        system=estate.system.name,
        id=name,
        name="" if name is None else estate.system.components[name].name or name,
        criterion=criterion,
        figure=figure,
        n_unknown=count_unknown(estate, structure.formula, [root])[0],
        sort=chosen,
        events=tuple(sorted_by(rows, chosen)),
        needs=needs_below(estate, [each for each, _ in weighted]),
    )


def _weighted(estate: Estate, service: int | None) -> list[tuple[int, float]]:
    """Return the services that count, each with the user-minutes that a year of it being down costs."""
    if service is not None:
        return [(service, estate.users_of.get(service, 0.0) * MINUTES_A_YEAR)]
    found = [(each, users * MINUTES_A_YEAR) for each, users in sorted(estate.users_of.items()) if users > 0.0]
    if not found:
        raise UnknownName("service", "nothing is said about users, so that no sum can be made; name a service")
    return found


def _event(estate: Estate, each: Importance, minutes: float) -> EventImportance:
    name = estate.id_of(each.event)
    chance = estate.chances[each.event]
    is_cause = estate.is_cause(each.event)
    words = None if is_cause else estate.system.components[name]
    return EventImportance(
        id=name,
        name=name if words is None else words.name or name,
        kind="common-cause" if words is None else words.kind,
        probability=chance.probability,
        is_known=chance.is_known,
        birnbaum=each.birnbaum,
        fussell_vesely=each.fussell_vesely,
        risk_achievement=each.risk_achievement,
        risk_reduction=each.risk_reduction,
        user_minutes=chance.probability * each.birnbaum * minutes,
    )


def _usual_sort(service: int | None, rows: list[EventImportance]) -> Sort:
    if service is None and any(each.user_minutes > 0.0 for each in rows):
        return "user-minutes"
    return "fv" if any(each.fussell_vesely > 0.0 for each in rows) else "birnbaum"

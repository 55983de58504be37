"""The exact answers in the form of the brute-force ones, so that the same examples hold both."""

from __future__ import annotations

from agreement.brute_static import Target
from impactsim.audit.estate import Estate
from impactsim.exact.answers import Answers, CutSet
from impactsim.exact.formula import Node
from impactsim.exact.importance import Importance, importance, importance_of_sum
from impactsim.exact.propagation import Criterion
from impactsim.exact.structure import Structure
from impactsim.model.system import System


def criterion_of(is_degraded: bool) -> Criterion:
    """Return the criterion."""
    return Criterion.DEGRADED if is_degraded else Criterion.DOWN


class Exact:
    """The exact answers of a system, by name.

    Parameters
    ----------
    system
        A system.
    is_degraded
        The criterion.
    unknown
        Probability of the events of which nobody says how often they happen.
    """

    def __init__(self, system: System, is_degraded: bool = False, unknown: float = 0.0) -> None:
        self.estate = Estate(system, unknown)
        self.structure: Structure = self.estate.structure(criterion_of(is_degraded))
        self.answers: Answers = self.estate.answers(criterion_of(is_degraded))

    def node(self, target: Target) -> Node:
        """Return the node that is true where a component is down, or a need is not met."""
        if isinstance(target, str):
            return self.structure.down(self.estate.names.index[target])
        return self.structure.unmet(need_number(self.estate, *target))

    def named(self, found: list[CutSet]) -> dict[frozenset[str], float]:
        """Return cut sets by the ids of their events; none may stand there twice."""
        by_name = {frozenset(map(self.estate.id_of, each.events)): each.probability for each in found}
        assert len(by_name) == len(found), "a cut set stands there twice"
        return by_name

    def cut_sets(self, target: Target, max_order: int | None = None) -> dict[frozenset[str], float]:
        """Return the minimal cut sets with their probabilities."""
        return self.named(self.answers.cut_sets(self.node(target), max_order))

    def probability(self, target: Target) -> float:
        """Return the probability, which must be exact."""
        low, high = self.answers.probability(self.node(target))
        assert low == high, "the probability of a small system is exact"
        return low

    def birnbaum(self, target: Target) -> dict[str, float]:
        """Return the Birnbaum importance of each event that plays a part."""
        found = self.answers.birnbaum(self.node(target))
        assert found is not None, "a small system has every importance"
        return {self.estate.id_of(event): value for event, value in found.items()}

    def importance(self, target: Target) -> dict[str, Importance]:
        """Return the importance of each event that plays a part."""
        return self._named(importance(self.answers, self.node(target)))

    def importance_of_sum(self, weighted: dict[str, float]) -> dict[str, Importance]:
        """Return the importance of each event to a weighted sum of the probabilities of components."""
        nodes = [(self.node(name), weight) for name, weight in weighted.items()]
        return self._named(importance_of_sum(self.answers, nodes))

    def _named(self, found: list[Importance] | None) -> dict[str, Importance]:
        assert found is not None, "a small system has every importance"
        return {self.estate.id_of(each.event): each for each in found}


def need_number(estate: Estate, component: str, place: int) -> int:
    """Return the number of a need by its place; the site (`at`) is the last place, and the first number."""
    words = estate.system.components[component]
    first = estate.compiled.need_from[estate.names.index[component]]
    if words.at is None:
        return first + place
    return first if place == len(words.needs) else first + 1 + place

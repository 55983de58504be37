"""Which backup is the most independent: the pairs of what is there and what could be, and what each candidate adds.

A pair is good if little takes down both. Single events that do count first, because they do so whatever the rates; then the probability
of both being down, exact or proven bounds, pairs of which all rates are known before the others; then the overlap of what the two rest on, which says how much could still be found to
be shared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from impactsim.audit.asked import UnknownName
from impactsim.audit.complete import complete_cut_sets
from impactsim.audit.estate import Estate
from impactsim.audit.facts import Probability
from impactsim.audit.independence import is_known, probability_of
from impactsim.audit.leaning import Leaning
from impactsim.audit.rests import needs_below
from impactsim.audit.shared_words import path_words
from impactsim.compiled import GROUP
from impactsim.exact.formula import Node
from impactsim.exact.propagation import Criterion, counts
from impactsim.model.provenance import Confidence

_N_TOLD = 3  # shared events whose paths are told


@dataclass(frozen=True, slots=True)
class BackupPair:
    """Two components as each other's backup."""

    first: str
    """Id of the one; a present member where one is in the pair, the earlier one where both are."""
    second: str
    """Id of the other."""
    both_down: Probability
    """That both are down at a random time."""
    promised: Probability
    """The same, if they failed independently."""
    is_known: bool
    """Does somebody say of everything behind them how often it fails?"""
    shared: tuple[str, ...]
    """Ids of the single events that take down both."""
    n_double: int
    """How many minimal cut sets of two events take down both."""
    overlap: float
    """Share of all that the two rest on that both rest on, in [0, 1] (Jaccard index of their events)."""
    is_present: bool
    """Are both members of the group today?"""
    needs_owner: bool
    """Is one of them down whenever the owner of the group is, so that it cannot be its backup?"""
    evidence: tuple[str, ...] = ()
    """For each of the first shared events, the path from both."""

    @property
    def factor(self) -> float | None:
        """How many times as likely both are down as promised, at least; None where nothing is promised to happen."""
        return self.both_down.low / self.promised.high if self.promised.high > 0.0 else None


@dataclass(frozen=True, slots=True)
class Addition:
    """What a candidate as one more member of the group would do."""

    candidate: str
    """Its id."""
    group_down: Probability
    """That the group with it carries nothing at a random time."""
    owner_down: Probability
    """That the owner of the group is down at a random time."""
    shared: tuple[str, ...]
    """Ids of the single events that would still take down the whole group."""
    closes: tuple[str, ...]
    """Ids of the single events that take down the group today, and would not any more."""
    needs_owner: bool
    """Is the candidate down whenever the owner of the group is, so that it is no help?"""
    is_known: bool
    """Does somebody say of everything behind the group with it how often it fails?"""


@dataclass(frozen=True, slots=True)
class Choice:
    """Candidates for a backup with their figures."""

    owner: str
    """Id of the component that has the standby group."""
    members: tuple[str, ...]
    """Ids of the members today, the primary first."""
    candidates: tuple[str, ...]
    """Ids of the candidates, as asked for; without those that are members."""
    group_down: Probability
    """That the group of today carries nothing at a random time."""
    owner_down: Probability
    """That the owner is down at a random time, today."""
    shared: tuple[str, ...]
    """Ids of the single events that take down the whole group today."""
    is_known: bool
    """Does somebody say of everything behind the owner and the candidates how often it fails?"""
    pairs: tuple[BackupPair, ...]
    """All pairs of members and candidates, the most independent first."""
    additions: tuple[Addition, ...]
    """The candidates as additional members, the best first."""
    needs: dict[Confidence, int] | None = None
    """How many needs of each confidence are beneath all of them; None where all of the system is declared."""

    @property
    def best(self) -> str | None:
        """Id of the candidate that helps most as an additional member; None where no candidate is any help."""
        return self.additions[0].candidate if self.additions and not self.additions[0].needs_owner else None


def members_of_group(estate: Estate, owner: int) -> list[int]:
    """Return the members of the standby groups of a component, each once, in the author's order; none without a group."""
    compiled = estate.compiled
    members: dict[int, None] = {}
    for need in _groups(estate, owner):
        members.update(dict.fromkeys(compiled.slot_component[compiled.slot_from[need] : compiled.slot_from[need + 1]]))
    return list(members)


def _groups(estate: Estate, owner: int) -> list[int]:
    """Return the standby groups of a component; those that it needs to run or to stay up, where there are some."""
    compiled = estate.compiled
    needs = range(compiled.need_from[owner], compiled.need_from[owner + 1])
    groups = [need for need in needs if compiled.need_form[need] == GROUP]
    return [need for need in groups if counts(compiled, need, Criterion.DOWN)] or groups


def choose_backup(estate: Estate, group_owner: int, candidates: Sequence[int]) -> Choice:
    """Compare candidates for a backup.

    Parameters
    ----------
    estate
        The system.
    group_owner
        The component that has the standby group, by number.
    candidates
        Components, by number; members of the group among them are left out. Without a group two of them at least.

    Returns
    -------
    Choice
        Every pair of members and candidates, and each candidate as an additional member. Without a group the candidates are
        compared with one another, and there is nothing to add them to.

    Raises
    ------
    UnknownName
        If a candidate is the owner itself, or if there is no group and less than two candidates.
    """
    members = members_of_group(estate, group_owner)
    wanted = [each for each in dict.fromkeys(candidates) if each not in members]
    _demand_comparable(estate.id_of(group_owner), bool(members), list(map(estate.id_of, wanted)))
    comparison = _Comparison(estate, group_owner, members, wanted)
    structure = estate.structure()
    owner_node = structure.down(group_owner)
    return Choice(
        owner=estate.id_of(group_owner),
        members=tuple(map(estate.id_of, members)),
        candidates=tuple(map(estate.id_of, wanted)),
        group_down=probability_of(estate, comparison.group_node),
        owner_down=probability_of(estate, owner_node),
        shared=estate.ids_of(comparison.shared_today),
        is_known=is_known(estate, structure.formula.any([owner_node, *map(structure.down, wanted)])),
        pairs=tuple(sorted(comparison.pairs(), key=_independence)),
        additions=tuple(sorted(map(comparison.addition, wanted), key=_help)) if members else (),
        needs=needs_below(estate, [group_owner, *members, *wanted]),
    )


def _demand_comparable(owner: str, has_group: bool, candidates: Sequence[str]) -> None:
    if owner in candidates:
        raise UnknownName("candidate", f"{owner} cannot be a backup of itself")
    if not has_group and len(candidates) < 2:
        raise UnknownName("candidate", f"{owner} has no standby group; name at least two candidates")


def _independence(pair: BackupPair) -> tuple[float, ...]:
    # What nobody gives a rate of seems never to fail: it stands behind what is known.
    return (
        pair.needs_owner,
        len(pair.shared),
        not pair.is_known,
        pair.both_down.high,
        pair.both_down.low,
        pair.overlap,
        pair.n_double,
    )


def _help(addition: Addition) -> tuple[float, ...]:
    group, owner = addition.group_down, addition.owner_down
    return (
        addition.needs_owner,
        len(addition.shared),
        not addition.is_known,
        group.high,
        group.low,
        owner.high,
        owner.low,
    )


class _Comparison:
    """What the pairs and the additions have in common.

    Parameters
    ----------
    estate
        The system.
    owner
        The component that has the group.
    members, candidates
        Components, by number.
    """

    def __init__(self, estate: Estate, owner: int, members: list[int], candidates: list[int]) -> None:
        self.estate = estate
        self.owner = owner
        self.members = members
        self.candidates = candidates
        self.leaning = Leaning(estate, [*members, *candidates])
        structure = estate.structure()
        self.down = {each: structure.down(each) for each in (*members, *candidates)}
        self.rests_on = {each: self._events(node) for each, node in self.down.items()}
        self.groups = _groups(estate, owner)
        self.with_owner = estate.down(owner)
        self.group_node = structure.formula.any(structure.unmet(need) for need in self.groups)
        self.shared_today = self._all_of_some_group([])

    def pairs(self) -> Iterator[BackupPair]:
        """Yield every pair: the primary with each candidate first, then the others in the author's order."""
        everyone = [*self.members, *self.candidates]
        every_pair = list(combinations(everyone, 2))
        with_primary = [pair for pair in every_pair if pair[0] in self.members[:1] and pair[1] in self.candidates]
        for first, second in dict.fromkeys([*with_primary, *every_pair]):
            yield self._pair(first, second)

    def addition(self, candidate: int) -> Addition:
        """Return what a candidate would do as an additional member of each group."""
        estate, formula = self.estate, self.estate.structure().formula
        group = formula.all([self.group_node, self.down[candidate]])
        shared = self._all_of_some_group([candidate])
        return Addition(
            candidate=estate.id_of(candidate),
            group_down=probability_of(estate, group),
            owner_down=probability_of(estate, self._owner_with(group)),
            shared=estate.ids_of(shared),
            closes=estate.ids_of(set(self.shared_today) - set(shared)),
            needs_owner=candidate in self.with_owner,
            is_known=is_known(estate, group),
        )

    def _pair(self, first: int, second: int) -> BackupPair:
        estate, answers = self.estate, self.estate.answers()
        both = estate.structure().formula.all([self.down[first], self.down[second]])
        shared = self.leaning.together([first, second], 2)
        alone = [answers.probability(self.down[each]) for each in (first, second)]
        either = self.rests_on[first] | self.rests_on[second]
        return BackupPair(
            first=estate.id_of(first),
            second=estate.id_of(second),
            both_down=probability_of(estate, both),
            promised=Probability(alone[0].low * alone[1].low, alone[0].high * alone[1].high),
            is_known=is_known(estate, both),
            shared=estate.ids_of(shared),
            n_double=sum(len(each.events) == 2 for each in complete_cut_sets(answers, both, 2).cut_sets),
            overlap=len(self.rests_on[first] & self.rests_on[second]) / len(either) if either else 0.0,
            is_present=first in self.members and second in self.members,
            needs_owner=not self.with_owner.isdisjoint((first, second)),
            evidence=tuple(self._paths(first, second, shared[:_N_TOLD])),
        )

    def _paths(self, first: int, second: int, shared: Sequence[int]) -> Iterator[str]:
        for event in shared:
            told = [path_words(self.estate, each, event) for each in (first, second) if each != event]
            yield ", and ".join(path for path in told if path)

    def _events(self, node: Node) -> frozenset[int]:
        events = self.estate.structure().formula.events(node)
        return frozenset(event for event in events if event < self.estate.n_events)

    def _all_of_some_group(self, more: Sequence[int]) -> list[int]:
        """Return the single events that take down all members of a group of the owner, and what is added to it."""
        compiled = self.estate.compiled
        found: set[int] = set()
        for need in self.groups:
            members = compiled.slot_component[compiled.slot_from[need] : compiled.slot_from[need + 1]]
            together = list(dict.fromkeys([*members, *more]))
            found.update(self.leaning.together(together, len(together)))
        return sorted(found)

    def _owner_with(self, group: Node) -> Node:
        """Return the node that is true iff the owner is down, if its groups were lost only as `group` says.

        A candidate that itself needs the owner is taken to be down with it: it is no help to come back.
        """
        structure, compiled = self.estate.structure(), self.estate.compiled
        needs = range(compiled.need_from[self.owner], compiled.need_from[self.owner + 1])
        counted = [need for need in needs if counts(compiled, need, Criterion.DOWN)]
        others = [structure.unmet(need) for need in counted if need not in self.groups]
        lost = [group] if any(need in self.groups for need in counted) else []
        return structure.formula.any([*self._own(), *others, *lost])

    def _own(self) -> Iterator[Node]:
        """Yield what takes the owner down directly: its own failure, and the common causes that strike it."""
        estate, structure = self.estate, self.estate.structure()
        formula = structure.formula
        if estate.chances[self.owner].can_fail:
            yield formula.event(self.owner)
        for strike, (cause, component) in enumerate(structure.strike_of):
            if component != self.owner or not estate.chances[cause].can_fail:
                continue
            hits = [] if structure.strike_share[strike] >= 1.0 else [formula.event(structure.n_events + strike)]
            yield formula.all([formula.event(cause), *hits])

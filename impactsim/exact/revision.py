"""The same system with another member in a need: what does not lean on it keeps its formulas, parts and answers.

A change is cheap where it is small: only what stands above the changed component is worked out anew, and of a gate with
thousands of inputs only what has changed below it (``wide.py``). A change that makes or breaks a circle of needs changes the
order of everything in it, and is left to the compiler.

No command asks for this: a what-if of `impactsim audit` changes whatever its author likes, and is compiled anew. It is for
programs that try very many changes of one member each, such as a search for the best backup; `tests/benchmarks/audit_ours.py`
measures it, and the tests hold it against compiling anew.
"""

from __future__ import annotations

import copy
from bisect import insort

from impactsim.compiled import STAY_UP, Compiled, Ints
from impactsim.exact.answers import Answers


def rewired(system: Compiled, slot: int, member: int) -> Compiled | None:
    """Return a system in which another component is the member at a slot.

    Parameters
    ----------
    system
        The system; it stays as it is.
    slot
        Place of the member in a need.
    member
        The component that takes the place.

    Returns
    -------
    Compiled or None
        The new system; None if a circle may have come or gone, so that everything must be compiled anew.
    """
    need = system.slot_need[slot]
    before, owner = system.slot_component[slot], system.need_component[need]
    if before == member:
        return system
    by_rank, rank = system.by_rank, system.rank
    if system.need_purpose[need] <= STAY_UP:
        if owner == member or system.circle[owner] >= 0 or system.circle[member] >= 0:
            return None
        if system.rank[member] > system.rank[owner]:
            order = _reordered(system, owner, member)
            if order is None:
                return None
            by_rank, rank = order, _places(order, system, owner, member)
    slot_component = list(system.slot_component)
    slot_component[slot] = member
    use_from, use_slot = _moved_use(system, slot, before, member)
    return system._replace(
        slot_component=slot_component, use_from=use_from, use_slot=use_slot, by_rank=by_rank, rank=rank
    )


def revised(answers: Answers, system: Compiled, *components: int) -> Answers:
    """Return the answers of a system in which some components have other members.

    Parameters
    ----------
    answers
        Those of the system before; they stay good, and share with the new ones whatever is the same.
    system
        The system as it is now: the same components, needs, slots and common causes.
    components
        Those whose needs have other members than before.
    """
    new = copy.copy(answers)
    new.structure = answers.structure.revised(system, components)
    return new


def _reordered(system: Compiled, owner: int, member: int) -> Ints | None:
    """Return the order of levels with a component behind its new member; None if that leans on the component itself.

    Only what stands between the two moves: what leans on the owner, to behind the member.
    """
    first, after = system.rank[owner], system.rank[member] + 1
    above, waiting = {owner}, [owner]
    while waiting:
        component = waiting.pop()
        for slot in system.use_slot[system.use_from[component] : system.use_from[component + 1]]:
            need = system.slot_need[slot]
            user = system.need_component[need]
            if system.need_purpose[need] <= STAY_UP and system.rank[user] < after and user not in above:
                above.add(user)
                waiting.append(user)
    if member in above:
        return None
    between = system.by_rank[first:after]
    behind = [component for component in between if component in above]
    ahead = [component for component in between if component not in above]
    return [*system.by_rank[:first], *ahead, *behind, *system.by_rank[after:]]


def _places(by_rank: Ints, system: Compiled, owner: int, member: int) -> Ints:
    """Return the rank of each component, where the order has changed from the owner to its new member."""
    rank = list(system.rank)
    for place in range(system.rank[owner], system.rank[member] + 1):
        rank[by_rank[place]] = place
    return rank


def _moved_use(system: Compiled, slot: int, before: int, member: int) -> tuple[Ints, Ints]:
    """Return the uses of each component after a slot has gone from one to another."""
    slots = {
        before: [each for each in _uses(system, before) if each != slot],
        member: _uses(system, member),
    }
    insort(slots[member], slot)
    use_from, use_slot = list(system.use_from), list(system.use_slot)
    low, high = sorted((before, member))
    first, after = use_from[low], use_from[high + 1]
    step = -1 if low == before else 1
    between = use_slot[use_from[low + 1] : use_from[high]]
    use_slot[first:after] = [*slots[low], *between, *slots[high]]
    use_from[low + 1 : high + 1] = [each + step for each in use_from[low + 1 : high + 1]]
    return use_from, use_slot


def _uses(system: Compiled, component: int) -> Ints:
    return system.use_slot[system.use_from[component] : system.use_from[component + 1]]

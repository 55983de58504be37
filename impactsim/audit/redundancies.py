"""The redundancies of a system: needs that stand the loss of some of their members, and data with its copies."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from impactsim.audit.estate import Estate
from impactsim.compiled import GROUP, ORDER, POOL, REPAIR, START, STAY_UP
from impactsim.exact.formula import Node
from impactsim.exact.propagation import Criterion, counts, members_to_lose

_FORMS = {GROUP: "group", POOL: "pool", ORDER: "quorum"}
_PURPOSES = ("run", "stay_up", "start", "repair")
_N_NAMED = 4  # members of a list of words; the rest is counted


@dataclass(frozen=True, slots=True)
class Redundancy:
    """Several things of which not all are needed."""

    owner: int
    """Whose need it is, or whose data: a component, or what stands for a workaround."""
    owner_id: str
    """Its id; of a workaround that of the service and its place: ``shop workaround 1``."""
    form: str
    """``group`` (standbys), ``quorum``, ``pool`` or ``copies``."""
    members: tuple[int, ...]
    """Components, each once, in the author's order; of copies the data itself first, then the places."""
    to_lose: int
    """How many must be down at once until the rest is too few, at least 2."""
    purpose: str = "run"
    """``run``, ``stay_up``, ``start`` or ``repair``; of copies ``run``."""
    need: int = -1
    """Number of the need; -1 for copies."""

    @property
    def is_to_serve(self) -> bool:
        """Does its owner go down without it? Not if it is only to start or to repair, nor with copies."""
        return self.form != "copies" and self.purpose in {"run", "stay_up"}


def redundancies(estate: Estate) -> list[Redundancy]:
    """Return every redundancy of a system, workarounds included, in the order of the file.

    Soft needs are among them. A pool is lost when all of its members are; that it may carry too little before is a question
    of capacity, not of what backs what.
    """
    found = []
    for owner in range(estate.n_components):
        for need in range(estate.compiled.need_from[owner], estate.compiled.need_from[owner + 1]):
            found += _of_need(estate, owner, need)
        found += _of_copies(estate, owner)
    return found


def _of_need(estate: Estate, owner: int, need: int) -> list[Redundancy]:
    compiled = estate.compiled
    form = compiled.need_form[need]
    slots = range(compiled.slot_from[need], compiled.slot_from[need + 1])
    # Most needs have one member, and there may be a million of them.
    if len(slots) < 2:
        return []
    if form == POOL:
        slots = [slot for slot in slots if compiled.slot_capacity[slot] > 0.0]  # type: ignore[assignment]
    members = tuple(dict.fromkeys(compiled.slot_component[slot] for slot in slots))
    to_lose = len(members) if form != ORDER else members_to_lose(compiled, need, Criterion.DOWN)
    if not 2 <= to_lose <= len(members):
        return []
    purpose = _PURPOSES[compiled.need_purpose[need]]
    return [Redundancy(owner, owner_id(estate, owner), _FORMS[form], members, to_lose, purpose, need)]


def _of_copies(estate: Estate, owner: int) -> list[Redundancy]:
    compiled = estate.compiled
    places = compiled.copy_place[compiled.copy_from[owner] : compiled.copy_from[owner + 1]]
    members = tuple(dict.fromkeys([owner, *places]))
    if len(members) < 2:
        return []
    return [Redundancy(owner, owner_id(estate, owner), "copies", members, len(members))]


def merged(found: Iterable[Redundancy]) -> list[tuple[Redundancy, tuple[int, ...]]]:
    """Return each redundancy of the same members once, as the first owner has it, with all its owners.

    A thousand machines with the same two uplinks lean on one pair, not on a thousand.
    """
    first: dict[tuple[str, frozenset[int], int], Redundancy] = {}
    owners: dict[tuple[str, frozenset[int], int], dict[int, None]] = {}
    for each in found:
        key = (each.form, frozenset(each.members), each.to_lose)
        known = first.setdefault(key, each)
        if each.is_to_serve and not known.is_to_serve:
            first[key] = each
        owners.setdefault(key, {})[each.owner] = None
    return [(first[key], tuple(owners[key])) for key in first]


def lost_node(estate: Estate, redundancy: Redundancy) -> Node:
    """Return the node that is true iff so many members are down that the rest is too few."""
    structure = estate.structure()
    return structure.formula.at_least(redundancy.to_lose, [structure.down(member) for member in redundancy.members])


def services_behind(estate: Estate, owners: Iterable[int]) -> list[int]:
    """Return the services that go down if the owners do; of what stands for a workaround, the service that it is for."""
    index, workarounds = estate.names.index, estate.names.workarounds
    services, components = set(), []
    for owner in owners:
        if owner >= len(index):
            services.add(index[workarounds[owner - len(index)][0]])
        else:
            components.append(owner)
    return estate.services_down(services | estate.down(*components))


def standing_on(estate: Estate, component: int) -> list[int]:
    """Return what a component cannot stay up without: its site, its room, what each of them alone would take down with it."""
    compiled = estate.compiled
    return [
        compiled.slot_component[slot]
        for need in range(compiled.need_from[component], compiled.need_from[component + 1])
        if compiled.need_purpose[need] == STAY_UP
        and counts(compiled, need, Criterion.DOWN)
        and members_to_lose(compiled, need, Criterion.DOWN) == 1
        for slot in range(compiled.slot_from[need], compiled.slot_from[need + 1])
    ]


def is_asked(estate: Estate, owners: Iterable[int], asked: Collection[int]) -> bool:
    """Tell whether services that are asked about rest on the owners of a redundancy; asked about all, it does not matter which do."""
    return len(asked) >= len(estate.services) or not set(asked).isdisjoint(services_behind(estate, owners))


# Names.


def owner_id(estate: Estate, owner: int) -> str:
    """Return the id of a component; of what stands for a workaround, its service and its place there from 1."""
    names = estate.names
    if owner < len(names.components):
        return names.components[owner]
    service, place = names.workarounds[owner - len(names.components)]
    return f"{service} workaround {place + 1}"


def listed(ids: Collection[str]) -> str:
    """Write names as a list of words; of many the first ones, and how many more.

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b", "c"]), listed(list("abcdefg"))
    ('a', 'a, b and c', 'a, b, c and 4 more')
    """
    names = list(ids)
    if len(names) > _N_NAMED:
        names[_N_NAMED - 1 :] = [f"{len(names) - _N_NAMED + 1} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def phrase(redundancy: Redundancy) -> str:
    """Name a redundancy: ``the standby group of shop``."""
    purpose = f" to {redundancy.purpose}" if redundancy.purpose in {_PURPOSES[START], _PURPOSES[REPAIR]} else ""
    n = len(redundancy.members)
    return {
        "group": f"the standby group of {redundancy.owner_id}{purpose}",
        "quorum": f"the quorum of {redundancy.owner_id}{purpose} ({n - redundancy.to_lose + 1} of {n})",
        "pool": f"the pool of {redundancy.owner_id}{purpose}",
        "copies": f"{redundancy.owner_id} and its copies",
    }[redundancy.form]


def place(estate: Estate, redundancy: Redundancy) -> str:
    """Return the part of a finding's id that names a redundancy: its owner and its members; of more than six, the first ones."""
    ids = [estate.id_of(member) for member in redundancy.members]
    if len(ids) > 6:
        ids[6:] = [f"{len(ids) - 6}-more"]
    return f"{redundancy.owner_id.replace(' ', '-')}/{'+'.join(ids)}"

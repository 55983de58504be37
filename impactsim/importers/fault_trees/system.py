"""A coherent fault tree as a system.

Theory of operation. A fault tree says what takes the top down, a system what each part needs: the dual. A gate is a component
that never fails by itself. One that is true if any input is needs each of them; one that is true if all are needs any of
them; one that is true if at least m of n are needs n - m + 1 of them. What stands inside a formula becomes a component of its
own only where no need can say it. House events are constants: they are folded before, and what they settle is left out.
"""

from __future__ import annotations

import re
from itertools import count
from typing import Any

from impactsim.files.reading import validate_system
from impactsim.importers.fault_trees import tree as fault_tree
from impactsim.importers.fault_trees.tree import BasicEvent, FaultTree, Formula, Gate, Reference, Votes, place
from impactsim.importers.notes import Notes
from impactsim.model.system import System
from impactsim.problems import Fault, InvalidInput
from impactsim.quantities import identifier

_NAMED = 8  # more names than that nobody reads
_LONGEST = 150  # of a changed name, so that a number still fits behind it

_Placed = tuple[str, Gate | BasicEvent]

Used = set[tuple[str, str]]
"""Sorts and names of what some top depends on."""


def system_of(tree: FaultTree, notes: Notes) -> System | None:
    """Return a fault tree as a system.

    Parameters
    ----------
    tree
        Gates name only what is defined.
    notes
        Takes what is wrong or doubtful: `gate-circle`, `constant-top`; the warnings `constant-gate`, `left-out`,
        `id-changed`.

    Returns
    -------
    System or None
        None if there is an error. Gates that no other gate names are of the kind ``service``, the others of the kind ``gate``,
        basic events of the kind ``event``.
    """
    order, circles = fault_tree.members_first(tree)
    _tell_circles(tree, circles, notes)
    if notes.has_errors:
        return None
    formulas, tops = fault_tree.folded(tree, order), fault_tree.tops(tree)
    _tell_constants(tree, formulas, set(tops), notes)
    if notes.has_errors:
        return None
    used = fault_tree.used(formulas, tops)
    _tell_unused(tree, formulas, used, notes)
    data = _Components(tree, formulas, used, set(tops), notes).data()
    try:
        loaded = validate_system({"impactsim": 1, "name": tree.name or "Fault tree", "components": data})
    except InvalidInput as error:
        notes.take(error.problems)
        return None
    notes.take(loaded.problems)
    return loaded.system


def _tell_circles(tree: FaultTree, circles: list[list[str]], notes: Notes) -> None:
    for circle in circles:
        names = circle
        if len(names) > _NAMED:
            names = [*names[: _NAMED - 2], f"... ({len(names) - _NAMED + 1} more)", names[-1]]
        fault = f"it leads back to itself: {' -> '.join(names)}"
        line = tree.gates[circle[0]].line
        notes.error(line, "gate-circle", place("gate", circle[0]), fault, "a fault tree has no circles")


def _tell_constants(tree: FaultTree, formulas: dict[str, Formula], tops: set[str], notes: Notes) -> None:
    for name, gate in tree.gates.items():
        value = formulas[name]
        if not isinstance(value, bool):
            continue
        fault = f"constants and house events make it {'true' if value else 'false'}, whatever happens"
        if name in tops:
            notes.error(gate.line, "constant-top", place("gate", name), fault, "there is nothing to ask of it")
        else:
            notes.warning(gate.line, "constant-gate", place("gate", name), fault, "it is left out")


def _tell_unused(tree: FaultTree, formulas: dict[str, Formula], used: Used, notes: Notes) -> None:
    gates: list[_Placed] = [("gate", each) for each in tree.gates.values() if not isinstance(formulas[each.name], bool)]
    events: list[_Placed] = [("basic-event", each) for each in tree.basic_events.values()]
    for sort, each in [*gates, *events]:
        if (sort, each.name) not in used:
            notes.warning(each.line, "left-out", place(sort, each.name), "no top gate depends on it", "it is left out")


class _Components:
    """The components of a system, as an author would write them."""

    def __init__(self, tree: FaultTree, formulas: dict[str, Formula], used: Used, tops: set[str], notes: Notes) -> None:
        self.formulas = formulas
        self.tops = tops
        self.gates = [each for each in tree.gates.values() if ("gate", each.name) in used]
        self.events = [each for each in tree.basic_events.values() if ("basic-event", each.name) in used]
        self.found: dict[str, Any] = {}
        self.ids = _Ids(self.gates, self.events, notes)

    def data(self) -> dict[str, Any]:
        """Return all components by id: gates in the order of their definitions, then basic events."""
        for gate in self.gates:
            kind = "service" if gate.name in self.tops else "gate"
            own = self.ids.of["gate", gate.name]
            self._add_gate(own, self.formulas[gate.name], _name_of(gate, own) | {"kind": kind}, own)
        for event in self.events:
            own = self.ids.of["basic-event", event.name]
            fails = {} if event.probability is None else {"fails": {"probability": event.probability}}
            self.found[own] = _name_of(event, own) | {"kind": "event"} | fails
        return self.found

    def _add_gate(self, own: str, formula: Formula, words: dict[str, Any], stem: str) -> None:
        self.found[own] = words  # before those that are made for its needs
        words["needs"] = self._needs(formula, stem)
        words["fails"] = {"probability": 0}

    def _needs(self, formula: Formula, stem: str) -> list[Any]:
        """Return needs of which one is not met if and only if a formula is true."""
        if isinstance(formula, Reference):
            return [self.ids.of[formula.sort, formula.name]]
        assert isinstance(formula, Votes), "constants are folded"
        n = len(formula.args)
        if formula.k == 1:
            needs = [need for arg in formula.args for need in self._needs(arg, stem)]
            return list({str(need): need for need in needs}.values())
        members = self._members(formula.args, stem)
        return [{"any_of": members} if formula.k == n else {"at_least": n - formula.k + 1, "of": members}]

    def _members(self, args: tuple[Formula, ...], stem: str) -> list[str]:
        """Return a component for each argument: a group can name none twice, and holds no formulas."""
        members: dict[str, None] = {}
        for arg in args:
            member = self.ids.of[arg.sort, arg.name] if isinstance(arg, Reference) else ""
            if not member or member in members:
                member = self.ids.new(stem, ".")
                self._add_gate(member, arg, {"kind": "gate"}, stem)
            members[member] = None
        return list(members)


class _Ids:
    """The id of each gate and basic event; names that may stay go first, so that no other takes them."""

    def __init__(self, gates: list[Gate], events: list[BasicEvent], notes: Notes) -> None:
        self.of: dict[tuple[str, str], str] = {}
        self._taken: set[str] = set()
        self._next: dict[str, count[int]] = {}
        everything: list[_Placed] = [*(("gate", each) for each in gates), *(("basic-event", each) for each in events)]
        for sort, each in everything:
            if _is_id(each.name) and each.name not in self._taken:
                self._taken.add(each.name)
                self.of[sort, each.name] = each.name
        for sort, each in everything:
            if (sort, each.name) not in self.of:
                own = self.of[sort, each.name] = self._like(each.name, sort)
                why = "a gate has this name as well" if _is_id(each.name) else "this name cannot be an id"
                notes.warning(each.line, "id-changed", place(sort, each.name), why, f"it is called {own} in the system")

    def new(self, stem: str, mark: str) -> str:
        """Return an id that nothing has yet: the stem, the mark and a number."""
        stem = stem[:_LONGEST]
        numbers = self._next.setdefault(stem, count(1))
        while (own := f"{stem}{mark}{next(numbers)}") in self._taken:
            pass
        self._taken.add(own)
        return own

    def _like(self, name: str, sort: str) -> str:
        """Return a new id that is like a name."""
        wished = f"{name}-event" if _is_id(name) else re.sub(r"[^\w.\-]+", "-", name).strip("-_.")
        wished = wished[:_LONGEST]
        if not _is_id(wished):
            wished = sort
        if wished in self._taken:
            return self.new(wished, "-")
        self._taken.add(wished)
        return wished


def _name_of(each: Gate | BasicEvent, own: str) -> dict[str, str]:
    """Return the name for people, where the id does not say it."""
    name = each.label or ("" if each.name == own else each.name)
    return {"name": name} if name else {}


def _is_id(name: str) -> bool:
    try:
        identifier(name)
    except Fault:
        return False
    return True

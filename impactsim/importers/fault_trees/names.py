"""What the references in a fault tree mean: every one is given its sort, and what cannot be found is told."""

from __future__ import annotations

from collections.abc import Collection

from impactsim.importers.fault_trees.tree import (
    BasicEvent,
    FaultTree,
    Formula,
    Reference,
    Sort,
    Votes,
    place,
    references,
)
from impactsim.importers.notes import Notes
from impactsim.model.rules_lookup import Names
from impactsim.quantities import shown


class References:
    """Finds what each reference means, and notes what it cannot find."""

    def __init__(self, tree: FaultTree, notes: Notes) -> None:
        self.tree = tree
        self.notes = notes
        self.known: dict[Sort, Collection[str]] = {
            "gate": tree.gates,
            "basic-event": tree.basic_events,
            "house-event": tree.house_events,
        }
        self.names = Names([name for names in self.known.values() for name in names])

    def settle(self) -> None:
        """Give each reference of the tree its sort; one that cannot be found becomes false."""
        for gate in self.tree.gates.values():
            for reference in references(gate.formula):
                self._introduce(reference)
        for gate in list(self.tree.gates.values()):
            formula = self._settled(gate.formula, place("gate", gate.name))
            self.tree.gates[gate.name] = gate._replace(formula=formula)

    def _settled(self, formula: Formula, about: str) -> Formula:
        if isinstance(formula, Votes):
            return Votes(formula.k, tuple(self._settled(arg, about) for arg in formula.args))
        return self._found(formula, about) if isinstance(formula, Reference) else formula

    def _found(self, reference: Reference, about: str) -> Formula:
        sorts = [sort for sort, names in self.known.items() if reference.name in names]
        if reference.sort in sorts:
            return reference
        if reference.sort == "event" and len(sorts) == 1:
            return Reference(sorts[0], reference.name, reference.line)
        self._tell(reference, sorts, about)
        return False

    def _introduce(self, reference: Reference) -> None:
        """Take a basic event that is only named for one without a value."""
        name = reference.name
        if reference.sort != "basic-event" or "." in name or any(name in names for names in self.known.values()):
            return
        self.tree.basic_events[name] = BasicEvent(name, "", None, reference.line)
        fault, remedy = "it is not defined", "it is taken for one of unknown probability"
        self.notes.warning(reference.line, "undefined-event", place(reference.sort, name), fault, remedy)

    def _tell(self, reference: Reference, sorts: list[Sort], about: str) -> None:
        if sorts:
            fault = f"{shown(reference.name)} is a {' and a '.join(sorts)}"
            remedy = (
                f"write <{sorts[0]} name=.../>" if len(sorts) == 1 else f"say which: <event type={sorts[0]!r} .../>"
            )
        else:
            fault = f"no {reference.sort} is called {shown(reference.name)}"
            otherwise = "define it"
            if "." in reference.name:
                otherwise = "paths into components are not read: write the name alone"
            remedy = self.names.did_you_mean(reference.name, otherwise)
        self.notes.error(reference.line, "undefined", about, fault, remedy)

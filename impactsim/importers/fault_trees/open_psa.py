"""Open-PSA Model Exchange Format, version 2.0d: coherent fault trees become systems.

Read is the fault tree layer with constant probabilities: ``define-fault-tree``, also several, and ``define-component`` in it;
``define-gate`` with ``and``, ``or``, ``atleast``, ``constant`` and references to gates, basic events, house events or
events, also inside one another; ``define-basic-event`` with ``float``, ``int``, ``bool`` or no value and
``define-house-event``, in a tree or in ``model-data``; labels. ``attributes`` are passed over.

All else is refused by name: what is not coherent (``not``, ``xor``, ``nand``, ``nor``, ``iff``, ``imply``, ``cardinality``), CCF
groups, substitutions, parameters and all other expressions, event trees and what belongs to them, ``include``. Names are
read as if everything stood in one place: a path such as ``pump.motor`` is refused, and so are two gates of one name in two
components.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from impactsim.files.system_text import plain_data
from impactsim.importers.draft import Draft
from impactsim.importers.fault_trees.names import References
from impactsim.importers.fault_trees.system import system_of
from impactsim.importers.fault_trees.tree import (
    BasicEvent,
    FaultTree,
    Formula,
    Gate,
    HouseEvent,
    Reference,
    Sort,
    Votes,
    place,
)
from impactsim.importers.notes import Notes
from impactsim.importers.sources import Source
from impactsim.importers.xml_reader import Element, read_xml
from impactsim.model.system import System
from impactsim.problems import Problem
from impactsim.quantities import shown

_Definition = TypeVar("_Definition", Gate, BasicEvent, HouseEvent)

_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_BOOLEANS = {"true": True, "false": False, "1": True, "0": False}
_IN_MODEL_DATA = {"define-basic-event", "define-house-event"}
_IN_TREES = {"define-gate", "define-component", *_IN_MODEL_DATA}
_PASSED_OVER = {"label", "attributes"}
_REFERENCES: dict[str, Sort] = {
    "gate": "gate",
    "basic-event": "basic-event",
    "house-event": "house-event",
    "event": "event",
}
_CONNECTIVES = {"and", "or", "atleast"}
_COHERENT = "a system can say `and`, `or` and `atleast`, and nothing that is mended by a failure"
_CONSTANT = "give the probability itself: <float value=.../>"
_REMEDIES = {
    **dict.fromkeys(("not", "xor", "nand", "nor", "iff", "imply", "cardinality"), _COHERENT),
    "define-CCF-group": "write each common cause as a basic event, in the gates of all that it strikes",
    "define-parameter": "write its value where it is used: <float value=.../>",
    "include": "put what it names into this file",
}
"""What to do instead of what is refused; of everything else, leave it out."""


def import_open_psa(content: bytes, file: str) -> tuple[System | None, list[Problem]]:
    """Read an Open-PSA document as a system.

    Parameters
    ----------
    content
        The document.
    file
        Its name for people.

    Returns
    -------
    tuple[System | None, list[Problem]]
        The system, none if there is an error; and everything that is wrong or doubtful, by line. Gates that no other gate
        names are of the kind ``service``, the others of the kind ``gate``, basic events of the kind ``event``.

    Examples
    --------
    >>> system, problems = import_open_psa(
    ...     b'''<opsa-mef><define-fault-tree name="pumps"><define-gate name="top"><and><basic-event name="a"/>
    ...     <basic-event name="b"/></and></define-gate></define-fault-tree><model-data>
    ...     <define-basic-event name="a"><float value="0.1"/></define-basic-event>
    ...     <define-basic-event name="b"><float value="0.2"/></define-basic-event></model-data></opsa-mef>''',
    ...     "pumps.xml",
    ... )
    >>> system.components["top"].needs[0].members()
    ('a', 'b')
    """
    root, problems = read_xml(content, file)
    if root is None:
        return None, problems
    notes = Notes(file)
    tree = _Document(notes).tree(root)
    References(tree, notes).settle()
    return system_of(tree, notes), notes.in_order()


def read_open_psa(sources: Sequence[Source], settings: Mapping[str, Any], draft: Draft) -> None:  # noqa: ARG001
    """Read an Open-PSA document as a system, for `impactsim import`."""
    if len(sources) > 1:
        fault = "an Open-PSA model is one document"
        draft.notes.error(0, "one-file", "", fault, "put the trees into one file", file=sources[1].name)
        return
    source = sources[0]
    system, problems = import_open_psa(source.content, source.name)
    draft.notes.take(problems)
    if system is None:
        return
    data = plain_data(system)
    for own, words in data["components"].items():
        words["origin"] = f"{source.short}: {own}"
    draft.adopt(data)


class _Document:
    """Reads the definitions of a document."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.found = FaultTree()

    def tree(self, root: Element) -> FaultTree:
        """Return all definitions."""
        if root.tag != "opsa-mef":
            fault = f"this is no Open-PSA document: it begins with <{root.tag[:40]}>"
            self.notes.error(root.line, "not-open-psa", "", fault, "an Open-PSA document begins with <opsa-mef>")
            return self.found
        for each in root.children:
            if each.tag == "define-fault-tree":
                self.found.name = self.found.name or _label(each) or each.attributes.get("name", "").strip()
                self._definitions(each, _IN_TREES)
            elif each.tag == "model-data":
                self._definitions(each, _IN_MODEL_DATA)
            elif each.tag not in _PASSED_OVER:
                self._refuse(each, "")
        if not self.found.gates and not self.notes.has_errors:
            self.notes.error(root.line, "no-gate", "", "no gate is defined", "a fault tree has a gate at its top")
        return self.found

    def _definitions(self, container: Element, known: set[str]) -> None:
        """Read the definitions in a fault tree, a component of one, or the model data."""
        for each in container.children:
            if each.tag == "define-component" and each.tag in known:
                self._definitions(each, known)
            elif each.tag in known:
                self._definition(each)
            elif each.tag not in _PASSED_OVER:
                self._refuse(each, "")

    def _definition(self, element: Element) -> None:
        sort = element.tag.removeprefix("define-")
        name = self._name(element, "")
        about = place(sort, name)
        inner = [each for each in element.children if each.tag not in _PASSED_OVER]
        if sort == "gate":
            formula = self._formula_of_gate(element, inner, about)
            self._add(self.found.gates, Gate(name, _label(element), formula, element.line), about)
        elif sort == "basic-event":
            probability = self._probability(element, inner, about)
            self._add(self.found.basic_events, BasicEvent(name, _label(element), probability, element.line), about)
        else:
            is_true = self._state(element, inner, about)
            self._add(self.found.house_events, HouseEvent(name, is_true, element.line), about)

    def _add(self, known: dict[str, _Definition], definition: _Definition, about: str) -> None:
        first = known.setdefault(definition.name, definition) if definition.name else definition
        if first is not definition:
            fault = f"it is defined in line {first.line} already"
            remedy = "give one of them another name, also where they stand in different trees or components"
            self.notes.error(definition.line, "defined-twice", about, fault, remedy)

    # Formulas.

    def _formula_of_gate(self, element: Element, inner: list[Element], about: str) -> Formula:
        formulas = [self._formula(each, about) for each in inner]
        if len(formulas) != 1:
            fault = f"it has {len(formulas)} formulas" if formulas else "it has no formula"
            remedy = "a gate has one: put <and> or <or> around them" if formulas else "say what makes it true"
            self.notes.error(element.line, "formula-form", about, fault, remedy)
        return formulas[0] if formulas else False

    def _formula(self, element: Element, about: str) -> Formula:
        if element.tag in _REFERENCES:
            return self._reference(element, about)
        if element.tag == "constant":
            return self._boolean(element, about)
        args = tuple(self._formula(each, about) for each in element.children)
        if element.tag not in _CONNECTIVES:
            self._refuse(element, about)
        elif not args:
            fault, remedy = f"`{element.tag}` of nothing", "name the gates and events that it is about"
            self.notes.error(element.line, "formula-form", about, fault, remedy)
        return Votes(self._least(element, len(args), about), args)

    def _least(self, element: Element, n: int, about: str) -> int:
        """Return how many of the arguments must be true."""
        if element.tag != "atleast":
            return 1 if element.tag == "or" else n
        text = element.attributes.get("min", "").strip()
        if not re.fullmatch("[0-9]{1,9}", text):
            fault = f"{shown(text)} is no number of arguments" if text else "`atleast` does not say of how many"
            self.notes.error(element.line, "atleast-min", about, fault, 'write <atleast min="2">')
            return 1
        if not 1 <= int(text) <= n and n:
            fault = f"at least {int(text)} of {n} is {'never' if int(text) else 'always'} true"
            self.notes.error(element.line, "atleast-min", about, fault, f"write a number from 1 to {n}")
        return int(text)

    def _reference(self, element: Element, about: str) -> Formula:
        sort = _REFERENCES[element.tag]
        name = self._name(element, about)
        if sort == "event" and "type" in element.attributes:
            known = _REFERENCES.get(element.attributes["type"].strip())
            if known is None:
                fault = f"{shown(element.attributes['type'])} is no type of an event"
                self.notes.error(element.line, "event-type", about, fault, "write gate, basic-event or house-event")
            sort = known or sort
        return Reference(sort, name, element.line) if name else False

    def _boolean(self, element: Element, about: str) -> bool:
        text = element.attributes.get("value", "").strip()
        if text not in _BOOLEANS:
            fault = f"{shown(text)} is neither true nor false"
            self.notes.error(element.line, "constant-form", about, fault, 'write value="true" or value="false"')
        return _BOOLEANS.get(text, False)

    # Events.

    def _probability(self, element: Element, inner: list[Element], about: str) -> float | None:
        """Return the value of a basic event; None where none is given."""
        if len(inner) > 1:
            self.notes.error(element.line, "probability-form", about, f"it has {len(inner)} values", "keep one of them")
        found = [self._value(each, about) for each in inner]
        return found[0] if found else None

    def _value(self, element: Element, about: str) -> float | None:
        if element.tag == "bool":
            return float(self._boolean(element, about))
        if element.tag not in {"float", "int"}:
            self._refuse(element, about, _CONSTANT)
            return None
        text = element.attributes.get("value", "").strip()
        if not _NUMBER.fullmatch(text):
            self.notes.error(element.line, "probability-form", about, f"{shown(text)} is no number", _CONSTANT)
            return None
        if not 0.0 <= float(text) <= 1.0:
            fault = f"a probability of {shown(text)} is not between 0 and 1"
            self.notes.error(element.line, "probability-range", about, fault, "")
            return None
        return abs(float(text))

    def _state(self, element: Element, inner: list[Element], about: str) -> bool:
        """Return the state of a house event; false where none is given."""
        if len(inner) == 1 and inner[0].tag == "constant":
            return self._boolean(inner[0], about)
        if inner:
            fault, remedy = "its state is no constant", 'write <constant value="true"/>'
            self.notes.error(element.line, "constant-form", about, fault, remedy)
        return False

    # What all have.

    def _name(self, element: Element, about: str) -> str:
        name = element.attributes.get("name", "").strip()
        if not name:
            self.notes.error(element.line, "no-name", about, f"<{element.tag}> has no name", 'write name="..."')
        return name

    def _refuse(self, element: Element, about: str, remedy: str = "") -> None:
        name = element.attributes.get("name", "").strip()
        fault = f"`{element.tag[:40]}`{f' {shown(name)}' if name else ''} is not read"
        self.notes.error(element.line, "not-read", about, fault, remedy or _REMEDIES.get(element.tag, "leave it out"))


def _label(element: Element) -> str:
    return next((each.text for each in element.children if each.tag == "label"), "")

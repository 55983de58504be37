"""The failure structure of one component as an Open-PSA document, so that other engines can check ours.

Written is the fault tree layer of the Model Exchange Format 2.0d: gates with ``and``, ``or`` and ``atleast``, the top first;
basic events with a ``float`` where their probability is known. Circles of needs are unrolled, soft needs and pools are in it as
the criterion says (S8). What a common cause strikes with a probability below 1 is an ``and`` of the cause and of a basic event
for the strike. Gates and basic events never share a name, which some engines ask for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from impactsim.audit.estate import Estate
from impactsim.exact.formula import AND, ATLEAST, EVENT, OR, TRUE, Formula, Node
from impactsim.exact.propagation import Criterion, counts

if TYPE_CHECKING:
    from impactsim.exact.structure import Structure

_START = (
    r"A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    r"\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NOT_IN_NAMES = re.compile(rf"[^{_START}\-0-9\u00b7\u0300-\u036f\u203f\u2040]")
"""What stands in no name of XML (NCName, 5th edition of XML 1.0), or is a point, which Open-PSA has for paths."""
_WORDS = {OR: "or", AND: "and"}


class FaultTreeText:
    """The text of a fault tree, and how much of it is known.

    Parameters
    ----------
    estate
        The system.
    component
        Number of the component, most often of a service, whose failure is at the top.
    criterion
        What counts as failed.
    """

    def __init__(self, estate: Estate, component: int, criterion: Criterion = Criterion.DOWN) -> None:
        self.estate = estate
        self.component = component
        self.criterion = criterion
        self.structure: Structure = estate.structure(criterion)
        self.formula: Formula = self.structure.formula
        self.top = self.structure.down(component)
        self._gates = [node for node in reversed(self.formula.below([self.top])) if self._is_gate(node)]
        self.events = sorted(self.formula.events(self.top))
        """The events in it: components, common causes, strikes of common causes."""
        self.unknown = [event for event in self.events if self.probability(event) is None]
        """Those of which nobody says how likely they are."""
        self._event_names = self._named_events()
        self._gate_names, self._copies = self._named_gates()

    def probability(self, event: int) -> float | None:
        """Return the probability of an event; None if nobody says it."""
        strike = event - self.structure.n_events
        if strike >= 0:
            return self.structure.strike_share[strike]
        chance = self.estate.chances[event]
        return chance.probability if chance.is_known else None

    def text(self) -> str:
        """Return the document."""
        return "\n".join(self._lines()) + "\n"

    # Names.

    def _id_of(self, event: int) -> str:
        strike = event - self.structure.n_events
        if strike < 0:
            return self.estate.id_of(event)
        cause, component = self.structure.strike_of[strike]
        return f"{self.estate.id_of(cause)} strikes {self.estate.id_of(component)}"

    def _named_events(self) -> dict[int, str]:
        """Return a name for each event; ids that may stay go first, so that no other takes them."""
        ids = {event: self._id_of(event) for event in self.events}
        names = {event: own for event, own in ids.items() if own == identifier_of(own)}
        taken = set(names.values())
        for event, own in ids.items():
            if event not in names:
                names[event] = _free(identifier_of(own), taken)
                taken.add(names[event])
        return names

    def _named_gates(self) -> tuple[dict[Node, str], dict[tuple[Node, int], str]]:
        """Return a name for each gate, g1 and so on, and for each argument that stands in its gate before.

        An "at least" may count an argument twice, and many engines refuse that: the second is a gate of its own.
        """
        taken = set(self._event_names.values())
        free = (name for n in count(1) if (name := f"g{n}") not in taken)
        gates = {gate: next(free) for gate in self._gates}
        copies = {}
        for gate in self._gates:
            args = self.formula.args[gate] if self.formula.kind[gate] == ATLEAST else ()
            seen: set[Node] = set()
            for i, arg in enumerate(args):
                if arg in seen:
                    copies[gate, i] = next(free)
                seen.add(arg)
        return gates, copies

    def _labels(self) -> dict[Node, str]:
        """Return the ids of the components whose failure a gate is; of several the one nearest to the top."""
        labels: dict[Node, str] = {}
        compiled, seen, waiting = self.estate.compiled, {self.component}, [self.component]
        for component in waiting:
            labels.setdefault(self.structure.down(component), self.estate.id_of(component))
            for need in range(compiled.need_from[component], compiled.need_from[component + 1]):
                if counts(compiled, need, self.criterion):
                    members = compiled.slot_component[compiled.slot_from[need] : compiled.slot_from[need + 1]]
                    waiting.extend(dict.fromkeys(member for member in members if member not in seen))
                    seen.update(members)
        return labels

    # Text.

    def _is_gate(self, node: Node) -> bool:
        # An event or a constant is a gate only at the top.
        return node == self.top or self.formula.kind[node] > EVENT

    def _lines(self) -> Iterator[str]:
        yield '<?xml version="1.0" encoding="UTF-8"?>'
        yield "<opsa-mef>"
        own = self.estate.id_of(self.component)
        yield f"  <define-fault-tree name={quoteattr(identifier_of(own))}>"
        yield from _label(own, identifier_of(own), 4)
        labels = self._labels()
        for gate in self._gates:
            yield f'    <define-gate name="{self._gate_names[gate]}">'
            yield from _label(labels.get(gate, ""), "", 6)
            yield from self._formula_lines(gate)
            yield "    </define-gate>"
            yield from self._copy_lines(gate)
        yield "  </define-fault-tree>"
        yield "  <model-data>"
        for event in self.events:
            yield from self._event_lines(event)
        yield "  </model-data>"
        yield "</opsa-mef>"

    def _formula_lines(self, gate: Node) -> Iterator[str]:
        """Yield the formula of a gate; of an event or a constant at the top, itself."""
        kind, args = self.formula.kind[gate], self.formula.args[gate]
        if kind <= EVENT:
            yield f"      {self._reference(gate)}"
            return
        word, more = ("atleast", f' min="{self.formula.k[gate]}"') if kind == ATLEAST else (_WORDS[kind], "")
        yield f"      <{word}{more}>"
        for i, arg in enumerate(args):
            copy = self._copies.get((gate, i))
            yield f"        {self._reference(arg) if copy is None else _gate(copy)}"
        yield f"      </{word}>"

    def _copy_lines(self, gate: Node) -> Iterator[str]:
        for i, arg in enumerate(self.formula.args[gate] if self.formula.kind[gate] == ATLEAST else ()):
            if (gate, i) in self._copies:
                yield f'    <define-gate name="{self._copies[gate, i]}">'
                yield f"      {self._reference(arg)}"
                yield "    </define-gate>"

    def _reference(self, node: Node) -> str:
        kind = self.formula.kind[node]
        if kind < EVENT:
            return f'<constant value="{"true" if kind == TRUE else "false"}"/>'
        if kind == EVENT:
            return f"<basic-event name={quoteattr(self._event_names[self.formula.args[node][0]])}/>"
        return _gate(self._gate_names[node])

    def _event_lines(self, event: int) -> Iterator[str]:
        name = self._event_names[event]
        probability = self.probability(event)
        inner = list(_label(self._id_of(event), name, 6))
        if probability is not None:
            inner.append(f'      <float value="{probability!r}"/>')
        start = f"    <define-basic-event name={quoteattr(name)}"
        yield f"{start}>" if inner else f"{start}/>"
        yield from inner
        if inner:
            yield "    </define-basic-event>"


def identifier_of(text: str) -> str:
    """Return the name nearest to a text that Open-PSA allows: an NCName without points and doubled or outer hyphens.

    Examples
    --------
    >>> identifier_of("orders-db"), identifier_of("db.eu--1"), identifier_of("3par")
    ('orders-db', 'db_eu-1', '_3par')
    """
    name = re.sub("-{2,}", "-", _NOT_IN_NAMES.sub("_", text)).strip("-")
    return name if name.startswith("_") or name[:1].isalpha() else f"_{name}"


def _free(wished: str, taken: set[str]) -> str:
    """Return a name that nothing has yet: the wished one, else with a number behind it."""
    if wished not in taken:
        return wished
    return next(name for n in count(2) if (name := f"{wished}_{n}") not in taken)


def _gate(name: str) -> str:
    return f'<gate name="{name}"/>'


def _label(text: str, name: str, indent: int) -> Iterator[str]:
    """Yield a label where a name does not say the same."""
    if text and text != name:
        yield f"{' ' * indent}<label>{escape(text)}</label>"

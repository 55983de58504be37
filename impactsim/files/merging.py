"""A scenario's what-if on a system: JSON Merge Patch (RFC 7396), and where each part of the result was written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from impactsim.files.documents import Document
from impactsim.model.rules_lookup import Names
from impactsim.model.system import System
from impactsim.problems import Path, Problem


def merge_patch(target: Any, patch: Any) -> Any:
    """Apply a JSON Merge Patch (RFC 7396, section 2).

    Parameters
    ----------
    target
        Plain data; it stays as it is.
    patch
        Mappings change what they name, null removes it, anything else takes its place.

    Returns
    -------
    Any
        The changed data. It shares with `target` what the patch leaves alone, so the cost is that of the patch.

    Examples
    --------
    >>> merge_patch({"a": {"b": 1, "c": 2}}, {"a": {"b": None, "d": 3}})
    {'a': {'c': 2, 'd': 3}}
    """
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    # No recursion: what is patched may be nested as deep as a file can be.
    waiting = [(result, patch)]
    while waiting:
        into, changes = waiting.pop()
        for key, change in changes.items():
            if change is None:
                into.pop(key, None)
            elif isinstance(change, dict):
                inner = into.get(key)
                into[key] = dict(inner) if isinstance(inner, dict) else {}
                waiting.append((into[key], change))
            else:
                into[key] = change
    return result


class Patched:
    """The data of a system after a scenario's changes, which knows in which of the two files each part stands.

    Parameters
    ----------
    system
        The system as it was read.
    scenario
        The scenario as it was read; its ``changes`` are applied.
    inline
        Whether the system stands in the scenario's file, under ``system``.
    """

    def __init__(self, system: Document, scenario: Document, inline: bool) -> None:
        self.system = system
        self.scenario = scenario
        self.inline = inline
        changes = scenario.data.get("changes")
        self.changes: dict[str, Any] = changes if isinstance(changes, dict) else {}
        self.data = merge_patch(system.data, self.changes) if self.changes else system.data

    def place(self, problem: Problem) -> Problem:
        """Return a problem of the changed system with the file, the line and the path at which its author wrote it."""
        problem = self._blame_removal(problem)
        if self._is_changed(problem.path):
            return self.scenario.place(_under("changes", problem))
        return self.scenario.place(_under("system", problem)) if self.inline else self.system.place(problem)

    def _blame_removal(self, problem: Problem) -> Problem:
        """Say that a name is unknown because the changes remove it: in the system's own file it is there."""
        components = self.changes.get("components")
        if problem.code != "unknown-component" or not isinstance(components, dict):
            return problem
        removed = (name for name, change in components.items() if change is None)
        if any(f"'{name}'" in problem.fault for name in removed):
            return replace(problem, remedy=f"the changes in {self.scenario.file or 'the scenario'} remove it")
        return problem

    def _is_changed(self, path: Path) -> bool:
        change: Any = self.changes
        before: Any = self.system.data
        for step in path:
            if not isinstance(change, dict):
                return True
            if step not in change:
                # What the changes added altogether has no other place; what lacks in both is the system's.
                return not isinstance(before, dict)
            change = change[step]
            before = before.get(step) if isinstance(before, dict) else None
        if isinstance(change, dict) and isinstance(before, dict):
            return None in change.values()  # of what was there before, only a removal can be wrong
        return True


def doubtful_changes(patched: Patched, system: System | None) -> list[Problem]:
    """Return warnings about changes of components that the system does not have: a slip of the pen adds a component."""
    before, changes = patched.system.data.get("components"), patched.changes.get("components")
    if system is None or not isinstance(before, dict) or not isinstance(changes, dict):
        return []
    new = [name for name in changes if name not in before]
    named = _named_components(system, patched.scenario.data) if new else set()
    names, found = Names(before), []
    for name in new:
        path = ("changes", "components", name)
        if changes[name] is None:
            fault = "the system has no such component to remove"
            found.append(Problem(path, fault, names.did_you_mean(name, ""), "change-removes", "warning"))
        elif name not in named:
            fault = "this adds a component, which nothing names"
            found.append(Problem(path, fault, names.did_you_mean(name, ""), "change-adds", "warning"))
    return found


def _named_components(system: System, scenario: dict[str, Any]) -> set[str]:
    """Return the ids that anything in a system or in the events and actions of a scenario names."""
    named: set[str] = set()
    for component in system.components.values():
        needs = [*component.needs, *(need for workaround in component.workarounds for need in workaround.needs)]
        named.update(member for need in needs for member in need.members())
        named.update(copy.at for copy in component.copies)
        named.update([component.at] if component.at else [])
    for cause in system.common_causes.values():
        named.update(cause.strikes)
    for segment in system.users.values():
        named.update(segment.uses)
    return named | _words_in([scenario.get("events"), scenario.get("actions")])


def _words_in(data: Any) -> set[str]:
    """Return all text in plain data."""
    found, waiting = set(), [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            found.add(value)
        elif isinstance(value, dict | list):
            waiting.extend(value.values() if isinstance(value, dict) else value)
    return found


def _under(key: str, problem: Problem) -> Problem:
    return replace(problem, path=(key, *problem.path))

"""Which workloads a selector of labels chooses. Knows labels only.

Labels are looked up, so that many selectors on many workloads stay cheap; what chooses very many says nothing about any one of
them, and is told apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from impactsim.importers.manifests.kubernetes_objects import mapping, mappings, text, texts

MOST_CHOSEN = 100
"""A selector that chooses more than that says nothing about any one of them."""
_MOST_LOOKS = 5_000_000
_MOST_IN_ALL = 1_000_000


class Labels:
    """The labels of all workloads, by namespace."""

    def __init__(self) -> None:
        self._labels: dict[str, tuple[str, Mapping[str, str]]] = {}
        self._with: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        self._looks = _MOST_LOOKS
        self._room = _MOST_IN_ALL

    def add(self, key: str, namespace: str, labels: Mapping[str, str]) -> None:
        """Add the labels of the pods of a workload."""
        self._labels[key] = namespace, labels
        for label in labels.items():
            self._with[namespace, *label].append(key)

    def chosen(self, selector: Mapping[str, Any], namespace: str) -> list[str] | None:
        """Return the workloads that a selector with ``matchLabels`` and ``matchExpressions`` chooses; None if it is too wide."""
        wanted = texts(selector.get("matchLabels"))
        conditions = mappings(selector.get("matchExpressions"))
        lists = [self._with.get((namespace, *label), []) for label in wanted.items()]
        lists += [those for each in conditions if (those := self._with_any(each, namespace)) is not None]
        if not lists:
            return None
        found: list[str] = []
        for key in min(lists, key=len):
            self._looks -= 1
            if self._looks < 0 or len(found) > MOST_CHOSEN:
                return None
            if _has(self._labels[key][1], wanted, conditions):
                found.append(key)
        self._room -= len(found)
        return found if len(found) <= MOST_CHOSEN and self._room >= 0 else None

    def _with_any(self, condition: Mapping[str, Any], namespace: str) -> list[str] | None:
        """Return the workloads with one of the values of a condition; None if it does not name values."""
        if condition.get("operator") != "In":
            return None
        key = text(condition.get("key"))
        keys = [each for value in _values(condition) for each in self._with.get((namespace, key, value), [])]
        return list(dict.fromkeys(keys))


def _has(labels: Mapping[str, str], wanted: Mapping[str, str], conditions: Sequence[Mapping[str, Any]]) -> bool:
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        _meets(labels.get(text(each.get("key"))), each) for each in conditions
    )


def _meets(value: str | None, condition: Mapping[str, Any]) -> bool:
    match condition.get("operator"):
        case "In":
            return value is not None and value in _values(condition)
        case "NotIn":
            return value is None or value not in _values(condition)
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
    return False


def _values(condition: Mapping[str, Any]) -> list[str]:
    values = condition.get("values")
    return [each for each in values if isinstance(each, str)] if isinstance(values, list) else []


def plain_selector(selector: Any) -> Mapping[str, Any]:
    """Return the selector of a Service, which is labels only, in the form of all others."""
    return {"matchLabels": mapping(selector)}

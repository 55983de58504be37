"""What is said after an import: how much was found, how sure it is, what was left out, and what is doubtful."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from impactsim.importers.finished import ImportedSystem
from impactsim.model.provenance import SURENESS
from impactsim.model.system import System

_TOLD = 5
"""So many warnings of a sort are told, unless all are wanted."""
_LOUD = {"few-needs", "no-needs"}


def contents(found: ImportedSystem) -> Iterator[str]:
    """Yield what was found: a line with the counts, then lines that are indented."""
    system = found.system
    kinds = Counter(component.kind for component in system.components.values())
    yield f"{_n(len(system.components), 'component')}, {_n(_n_needs(system), 'need')}"
    yield f"  kinds: {', '.join(f'{kind} {n:,}' for kind, n in kinds.most_common())}"
    yield f"  {sureness(system)}"
    for remark in found.remarks:
        yield f"  {remark}"
    for what, n in found.left_out.items():
        yield f"  left out: {what} ({n:,})"
    yield f"  not known by this format: {'; '.join(found.format.cannot_know)}"


def sureness(system: System) -> str:
    """Say how sure components and needs are."""
    of_components = Counter(component.confidence for component in system.components.values())
    of_needs = Counter(
        need.confidence or component.confidence for component in system.components.values() for need in component.needs
    )
    for component in system.components.values():
        if component.at is not None:  # nobody can stand more surely at a place than the place is there
            ends = (component.confidence, system.components[component.at].confidence)
            of_needs[min(ends, key=SURENESS.__getitem__)] += 1
    words = []
    for what, counted in (("components", of_components), ("needs", of_needs)):
        parts = [f"{n:,} {sure}" for sure in ("declared", "observed", "guessed") if (n := counted[sure])]
        words.append(f"{what}: {', '.join(parts) or 'none'}")
    return "; ".join(words)


def doubts(found: ImportedSystem, is_all: bool) -> Iterator[str]:
    """Yield the warnings, the loudest first, and of each sort only some unless all are wanted."""
    told: Counter[str] = Counter()
    loud = [problem for problem in found.problems if problem.code in _LOUD]
    for problem in [*loud, *(problem for problem in found.problems if problem.code not in _LOUD)]:
        told[problem.code] += 1
        if is_all or told[problem.code] <= _TOLD:
            yield str(problem)
    for code, n in told.items():
        if n > _TOLD and not is_all:
            yield f"and {n - _TOLD:,} more [{code}] (--all)"


def _n_needs(system: System) -> int:
    return sum(len(each.needs) + (each.at is not None) for each in system.components.values())


def _n(n: int, what: str) -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}"

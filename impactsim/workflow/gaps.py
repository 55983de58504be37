"""What is missing in a system: which facts, and how much the answer could change with them."""

from __future__ import annotations

from collections.abc import Collection
from os import PathLike

from impactsim.collector import collector_paused
from impactsim.files.reading import LoadedSystem
from impactsim.results import Gaps
from impactsim.workflow.given import Source, loaded_system


def find_gaps(system: Source | LoadedSystem, kinds: Collection[str] = ()) -> Gaps:
    """Say what is missing in a system, and how much each missing fact could change the answer.

    Parameters
    ----------
    system
        A system or a scenario, of which the system with its changes counts: a file, its content, or what was loaded.
    kinds
        Kinds of gaps, such as ``no-restore-time``; all if empty.

    Raises
    ------
    InvalidInput
        With every problem of the files, if one of them is an error.
    ValueError
        If there is no such kind.
    """
    from impactsim.gaps.whole import gaps_of
    from impactsim.gaps.words import KINDS

    for kind in kinds:
        if kind not in KINDS:
            raise ValueError(f"kinds has {kind!r}, and must be of {', '.join(KINDS)}")
    loaded = loaded_system(system)
    is_file = isinstance(loaded, LoadedSystem) and isinstance(system, str | PathLike)
    layer = str(system) if is_file else ""
    with collector_paused():
        return Gaps(gaps_of(loaded.system, kinds), layer)

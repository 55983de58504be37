"""Copies on paper: copies of data that are said not to work.

Where a copy `fails` in half of the cases or more it is nothing to count on. That the places of copies go down together is said by
`redundancy.py`; here it is the copy itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from impactsim.audit.estate import Estate
from impactsim.audit.findings import Finding, Severity
from impactsim.audit.redundancies import listed
from impactsim.audit.single_points import leaning_on
from impactsim.model.system import Copy
from impactsim.quantities import format_share

_DOUBTFUL = 0.5  # from this share of failures on
_MOST_LOOKED_AT = 1_000_000  # components that lean on such data, in all: a few seconds


def findings(estate: Estate, services: Collection[int]) -> list[Finding]:
    """Return a finding for each component with copies that work in no more than half of the cases, and on which a service leans."""
    asked = set(services)
    found = []
    looked_at = n_left = 0
    for number, each in enumerate(estate.system.components.values()):
        doubtful = [copy for copy in each.copies if copy.fails >= _DOUBTFUL]
        if doubtful and looked_at > _MOST_LOOKED_AT:
            n_left += 1
        elif doubtful:
            leaning = leaning_on(estate, number)  # backed or not: data that is lost is missed although a standby serves
            looked_at += len(leaning)
            hit = estate.services_down(leaning)
            if not asked.isdisjoint(hit):
                found.append(_finding(estate, number, doubtful, hit))
    return found + ([_rest(n_left)] if n_left else [])


def _rest(n: int) -> Finding:
    return Finding(
        id="copy-on-paper/more",
        kind="copy-on-paper",
        severity=Severity.NOTE,
        text=f"{n:,} more components have copies that cannot be counted on; who leans on them was not looked at",
        evidence=("the first ones of the file were looked at",),
        remedy="restore from these copies as a test",
        figures=(("components", float(n)),),
    )


def _finding(estate: Estate, number: int, doubtful: Sequence[Copy], hit: Sequence[int]) -> Finding:
    name = estate.id_of(number)
    copies = estate.system.components[name].copies
    left = list(dict.fromkeys(copy.at for copy in copies if copy.fails < _DOUBTFUL))
    return Finding(
        id=f"copy-on-paper/{name}",
        kind="copy-on-paper",
        severity=_severity(len(left)),
        text=f"{len(doubtful)} of {len(copies)} copies of {name} cannot be counted on: {_places(doubtful)}",
        services=estate.ids_of(hit),
        events=(name,),
        users=estate.users_lost(estate.down(number)),
        evidence=tuple(_evidence(doubtful, left)),
        remedy=f"restore {name} from {_places(doubtful)} as a test, and let somebody be told when a copy fails",
        figures=(("copies", float(len(copies))), ("on_paper", float(len(doubtful))), ("places_left", float(len(left)))),
    )


def _severity(n_left: int) -> Severity:
    """One place that is left is no backup of a backup; none at all means that the data is lost with its component."""
    return Severity.HIGH if n_left == 0 else Severity.MEDIUM if n_left == 1 else Severity.LOW


def _places(copies: Sequence[Copy]) -> str:
    return listed(list(dict.fromkeys(copy.at for copy in copies)))


def _evidence(doubtful: Sequence[Copy], left: Sequence[str]) -> Iterator[str]:
    for copy in doubtful:
        yield f"the copy at {copy.at} fails in {format_share(copy.fails)} of the cases"
    if not left:
        yield "no other copy is left"
    elif len(left) == 1:
        yield f"all other copies lie at {left[0]}"
    else:
        yield f"other copies lie at {listed(left)}"

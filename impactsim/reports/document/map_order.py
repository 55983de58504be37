"""In which order the boxes of a map stand in their columns, so that few arrows cross.

Knows cells, columns and bands; what they mean, and how large they are, is `map_layout`'s. Circles are opened first. Then the order
within a column is improved by barycentres (Sugiyama, Tagawa and Toda, 1981), the order of the bands and of neighbours by exchanges,
and the best order that was met is taken, that of the file among them: so the crossings are never more than in that.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from impactsim.reports.document.blocks import Node

if TYPE_CHECKING:
    import networkx as nx

_SWEEPS = 12
_MOST_BANDS_EXCHANGED = 16


@dataclass(slots=True)
class Cell:
    """A box, or a way of arrows through a column."""

    id: str
    column: int
    band: str
    height: float
    node: Node | None = None
    y: float = 0.0
    left: list[str] = field(default_factory=list)
    """Ids of the neighbours in the column before, one for each line."""
    right: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Grid:
    """What stands in which column, and what is joined by lines."""

    cells: dict[str, Cell]
    columns: list[list[str]]
    """Ids from the top down, band by band."""
    bands: list[str]
    """Ids of sites from the top down, with an empty one for what stands nowhere."""
    routes: list[tuple[str, str, bool, list[str]]]
    """(who needs, what is needed, whether the loss went that way, cells from left to right)."""
    top: dict[str, float] = field(default_factory=dict)
    bottom: dict[str, float] = field(default_factory=dict)

    def n_crossings(self) -> int:
        """Count the crossings between neighbouring columns."""
        total = 0
        for before, after in pairwise(self.columns):
            place = {id_: i for i, id_ in enumerate(after)}
            total += _inversions(sorted(place[right] for right in self.cells[id_].right) for id_ in before)
        return total

    def sort_by_band(self) -> None:
        """Bring each column into the order of the bands; what is in one band stays in its order."""
        place = {band: i for i, band in enumerate(self.bands)}
        for column in self.columns:
            column.sort(key=lambda id_: place[self.cells[id_].band])


def _inversions(rows: Iterable[Sequence[int]]) -> int:
    """Count the pairs of lines of which the one begins higher and ends lower."""
    seen: list[int] = []
    total = 0
    for row in rows:
        total += sum(len(seen) - bisect_left(seen, place + 1) for place in row)
        for place in row:
            insort(seen, place)
    return total


def columns_of(nodes: Sequence[Node], arrows: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return the column of each node: users' services first, what all leans on last."""
    import networkx as nx  # only a map needs it

    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(node.id for node in nodes)
    graph.add_edges_from(arrows)
    graph.remove_edges_from(_closing_circles(graph))
    column_of: dict[str, int] = {}
    for i, generation in enumerate(nx.topological_generations(graph)):
        column_of.update(dict.fromkeys(generation, i))
    for node in nodes:
        after = [column_of[used] for used in graph[node.id]]
        if after and node.kind != "service" and not any(True for _ in graph.predecessors(node.id)):
            column_of[node.id] = min(after) - 1
    return column_of


def _closing_circles(graph: nx.DiGraph[str]) -> list[tuple[str, str]]:
    """Return arrows without which there is no circle: those that lead back on the way of a search in depth."""
    import networkx as nx

    on_way: set[str] = set()
    closing = []
    for a, b, how in nx.dfs_labeled_edges(graph):
        if how == "forward":
            on_way.add(b)
        elif how == "reverse":
            on_way.discard(b)
        elif b in on_way:
            closing.append((a, b))
    return closing


# The order within the columns.


def put_in_order(grid: Grid) -> None:
    """Find an order with few crossings."""
    best, fewest = _state(grid), grid.n_crossings()
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        _sweep(grid, is_to_right=sweep % 2 == 0)
        if sweep % 4 == 1:
            _exchange_bands(grid)
        if (n := grid.n_crossings()) < fewest:
            best, fewest = _state(grid), n
    grid.columns, grid.bands = [list(column) for column in best[0]], list(best[1])
    _exchange_neighbours(grid)


def _state(grid: Grid) -> tuple[list[list[str]], list[str]]:
    return [list(column) for column in grid.columns], list(grid.bands)


def _sweep(grid: Grid, is_to_right: bool) -> None:
    """Put each column into the order of the middles of its neighbours on one side."""
    columns = grid.columns if is_to_right else grid.columns[::-1]
    for before, column in pairwise(columns):
        place = {id_: i for i, id_ in enumerate(before)}
        own = {id_: i for i, id_ in enumerate(column)}
        middle = {
            id_: _middle(grid.cells[id_], place, own[id_] * len(before) / len(column), is_to_right) for id_ in column
        }
        column.sort(key=middle.__getitem__)
    grid.sort_by_band()


def _middle(cell: Cell, place: Mapping[str, int], own: float, is_to_right: bool) -> float:
    neighbours = cell.left if is_to_right else cell.right
    return sum(place[each] for each in neighbours) / len(neighbours) if neighbours else own


def _exchange_bands(grid: Grid) -> None:
    """Exchange neighbouring bands as long as that saves crossings."""
    if len(grid.bands) > _MOST_BANDS_EXCHANGED:
        return
    fewest = grid.n_crossings()
    for i in range(len(grid.bands) - 1):
        before = _state(grid)
        grid.bands[i], grid.bands[i + 1] = grid.bands[i + 1], grid.bands[i]
        grid.sort_by_band()
        if (n := grid.n_crossings()) < fewest:
            fewest = n
        else:
            grid.columns, grid.bands = before


def _exchange_neighbours(grid: Grid) -> None:
    """Exchange neighbours in their columns where that saves crossings."""
    for column_number, column in enumerate(grid.columns):
        for _ in range(3):
            is_better = False
            for i in range(len(column) - 1):
                a, b = grid.cells[column[i]], grid.cells[column[i + 1]]
                if a.band == b.band and _saved(grid, column_number, a, b) > 0:
                    column[i], column[i + 1] = b.id, a.id
                    is_better = True
            if not is_better:
                break


def _saved(grid: Grid, column: int, above: Cell, below: Cell) -> int:
    """Return how many crossings it saves to exchange two neighbours."""
    total = 0
    for beside, ends in ((column - 1, (above.left, below.left)), (column + 1, (above.right, below.right))):
        if 0 <= beside < len(grid.columns) and ends[0] and ends[1]:
            place = {id_: i for i, id_ in enumerate(grid.columns[beside])}
            total += sum((place[a] > place[b]) - (place[a] < place[b]) for a in ends[0] for b in ends[1])
    return total

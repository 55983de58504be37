"""Where the boxes and arrows of a map stand: columns from users to what all leans on, bands by site, few crossings.

Theory of operation. It is layered drawing after K. Sugiyama, S. Tagawa and M. Toda (1981, IEEE Transactions on Systems, Man, and
Cybernetics 11, 109-125), with bands. A node stands in the column after the last of those that lean on it; what nobody leans on and
is no service stands just before what it needs. An arrow that passes columns runs through a narrow way in each of them; all arrows
to one node share their ways. Each site has a band across all columns, so that its frame holds its own boxes only, whatever stands
in which column. `map_order` finds the order of all this from the top down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from impactsim.reports.document.blocks import MapPicture, Node
from impactsim.reports.document.map_order import Cell, Grid, columns_of, put_in_order
from impactsim.reports.layout import fitted, width, wrapped

BOX_WIDTH, COLUMN_GAP = 172, 46
LINE_HEIGHT, BOX_PADDING = 15, 7
_BOX_GAP, _WAY_HEIGHT = 12, 9
_BAND_GAP, _BAND_HEAD, _BAND_PADDING = 14, 22, 10
_MARGIN = 12
_NAME_COLUMNS, _NAME_LINES = 21, 2

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A node in its place."""

    node: Node
    name: tuple[str, ...]
    """Lines of its name, the last one cut if it is long."""
    x: float
    y: float
    height: float

    @property
    def is_cut(self) -> bool:
        """Whether the lines lack a part of the name."""
        return "".join("".join(self.name).split()) != "".join(self.node.name.split())


@dataclass(frozen=True, slots=True)
class Frame:
    """A site around its boxes."""

    site: str
    name: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line from who needs to what is needed."""

    user: str
    used: str
    is_loss: bool
    points: tuple[Point, ...]
    """From the edge of the one box to that of the other; the ways through columns are pairs of points."""


@dataclass(frozen=True, slots=True)
class MapLayout:
    """A map with the places of everything, in pixels."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    frames: tuple[Frame, ...]
    arrows: tuple[Arrow, ...]
    n_crossings: int
    """How often arrows cross."""
    n_crossings_in_file_order: int
    """How often they would if all stood in the order of the picture."""


def lay_out(picture: MapPicture) -> MapLayout:
    """Return where everything stands.

    Parameters
    ----------
    picture
        Its nodes have different ids; arrows between others are left out.
    """
    grid = _grid(picture)
    before = grid.n_crossings()
    put_in_order(grid)
    _place(grid)
    return _drawn(picture, grid, before)


# The grid: what stands in which column and band.


def _grid(picture: MapPicture) -> Grid:
    arrows = [each for each in picture.arrows if {each[0], each[1]} <= {node.id for node in picture.nodes}]
    column_of = columns_of(picture.nodes, [(user, used) for user, used, _ in arrows])
    cells = {node.id: Cell(node.id, column_of[node.id], node.site, _height(node), node) for node in picture.nodes}
    n_columns = max(column_of.values(), default=-1) + 1
    grid = Grid(cells, [[] for _ in range(n_columns)], list(dict.fromkeys(n.site for n in picture.nodes)), [])
    for user, used, is_loss in arrows:
        _route(grid, user, used, is_loss)
    for cell in grid.cells.values():
        grid.columns[cell.column].append(cell.id)
    grid.sort_by_band()
    return grid


def _height(node: Node) -> float:
    return 2 * BOX_PADDING + LINE_HEIGHT * (len(lines_of(node.name)) + 1 + node.is_origin)


def lines_of(name: str) -> tuple[str, ...]:
    """Break a name into the lines of its box; what is too long ends with three dots.

    Examples
    --------
    >>> lines_of("Checkout"), lines_of("Reservation of seats at the counter")
    (('Checkout',), ('Reservation of seats', 'at the counter'))
    """
    lines = wrapped(name, _NAME_COLUMNS, 0, _NAME_LINES)
    return tuple(fitted(line, _NAME_COLUMNS) if width(line) > _NAME_COLUMNS else line for line in lines)


def _route(grid: Grid, user: str, used: str, is_loss: bool) -> None:
    """Lead an arrow through the columns between its ends, on the ways that lead to the same node already."""
    a, b = (user, used) if grid.cells[user].column <= grid.cells[used].column else (used, user)
    first, last = grid.cells[a], grid.cells[b]
    path = [a]
    for column in range(first.column + 1, last.column):
        way = f"way {used} {is_loss} {b == used} {column}"
        if way not in grid.cells:
            grid.cells[way] = Cell(way, column, grid.cells[used].band, _WAY_HEIGHT)
        path.append(way)
    path.append(b)
    for left, right in pairwise(path):
        if grid.cells[left].column < grid.cells[right].column and right not in grid.cells[left].right:
            grid.cells[left].right.append(right)
            grid.cells[right].left.append(left)
    grid.routes.append((user, used, is_loss, path if a == user else path[::-1]))


# Places in pixels.


def _place(grid: Grid) -> None:
    """Give each cell its height on the page: as near to its neighbours as its band and the order allow."""
    y = float(_MARGIN)
    for band in grid.bands:
        head = _BAND_HEAD if band else 0.0
        inner = max(_tall(grid, column, band) for column in range(len(grid.columns)))
        grid.top[band], grid.bottom[band] = y + head + _BAND_PADDING, y + head + _BAND_PADDING + inner
        y = grid.bottom[band] + _BAND_PADDING + _BAND_GAP
    for column in grid.columns:
        for band in grid.bands:
            _stack(grid, [grid.cells[id_] for id_ in column if grid.cells[id_].band == band], band)
    for sweep in range(6):
        columns = grid.columns if sweep % 2 == 0 else grid.columns[::-1]
        for column in columns:
            for band in grid.bands:
                _draw_near(grid, [grid.cells[id_] for id_ in column if grid.cells[id_].band == band], band)


def _tall(grid: Grid, column: int, band: str) -> float:
    heights = [grid.cells[id_].height for id_ in grid.columns[column] if grid.cells[id_].band == band]
    return sum(heights) + _BOX_GAP * max(0, len(heights) - 1)


def _stack(grid: Grid, cells: Sequence[Cell], band: str) -> None:
    """Put cells below one another, in the middle of their band."""
    tall = sum(cell.height for cell in cells) + _BOX_GAP * max(0, len(cells) - 1)
    y = (grid.top[band] + grid.bottom[band] - tall) / 2
    for cell in cells:
        cell.y = y
        y += cell.height + _BOX_GAP


def _draw_near(grid: Grid, cells: Sequence[Cell], band: str) -> None:
    """Move cells towards their neighbours, in their order and without touching."""
    wanted = []
    for cell in cells:
        beside = [grid.cells[id_] for id_ in (*cell.left, *cell.right)]
        middle = sum(each.y + each.height / 2 for each in beside) / len(beside) if beside else cell.y + cell.height / 2
        wanted.append(middle - cell.height / 2)
    y = grid.top[band]
    for cell, at in zip(cells, wanted, strict=True):
        cell.y = max(at, y)
        y = cell.y + cell.height + _BOX_GAP
    limit = grid.bottom[band]
    for cell in reversed(cells):
        cell.y = min(cell.y, limit - cell.height)
        limit = cell.y - _BOX_GAP


def _x(column: int) -> float:
    return _MARGIN + _BAND_PADDING + column * (BOX_WIDTH + COLUMN_GAP)


def _drawn(picture: MapPicture, grid: Grid, before: int) -> MapLayout:
    boxes = tuple(
        Box(node, lines_of(node.name), _x(cell.column), round(cell.y, 1), cell.height)
        for node in picture.nodes
        for cell in (grid.cells[node.id],)
    )
    frames = tuple(_frame(picture, grid, band) for band in grid.bands if band)
    bottom = max([*grid.bottom.values(), 0.0])
    return MapLayout(
        width=_x(max(0, len(grid.columns) - 1)) + BOX_WIDTH + _BAND_PADDING + _MARGIN,
        height=bottom + _BAND_PADDING + _MARGIN,
        boxes=boxes,
        frames=frames,
        arrows=tuple(Arrow(user, used, is_loss, _points(grid, path)) for user, used, is_loss, path in grid.routes),
        n_crossings=grid.n_crossings(),
        n_crossings_in_file_order=before,
    )


def _frame(picture: MapPicture, grid: Grid, band: str) -> Frame:
    """Return the frame of a site: over those columns in which it has boxes."""
    columns = [cell.column for cell in grid.cells.values() if cell.band == band and cell.node is not None]
    left, right = _x(min(columns)) - _BAND_PADDING, _x(max(columns)) + BOX_WIDTH + _BAND_PADDING
    top, bottom = grid.top[band] - _BAND_PADDING - _BAND_HEAD, grid.bottom[band] + _BAND_PADDING
    return Frame(band, picture.sites.get(band, band), left, top, right - left, bottom - top)


def _points(grid: Grid, path: Sequence[str]) -> tuple[Point, ...]:
    """Return where an arrow runs: out of its first box, along the ways, into its last box."""
    cells = [grid.cells[id_] for id_ in path]
    is_to_right = cells[0].column < cells[-1].column
    points: list[Point] = []
    for i, cell in enumerate(cells):
        x, y = _x(cell.column), cell.y + cell.height / 2
        near, far = (x, x + BOX_WIDTH) if is_to_right else (x + BOX_WIDTH, x)
        points += [(near, y)] if i else []
        points += [(far, y)] if i < len(cells) - 1 else []
    if cells[0].column == cells[-1].column:  # a circle: out of the right side and back into it
        points = [(_x(cells[0].column) + BOX_WIDTH, cell.y + cell.height / 2) for cell in cells]
    return tuple((round(x, 1), round(y, 1)) for x, y in points)

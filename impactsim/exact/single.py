"""Every single point of failure of many services at once: the minimal cut sets of order 1 (S8).

Theory of operation. Two ways, by how much goes down. As long as an event takes down little on average, each is followed by
itself (`propagation.py`). From where that gets dear, the remaining events are taken together, a bit of an integer for
each (`lanes.py`): in blocks, so that memory stays bounded, and in the order of the components that they hit, so that the
events of a block hit neighbours and reach few others. Both ways give the same. Following is twice as fast where an
event takes down two or three, and many times slower where it takes down hundreds (tests/benchmarks/single_points.py).
"""

from __future__ import annotations

from array import array
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import compress
from typing import NamedTuple

from impactsim.compiled import Causes, Compiled, Ints
from impactsim.exact.lanes import Rows
from impactsim.exact.propagation import Criterion, Propagation

_MOST_BITS = 1 << 13
_MOST_LANE_BYTES = 1 << 26
"""Events in a block: as many as make the lanes of all components fit in 64 MiB, at most 8,192, at least 512."""
_SPREAD = 8
"""Events are followed by themselves only if at least one component in so many is a target: else most of the way is in vain."""
_PATIENCE = 256
"""So many events' worth of damage is granted at the start."""
_OVERHEAD_BITS = 1 << 10
"""What an integer costs besides its bits, with its place in a dictionary."""
_BITS_OF_EVENT = 32
_FROM_DIGITS = bytes(digit == ord("1") for digit in range(256))
_BIT_OF_BYTE = [bytes(byte >> bit & 1 for byte in range(256)) for bit in range(8)]


def single_points(
    system: Compiled,
    causes: Causes,
    targets: Sequence[int],
    criterion: Criterion = Criterion.DOWN,
    events: Sequence[int] | None = None,
    *,
    follow: float = 12.0,
    block: int | None = None,
) -> SinglePoints:
    """Find, for each target, every event that takes it down (or degrades it) alone.

    Parameters
    ----------
    system, causes
        The system.
    targets
        Components, by number.
    criterion
        What counts as failed.
    events
        What can happen: components (by number) and common causes (the number of components plus theirs). Without them all;
        the workarounds among them take nothing down but themselves.
    follow, block
        How many components an event may take down on average to be followed by itself, and how many of the other events
        make a block (by default as many as memory allows). They change the cost, not the answer.

    Returns
    -------
    SinglePoints
        What was found. The failure of a target itself is one of its points, if it is an event.
    """
    propagation = Propagation(system, causes, criterion)
    if events is None:
        events = range(propagation.n_components + len(causes.strike_from) - 1)
    events = sorted(set(events))
    down_anyway = propagation.down(())
    found = SinglePoints(targets, down_anyway, block or _block_for(propagation.n_components))
    n_followed = 0
    if not down_anyway and len(found.targets) * _SPREAD >= propagation.n_components:
        n_followed = _follow(propagation, events, follow, found)
    if n_followed < len(events):
        _take_together(propagation, events[n_followed:], down_anyway, found)
    return found


def _follow(propagation: Propagation, events: Ints, most_on_average: float, found: SinglePoints) -> int:
    """Follow events as long as they take down little on average; return how many were followed."""
    damage = 0
    for done, event in enumerate(events):
        if damage > most_on_average * (done + _PATIENCE):
            return done
        down = propagation.down_after(propagation.struck(event))
        damage += len(down)
        found.add_event(event, down)
    return len(events)


def _take_together(propagation: Propagation, events: Ints, down_anyway: set[int], found: SinglePoints) -> None:
    """Work out the lanes of events, block by block."""
    rows = Rows(propagation.system, propagation.criterion, found.targets, down_anyway)
    placed = rows.in_order(propagation, events)
    size = found.block_size
    for start in range(0, len(placed), size):
        own: dict[int, int] = {}
        for bit, (_, struck) in enumerate(placed[start : start + size]):
            for component in struck:
                own[component] = own.get(component, 0) | 1 << bit
        found.begin_block([event for event, _ in placed[start : start + size]])
        for component, lane in rows.lanes_of(own, (1 << size) - 1):
            found.add_lane(component, lane)


def _block_for(n_components: int) -> int:
    """Return how many events make a block in a system of this size."""
    return max(1 << 9, min(_MOST_BITS, _MOST_LANE_BYTES * 8 // max(1, n_components)))


class SinglePoints:
    """The single points of failure of some components, and what each of them takes down.

    Where a target has few of the events of a block they are listed, where it has many they are bits: at most 4 bytes for
    each pair of a target and one of its points, and an eighth of a byte for each pair of a target and an event.

    Parameters
    ----------
    targets
        What was asked about.
    down_anyway
        Components that are down before anything happens.
    block_size
        How many events make a block.
    """

    def __init__(self, targets: Iterable[int], down_anyway: Container[int], block_size: int) -> None:
        self.targets = sorted(set(targets))
        """What was asked about, by number."""
        self.down_anyway = [target for target in self.targets if target in down_anyway]
        """Targets that are down before anything happens: a need of theirs, or of what they need, is never met."""
        self.block_size = block_size
        self._few = {target: array("i") for target in self.targets}
        self._blocks: list[_Block] = []
        self._few_of_event: dict[int, array[int]] = {}
        self._place_of: dict[int, tuple[int, int]] = {}
        self._is_turned = False
        self._columns = _Columns(-1, {}, 0)

    def of(self, target: int) -> Ints:
        """Return the events that take a target down alone, by number; none if it is down anyway."""
        found = self._few[target].tolist()
        for block in self._blocks:
            if target in block.lanes:
                found.extend(_events_of(block, block.lanes[target]))
        return sorted(found)

    def count(self, target: int) -> int:
        """Return how many events take a target down alone."""
        many = sum(block.lanes[target].bit_count() for block in self._blocks if target in block.lanes)
        return len(self._few[target]) + many

    def takes_down(self, event: int) -> Ints:
        """Return the targets that an event takes down alone, by number; without those that are down anyway.

        The first call turns the table round. Where much goes down this is cheap only for the events in the order of
        `events`: one block of them is turned round at a time.
        """
        if not self._is_turned:
            self._turn()
        found = self._few_of_event.get(event, array("i")).tolist()
        block, bit = self._place_of.get(event, (-1, 0))
        if block >= 0 and self._blocks[block].lanes:
            if self._columns.block != block:
                self._columns = _Columns(block, self._blocks[block].lanes, self.block_size)
            found.extend(self._columns.rows_with(bit))
        return sorted(found)

    @property
    def events(self) -> Ints:
        """The events that may take a target down, in the order in which `takes_down` is cheap."""
        if not self._is_turned:
            self._turn()
        return list(dict.fromkeys((*self._place_of, *sorted(self._few_of_event))))

    def add_event(self, event: int, down: Iterable[int]) -> None:
        """Add what one event takes down."""
        few = self._few
        for component in down:
            if component in few:
                few[component].append(event)

    def begin_block(self, events: Ints) -> None:
        """Begin a block of events, to which the lanes belong that are added from now on."""
        self._blocks.append(_Block(events, {}))

    def add_lane(self, component: int, lane: int) -> None:
        """Add the events of this block that take a component down, if it is a target."""
        few = self._few.get(component)
        if few is None:
            return
        block, n_events = self._blocks[-1], lane.bit_count()
        if n_events == 1:
            few.append(block.events[lane.bit_length() - 1])
        elif n_events * _BITS_OF_EVENT <= lane.bit_length() + _OVERHEAD_BITS:
            few.extend(_events_of(block, lane))
        else:
            block.lanes[component] = lane

    def _turn(self) -> None:
        self._is_turned = True
        turned = self._few_of_event
        for target, events in self._few.items():
            for event in events:
                if event in turned:
                    turned[event].append(target)
                else:
                    turned[event] = array("i", (target,))
        for number, block in enumerate(self._blocks):
            self._place_of.update((event, (number, bit)) for bit, event in enumerate(block.events))


class _Block(NamedTuple):
    """Events that were taken together."""

    events: Ints
    """The event of each bit."""
    lanes: dict[int, int]
    """The lanes of the targets that have many."""


class _Columns:
    """The lanes of one block as a matrix of bytes, to be read by columns."""

    def __init__(self, block: int, lanes: dict[int, int], bits: int) -> None:
        self.block = block
        self._rows = list(lanes)
        self._width = (bits + 7) // 8
        self._bytes = b"".join(lane.to_bytes(self._width, "little") for lane in lanes.values())

    def rows_with(self, bit: int) -> Iterator[int]:
        """Return the components that have a bit."""
        place, within = divmod(bit, 8)
        return compress(self._rows, self._bytes[place :: self._width].translate(_BIT_OF_BYTE[within]))


def _events_of(block: _Block, lane: int) -> Iterable[int]:
    """Return the events whose bits are set."""
    if lane.bit_count() * 64 < lane.bit_length():
        return [block.events[bit] for bit in _ones(lane)]
    digits = f"{lane:b}".encode().translate(_FROM_DIGITS)
    return compress(block.events, reversed(digits))


def _ones(lane: int) -> Ints:
    """Return the bits that are set, the highest first."""
    found = []
    while lane:
        highest = lane.bit_length() - 1
        found.append(highest)
        lane ^= 1 << highest
    return found

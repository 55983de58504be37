"""Jobs of others that a crew has to do when a run begins (S5.5.1).

They are no faults and no components: all that they do is to keep members of their crew. Theory of operation: the members who
are on jobs of others are known by the times at which these end, in a binary heap of the crew's own (Williams 1964, Algorithm
232) that stands in ``others_end`` from ``backlog_from[crew]`` on. Nobody looks at them until a job of ours comes to that crew;
then `work_off` plays what has happened since the last look. A timer is set only while a job of ours that could be
worked on stands in line (``repair.send_crew``). So a backlog costs nothing where nobody waits for its crew, and keeps no run alive.
"""

from __future__ import annotations

from impactsim.compiled import Compiled
from impactsim.engine.state import State


def work_off(system: Compiled, state: State, crew: int, now: int) -> None:
    """Let the members who work for others go on from job to job until `now`; whose job ends just now is free.

    Since the last look nobody of ours that goes first stood in line, or a timer would have called the crew.
    """
    first = system.backlog_from[crew]
    if first == system.backlog_from[crew + 1]:
        return
    if state.next_other[crew] < 0:
        state.next_other[crew] = first
        if now > 0:
            _begin_all(system, state, crew)
    while state.others[crew] > 0 and state.others_end[first] <= now:
        ended_ms = state.others_end[first]
        _leave_first(system, state, crew)
        if ended_ms < now and others_wait(system, state, crew):
            begin_other(system, state, crew, ended_ms)


def _begin_all(system: Compiled, state: State, crew: int) -> None:
    """Let all members begin at the start of the run, at which nobody of ours was there."""
    while state.others[crew] < system.crew_size[crew] and others_wait(system, state, crew):
        begin_other(system, state, crew, 0)


def others_wait(system: Compiled, state: State, crew: int) -> bool:
    """Is there a job of others that no member works on yet?"""
    return 0 <= state.next_other[crew] < system.backlog_from[crew + 1]


def begin_other(system: Compiled, state: State, crew: int, at_ms: int) -> None:
    """Let a free member take the next job of others; none takes less than a millisecond."""
    ends_ms = at_ms + max(1, system.backlog_ms[state.next_other[crew]])
    state.next_other[crew] += 1
    first = system.backlog_from[crew]
    place = state.others[crew]
    state.others[crew] += 1
    while place > 0 and state.others_end[first + ((place - 1) >> 1)] > ends_ms:
        parent = (place - 1) >> 1
        state.others_end[first + place] = state.others_end[first + parent]
        place = parent
    state.others_end[first + place] = ends_ms


def _leave_first(system: Compiled, state: State, crew: int) -> None:
    """Take away the job of others that ends first."""
    first, size = system.backlog_from[crew], state.others[crew] - 1
    state.others[crew] = size
    ends_ms = state.others_end[first + size]
    place, child = 0, 1
    while child < size:
        if child + 1 < size and state.others_end[first + child + 1] < state.others_end[first + child]:
            child += 1
        if state.others_end[first + child] >= ends_ms:
            break
        state.others_end[first + place] = state.others_end[first + child]
        place, child = child, 2 * child + 1
    if size > 0:
        state.others_end[first + place] = ends_ms

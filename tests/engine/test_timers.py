"""The heap of timers with places, against a dictionary and `heapq`."""

from __future__ import annotations

import heapq
import random

from impactsim.compiler import compile_system
from impactsim.engine.state import N_HEAP, State, cancel_timer, new_state, set_timer
from impactsim.model.system import System


def empty_state(components: int) -> State:
    words = {"impactsim": 1, "name": "Timers", "components": {f"c{i}": {} for i in range(components)}}
    return new_state(compile_system(System.model_validate(words))[0])


def check_heap(state: State, due: dict[int, int]) -> None:
    size = state.tally[N_HEAP]
    heap = state.heap[:size]
    assert sorted(heap) == sorted(due)
    assert {timer: place for timer, place in enumerate(state.heap_place) if place >= 0} == {
        timer: place for place, timer in enumerate(heap)
    }
    assert all(state.timer_at[heap[(place - 1) // 2]] <= state.timer_at[heap[place]] for place in range(1, size))


def test_the_first_timer_is_always_that_of_heapq() -> None:
    rng = random.Random("timers")
    for components in (1, 2, 5, 40):
        state = empty_state(components)
        due: dict[int, int] = {}
        for _ in range(3000):
            # Few different times, so that many are due at once.
            timer, at_ms = rng.randrange(2 * components), rng.randrange(25)
            match rng.choice(("set", "set", "set", "cancel", "take")):
                case "set":
                    set_timer(state, timer, at_ms)
                    due[timer] = at_ms
                case "cancel":
                    cancel_timer(state, timer)
                    due.pop(timer, None)
                case "take" if due:
                    first = state.heap[0]
                    assert state.timer_at[first] == min(due.values())
                    cancel_timer(state, first)
                    del due[first]
            check_heap(state, due)


def test_timers_come_out_in_the_order_of_heapq() -> None:
    rng = random.Random("order")
    state = empty_state(500)
    times = [rng.randrange(300) for _ in range(1000)]
    for timer, at_ms in enumerate(times):
        set_timer(state, timer, 1000 - at_ms)
        set_timer(state, timer, at_ms)
    heapq.heapify(times)
    expected = [heapq.heappop(times) for _ in range(len(times))]
    taken = []
    while state.tally[N_HEAP]:
        taken.append(state.timer_at[state.heap[0]])
        cancel_timer(state, state.heap[0])
    assert taken == expected


def test_to_cancel_what_is_not_set_does_nothing() -> None:
    state = empty_state(3)
    set_timer(state, 1, 5)
    cancel_timer(state, 2)
    cancel_timer(state, 1)
    cancel_timer(state, 1)
    check_heap(state, {})

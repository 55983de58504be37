"""The search for starts by hand: what it costs, that what it tries leaves no trace, and that its hitting sets are smallest."""

from __future__ import annotations

import random
from itertools import combinations

from exact.restarts import random_components, system_of, to
from impactsim.compiler import compile_system
from impactsim.exact.coldstart import ColdStart
from impactsim.exact.hitting import hitting_set


def test_the_cost_of_a_long_chain_grows_with_its_length() -> None:
    def work(n: int) -> int:
        chain = {f"c{i}": {"needs": [to("stay_up", f"c{i - 1}")] if i else []} for i in range(n)}
        state = ColdStart(compile_system(system_of(chain))[0])
        assert len(state.run()) == n
        return state.work

    assert work(2000) <= 2.1 * work(1000)


def test_what_a_search_tried_leaves_no_trace() -> None:
    for seed in range(300):
        rng = random.Random(f"undo {seed}")
        system, _ = compile_system(system_of(random_components(rng, 8)))
        tried, fresh = ColdStart(system), ColdStart(system)
        tried.run()
        fresh.run()
        moment = tried.moment()
        for _ in range(3):
            for _ in range(3):
                tried.waive(rng.sample(range(len(tried.runs)), 2))
                if rng.random() < 0.3:
                    tried.drop([need for need in range(len(tried.have)) if rng.random() < 0.1])
                tried.run()
            tried.go_back(moment)
            assert picture(tried) == picture(fresh)
        chosen = rng.sample(range(len(tried.runs)), 2)
        for state in (tried, fresh):
            state.waive(chosen)
            state.run()
        assert picture(tried) == picture(fresh)


def picture(state: ColdStart) -> tuple[object, ...]:
    arrays = (state.runs, state.serves, state.waived, state.dropped)
    return (*map(bytes, arrays), list(state.have), [list(each) for each in state.unmet], list(state._together))


def test_hitting_sets_are_smallest() -> None:
    rng = random.Random(7)
    for _ in range(200):
        sets = [rng.sample(range(8), rng.randint(1, 4)) for _ in range(rng.randint(1, 8))]
        sizes = (size for size in range(9) for c in combinations(range(8), size) if all(set(c) & set(s) for s in sets))
        found = hitting_set(sets, 9)
        assert found is not None
        assert len(found) == next(sizes)
        assert all(set(found) & set(each) for each in sets)

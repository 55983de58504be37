"""What goes down with what: what is kept between questions changes no answer."""

from __future__ import annotations

import random

import pytest

from agreement.random_systems import random_case
from impactsim.audit.estate import Estate
from impactsim.compiled import REPAIR
from impactsim.exact.propagation import Criterion, Propagation
from impactsim.files.reading import validate_system


@pytest.mark.parametrize("criterion", list(Criterion))
def test_a_need_that_changes_is_looked_at_again(criterion: Criterion) -> None:
    n_changed = 0
    for seed in range(60):
        estate = Estate(validate_system(random_case(seed)[0]).system)
        system = estate.compiled._replace(need_purpose=list(estate.compiled.need_purpose))
        kept = Propagation(system, estate.causes, criterion)
        before = [kept.down([event]) for event in range(estate.n_events)]
        need = random.Random(seed).randrange(len(system.need_component)) if system.need_component else -1
        if need < 0 or kept.down([]):
            continue
        system.need_purpose[need] = REPAIR
        kept.look_again(need)
        after = [kept.down([event]) for event in range(estate.n_events)]
        assert after == [
            Propagation(system, estate.causes, criterion).down([event]) for event in range(estate.n_events)
        ]
        n_changed += after != before
        system.need_purpose[need] = estate.compiled.need_purpose[need]
        kept.look_again(need)
        assert [kept.down([event]) for event in range(estate.n_events)] == before
    assert n_changed > 5


def test_events_together_take_down_what_neither_does_alone() -> None:
    components = {
        "a": {"kind": "host"},
        "b": {"kind": "host"},
        "shop": {"needs": [{"any_of": ["a", "b"], "to": "run"}]},
    }
    estate = Estate(validate_system({"impactsim": 1, "name": "Test", "components": components}).system)
    assert [estate.down(0), estate.down(1), estate.down(0, 1), estate.down(1, 0)] == [{0}, {1}, {0, 1, 2}, {0, 1, 2}]

"""Where every need is of one component, the best way is a widest path: held against one that is found by trying all."""

from __future__ import annotations

import random

import pytest

from impactsim.model.provenance import SURENESS, Confidence
from impactsim.model.system import System
from impactsim.rests.footing import Below, Footing
from rests.systems import system_of

WORDS: tuple[Confidence, ...] = ("declared", "observed", "guessed")


def random_system(rng: random.Random) -> System:
    """Return services that need one another at random, circles included."""
    names = [f"c{i}" for i in range(12)]
    return system_of(
        {
            name: {
                "confidence": rng.choice(WORDS),
                "needs": [
                    {"component": member, "confidence": rng.choice(WORDS)}
                    for member in rng.sample([each for each in names if each != name], rng.randint(0, 2))
                ],
            }
            for name in names
        }
    )


def widths(system: System, hit: set[str]) -> dict[str, int]:
    """Return how wide the widest way from the hits is to each component, by passing widths on until none grows."""
    own = {name: SURENESS[each.confidence] for name, each in system.components.items()}
    found = {name: own[name] for name in hit}
    for _ in system.components:
        for name, component in system.components.items():
            for need in component.needs:
                (member,) = need.members()
                if member in found and need.confidence is not None:
                    width = min(found[member], SURENESS[need.confidence], own[name])
                    found[name] = max(width, found.get(name, -1))
    return found


@pytest.mark.parametrize("seed", range(200))
def test_the_best_way_is_the_widest_path(seed: int) -> None:
    rng = random.Random(seed)
    system = random_system(rng)
    hit = set(rng.sample(list(system.components), 2))
    expected = widths(system, hit)
    rests = Footing(system).rests(hit, {name: Below(1, 0, was_down=True) for name in expected})
    assert rests is not None
    assert {name: SURENESS[word] for name, word in rests.sure.items()} == expected

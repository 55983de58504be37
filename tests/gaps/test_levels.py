"""What is lost in part, against a run of the same failure."""

from __future__ import annotations

import random
from typing import Any

import pytest

import impactsim
from impactsim.files.reading import validate_system
from impactsim.gaps.levels import LEAST
from impactsim.gaps.losses import Losses


def random_system(seed: int) -> dict[str, Any]:
    """Return a system with soft needs, pools, standbys, quorums and circles."""
    draw = random.Random(seed)
    names = [f"c{i}" for i in range(12)]
    components: dict[str, Any] = {}
    for place, name in enumerate(names):
        others = [each for each in names if each != name] if draw.random() < 0.2 else names[:place]
        needs = []
        for _ in range(draw.randint(0, 2)):
            members = draw.sample(others, min(len(others), draw.randint(1, 3)))
            if not members:
                continue
            form = draw.choice(["all_of", "any_of", "pool", "at_least"])
            need: dict[str, Any] = {form: members}
            if form == "at_least":
                need = {"at_least": draw.randint(1, len(members)), "of": members}
            elif form == "pool":
                need = {"pool": dict.fromkeys(members, 4), "demand": draw.choice([3, 4]) * len(members)}
            needs.append({**need, "to": "run", "impact": draw.choice([1.0, 1.0, 0.5, 0.2])})
        components[name] = {"kind": "tool", "needs": needs}
    return {"impactsim": 1, "name": "x", "components": components}


@pytest.mark.parametrize("seed", range(40))
def test_levels_are_those_of_a_run(seed: int) -> None:
    data = random_system(seed)
    losses = Losses(validate_system(data).system)
    for event, name in enumerate(data["components"]):
        lost = dict(losses.of(event).items())
        run = impactsim.run({"impactsim": 1, "name": "x", "system": data, "events": [{"fail": name}]})
        for number, facts in enumerate(run.facts.components.values()):
            assert 1.0 - lost.get(number, 0.0) == pytest.approx(facts.levels[-1][1], abs=2 * LEAST)


def test_some_of_them_lose_a_part() -> None:
    parts = [
        share
        for seed in range(40)
        for losses in [Losses(validate_system(random_system(seed)).system)]
        for event in range(12)
        for share in losses.of(event).partly.values()
    ]
    assert len(parts) > 100

from __future__ import annotations

from impactsim.audit.estate import Estate
from impactsim.files.reading import validate_system


def test_the_population_holds_the_people_of_the_segments():
    words = {
        "components": {"shop": {}, "library": {"users": 200}},
        "users": {"buyers": {"count": 1000, "uses": ["shop"]}},
    }
    system = validate_system({"impactsim": 1, "name": "Town", "population": 70_000, **words}).system
    assert Estate(system).people == 70_000
    # Where nobody says how many there are in all, those who are known are added up.
    system = validate_system({"impactsim": 1, "name": "Town", **words}).system
    assert Estate(system).people == 1_200

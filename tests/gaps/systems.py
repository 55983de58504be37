"""Small systems of which a few facts are missing, and what was found in them."""

from __future__ import annotations

from typing import Any

from impactsim.files.reading import validate_system
from impactsim.gaps.facts import Gap, GapsFacts
from impactsim.gaps.whole import gaps_of

NEVER = {"fails": {"probability": 0}}
"""What never fails by itself: no event, so that nothing has to be known of it."""
SHOPPERS = {"people": {"count": 1000, "uses": ["shop"]}}
SHORT, LONG = 15, 1440
"""Minutes that a restore plausibly takes where no typical value speaks of it."""


def fails(per_year: float, hours: float, **words: Any) -> dict[str, Any]:
    """Return a component of which rate and time to restore are known."""
    return {"fails": {"per_year": per_year}, "time_to_restore": f"{hours:g}h", **words}


def found_in(components: dict[str, Any], users: dict[str, Any] | None = None, **more: Any) -> GapsFacts:
    """Return what is missing in a system, whose 1,000 users all use the shop unless `users` says otherwise."""
    data = {
        "impactsim": 1,
        "name": "x",
        "components": components,
        "users": SHOPPERS if users is None else users,
        **more,
    }
    return gaps_of(validate_system(data).system)


def ids(facts: GapsFacts, kind: str = "") -> list[str]:
    """Return the ids of gaps, of one kind or of all."""
    return [gap.id for gap in facts.gaps if gap.kind.startswith(kind)]


def only(facts: GapsFacts, kind: str) -> Gap:
    """Return the one gap of a kind."""
    (gap,) = [each for each in facts.gaps if each.kind == kind]
    return gap

"""Components that may not be what they are said to be: of unknown kind, or guessed."""

from __future__ import annotations

from collections.abc import Iterator

from impactsim.gaps.facts import Line, Part
from impactsim.gaps.followed import Followed
from impactsim.gaps.losses import Losses
from impactsim.gaps.need_words import confirmation_of
from impactsim.gaps.words import asked_in_words, users_in_words, whom_of
from impactsim.quantities import about_duration


def parts(losses: Losses, followed: Followed) -> Iterator[Part]:
    """Yield the components of unknown kind, and those that are only guessed; what they need is asked about need by need."""
    for component, found in enumerate(losses.components):
        if found.kind == "unknown":
            text, ask, key = "nobody says what {name} is", "what is {name}, who runs it, and what does it need", "kind"
            yield _part(losses, followed, component, ("unknown-kind", text, ask, key))
        elif found.confidence == "guessed":
            text, ask = (
                "it is only guessed that there is {name}, and what is said of it",
                "is there {name}, and can it fail",
            )
            yield _part(losses, followed, component, ("guessed", text, ask, "fails"))


def _part(losses: Losses, followed: Followed, component: int, words: tuple[str, str, str, str]) -> Part:
    kind, text, ask, key = words
    name, found, whom = losses.ids[component], losses.components[component], whom_of(losses, component)
    minutes = losses.minutes(component) if losses.estate.chances[component].can_fail else 0.0
    users = followed.users_of(component)
    value = "service" if key == "kind" else "{per_year: 0.5}"
    how = "or provider, host, data" if key == "kind" else "or {probability: 0} if it cannot fail"
    return Part(
        kind,
        name,
        found.kind,
        whom,
        low=0.0,
        high=minutes * users,
        text=text.format(name=name),
        ask=ask.format(name=name),
        components=(name,),
        evidence=(
            f"{users_in_words(losses, users)} while it is down, for {about_duration(minutes * 60_000)} a year",
            "nobody does if it is not there",
        ),
        origin=found.origin,
        lines=(
            Line(name, key, value, comment=f"ask {asked_in_words(whom)}: {how}"),  # type: ignore[arg-type]
            *([confirmation_of(name)] if found.confidence == "guessed" else []),
        ),
    )

"""Questions about needs in words, and what to fill in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from impactsim.audit.single_points import listed
from impactsim.compiled import GROUP
from impactsim.gaps.facts import Line
from impactsim.gaps.fill_in import flow, plain
from impactsim.gaps.followed import Answer
from impactsim.gaps.losses import Losses
from impactsim.gaps.questions import Question
from impactsim.gaps.words import time_in_words, users_in_words
from impactsim.model.system import Need
from impactsim.quantities import about_count, about_share

_MINUTE_MS = 60_000
_NOT_SAID = {"impact", "confidence", "origin", "seen"}
"""What is asked about, and what an import noted."""


def texts_of(kind: str, owners: Sequence[str], members: Sequence[str], is_about_backup: bool) -> tuple[str, str]:
    """Return what is missing, and the question."""
    who, what = listed(owners), listed(members)
    need, do, have = ("needs", "does", "has") if len(owners) == 1 else ("need", "do", "have")
    was = "was" if len(owners) == 1 else "were"
    match kind:
        case "single-feed":
            return f"{what} is the only supply that {who} {have}", f"{do} {who} really have no second besides {what}"
        case "seen-not-declared":
            ask = f"is {who} down without {what}, only worse, or as good as ever"
            return f"{who} {was} seen to need {what}, and nobody who knows has confirmed it", ask
        case "declared-never-seen":
            return f"{who} {need} {what} as declared, and was never seen to call it", f"{do} {who} still need {what}"
        case "queue-without-buffer":
            ask = f"how long can work of {who} wait for {what} before users notice"
            return f"work of {who} waits for {what}, and nobody says how long it can", ask
        case "replicas-needed":
            return (
                f"it is only guessed how many of {what} {who} {need}",
                f"with how many of {what} {do} {who} still serve all",
            )
    if is_about_backup:
        others = listed(members[1:])
        text = f"it is only guessed that {who} can do with {others} instead of {members[0]}"
        return text, f"can {who} do without {members[0]}"
    return f"it is only guessed that {who} {need} {what}", f"{do} {who} need {what}"


def evidence_of(losses: Losses, question: Question, answer: Answer) -> Iterator[str]:
    """Yield what the value rests on."""
    down = time_in_words(answer.minutes * _MINUTE_MS)
    members = [losses.ids[each] for each in losses.members(question.needs[0])]
    what, be = listed(members), "is" if len(members) == 1 else "are"
    if question.is_about_backup:
        is_group = losses.estate.compiled.need_form[question.needs[0]] == GROUP
        what, be = (members[0], "is") if is_group else (f"some of {what}", "are")
    if answer.is_bound:
        yield f"how many are hit for {down} a year in which {what} {be} down was too much to work out: at most as told"
    else:
        more = users_in_words(losses, answer.users_with - answer.users_without)
        yield f"{more} or not, for {down} a year in which {what} {be} down"
    for need in question.needs[:1]:
        seen = losses.estate.names.needs[need].seen
        calls = "" if seen is None or seen.calls is None else f"{about_count(seen.calls)} calls"
        share = "" if seen is None or seen.share is None else f"{about_share(seen.share)} of what it served itself"
        if calls or share:
            yield f"seen: {', '.join(each for each in (calls, share) if each)}"


def lines_of(kind: str, owner: str, need: Need) -> Iterator[Line]:
    """Yield what to fill in for one need: proposals of which one is true, and none of which is asked about again."""
    hard, members = confirmed(need), ", ".join(map(flow, need.members()))
    soft = f"{{component: {members}, impact: 20%, confidence: declared}}" if len(need.members()) == 1 else ""
    match kind:
        case "single-feed":
            both = f"{{any_of: [{members}, WHAT], confidence: declared}}"
            yield Line(owner, "needs", both, f"if there is a second besides {members}")
            yield Line(owner, "needs", hard, "if there is none")
        case "queue-without-buffer":
            yield Line(owner, "needs", f"{{component: {members}, holdover: 4h}}", "if users notice after so long")
            yield Line(owner, "does_not_need", f"[{members}]", "if they never do")
        case "replicas-needed":
            yield Line(owner, "needs", hard, "with the number that is needed")
        case "declared-never-seen":
            yield Line(owner, "needs", hard, "if it is still needed")
            yield Line(owner, "does_not_need", f"[{members}]", "if it is not")
        case _:
            yield Line(owner, "needs", hard, f"if it is down without {members}")
            if soft:
                yield Line(owner, "needs", soft, "if it is only worse")
            yield Line(owner, "does_not_need", f"[{members}]", "if it can do without")


def site_lines_of(owner: str, site: str) -> Iterator[Line]:
    """Yield what to fill in for a guessed site: it is as sure as what stands there."""
    yield confirmation_of(owner)
    yield Line(owner, "does_not_need", f"[{flow(site)}]", "if it can do without")


def confirmation_of(component: str) -> Line:
    """Return the line that says of a component that it is no guess."""
    return Line(component, "confidence", "declared", "if it is there, and what is said of it is true")


def confirmed(need: Need) -> str:
    """Return a need as YAML as somebody who knows would write it: hard, declared, and without what an import noted."""
    data = {key: value for key, value in plain(need).items() if key not in _NOT_SAID}
    return flow({**data, "confidence": "declared"})

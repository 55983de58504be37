"""The answer of many trials in a few lines that a planner can repeat."""

from __future__ import annotations

import math
from collections.abc import Sequence

from impactsim.engine.users import Range
from impactsim.quantities import about_duration
from impactsim.reports.headline import Line
from impactsim.reports.sampled.facts import SampledComponent, SampledFacts, SampledPeople
from impactsim.reports.sampled.page import SampledPage, others_of, services_of
from impactsim.reports.sampled.words import chance_in_words, is_one_value, mean_of_people, time_in_words
from impactsim.reports.words import bounds, clean, counted, joined, people, range_of_people
from impactsim.trials.estimates import Chance, Estimate

_N_NAMES = 3
_FEW_TRIALS = 30


def sampled_headline(page: SampledPage) -> list[Line]:
    """Return the answer: what goes down and how often, who is affected, when it is over, and what is worse."""
    return [
        _services_line(page),
        *_users_lines(page),
        _restored_line(page),
        *_data_lines(page),
        *_how_sure(page.facts),
    ]


def trials_of(facts: SampledFacts) -> str:
    """Return the number of trials in words."""
    return counted(facts.n_trials, "trial")


def main_of(people: SampledPeople) -> Estimate:
    """Return the estimate, or the upper bound where there is none."""
    return people.high if people.estimate is None else people.estimate


def is_bounded(people: SampledPeople) -> bool:
    """Tell whether the bounds say more than the estimate: they are not the same in all trials."""
    low, high = people.low, people.high
    return not (math.isclose(low.mean, high.mean, rel_tol=1e-9, abs_tol=1e-6) and math.isclose(low.most, high.most))


def _services_line(page: SampledPage) -> Line:
    facts = page.facts
    word, n_all = ("service", len(facts.services)) if facts.services else ("component", facts.n_components)
    affected = services_of(facts) if facts.services else others_of(facts)
    title = clean(facts.scenario)
    down = [each for each in affected if each.down.p > 0.0]
    if not affected:
        never = f" in any of {trials_of(facts)}" if not facts.is_certain else ""
        return Line(f"{title}: no {word} is affected{never}", "up")
    if not down:
        often = f", {clean(affected[0].name)} in {_share(page, affected[0].affected)} of {trials_of(facts)}"
        text = f"{len(affected)} of {counted(n_all, word)} degraded, none down"
        return Line(f"{title}: {text}{'' if facts.is_certain else often}", "degraded")
    return Line(f"{title}: {_how_often(page, down, counted(n_all, word))}", "down")


def _how_often(page: SampledPage, down: Sequence[SampledComponent], of: str) -> str:
    """Say how many are down, in each trial and in some."""
    n, n_always = trials_of(page.facts), sum(each.down.p == 1.0 for each in down)
    if n_always == len(down):
        return f"{n_always} of {of} down in each of {n}"
    if n_always:
        return f"{n_always} of {of} down in each of {n}, {len(down) - n_always} more in some"
    likeliest = max(down, key=lambda each: each.down.p)
    return (
        f"{len(down)} of {of} down in some of {n}; most often {clean(likeliest.name)}, in {page.words(likeliest.down)}"
    )


def _users_lines(page: SampledPage) -> list[Line]:
    facts = page.facts
    if not facts.has_users:
        return [Line("Users affected: unknown, the system does not say who uses its services", "")]
    users = facts.users
    if users.affected.high.most <= 0.0:
        return [Line(f"Users affected: none{'' if facts.is_certain else ' in any trial'}", "")]
    of = f" of {people(facts.people, 3)}" if facts.people and main_of(users.affected).most < facts.people else ""
    affected = Line(f"Users affected: {_likely(page, users.affected, of)}", "")
    by_end = " by the end" if facts.not_restored.p > 0.0 else ""
    return [affected, Line(f"User-minutes lost{by_end}: {_likely(page, users.lost_user_minutes)}", "")]


def _likely(page: SampledPage, count: SampledPeople, of: str = "") -> str:
    """Write the range of eight trials in ten, and the mean."""
    if count.estimate is None and is_bounded(count):
        low, high = people(count.low.p10) if count.low.p10 > 0 else "none", people(count.high.p90)
        return f"most likely {low} to {high}{of} (by the bounds; 10% to 90% of {trials_of(page.facts)})"
    estimate = main_of(count)
    between = Range(count.low.mean, estimate.mean, count.high.mean)
    if is_one_value(estimate):
        return f"{range_of_people(between)}{of}{'' if page.facts.is_certain else ' in each trial'}"
    mean = f"mean {mean_of_people(estimate)}"
    if is_bounded(count):
        mean += f", bounds {bounds(between)}"
    if 0.0 < estimate.p90 < estimate.mean:
        mean += ", for a few are far worse"
    if estimate.p90 <= 0.0:
        return f"none in nine of ten trials, but up to {people(estimate.most)}{of} ({mean})"
    if estimate.p50 <= 0.0:
        return f"none in half of the trials, up to {people(estimate.p90)}{of} in nine of ten ({mean})"
    low, high = people(estimate.p10) if estimate.p10 > 0 else "none", people(estimate.p90)
    if low == high:
        return f"{high}{of} in most trials ({mean})"
    return f"most likely {low} to {high}{of} (10% to 90% of {trials_of(page.facts)}; {mean})"


def _restored_line(page: SampledPage) -> Line:
    facts = page.facts
    if not facts.services:
        return Line(f"The runs end after {time_in_words(facts.end_ms.p50)} in half of the trials", "")
    time = facts.restored_ms
    if time.most <= 0.0:
        return Line("Every service stayed up", "up")
    if facts.is_certain:
        text = (
            "NOT RESTORED by the end"
            if math.isinf(time.p50)
            else f"All services restored after {about_duration(time.p50)}"
        )
        return Line(text, "down" if math.isinf(time.p50) else "up")
    look = "up" if facts.not_restored.p == 0.0 else "down"
    if time.least == time.most and math.isinf(time.most):
        return Line(f"NOT RESTORED by the end in any of {trials_of(facts)}", "down")
    if math.isinf(time.p50):
        return Line(f"NOT RESTORED by the end in {page.words(facts.not_restored)} of the trials", "down")
    return Line(_when_restored(facts, time) + _not_restored(page), look)


def _when_restored(facts: SampledFacts, time: Estimate) -> str:
    """Say by when all is back: in half of the trials, in nine of ten, and at the longest."""
    if is_one_value(time):
        return f"All services restored after {about_duration(time.p50)} in each trial"
    half, most_of_them, longest = (
        time_in_words(ms) if math.isfinite(ms) else "" for ms in (time.p50, time.p90, time.most)
    )
    if time_in_words(time.least) == longest:
        return f"All services restored after about {longest} in each trial"
    if time.p50 > 0.0:
        text = f"All services restored after {half} in half of the trials"
    else:
        text = f"No service is disturbed in {chance_in_words(facts.undisturbed)} of the trials"
    if most_of_them and time.p90 > 0.0 and most_of_them != half:
        text += (
            f", {most_of_them} in nine of ten"
            if time.p50 > 0.0
            else f"; all restored after {most_of_them} in nine of ten"
        )
    if longest and longest != half:
        text += f", {longest} at the longest"
    return text


def _not_restored(page: SampledPage) -> str:
    chance = page.facts.not_restored
    return f"; NOT by the end in {page.words(chance)}" if chance.p > 0.0 else ""


def _data_lines(page: SampledPage) -> list[Line]:
    """Say what is lost for good, and how much of the rest."""
    lines = []
    lost = [each for each in page.facts.data.values() if each.lost_for_good.p > 0.0]
    if lost:
        listed = joined([f"{clean(each.name)}{_in(page, each.lost_for_good)}" for each in lost], _N_NAMES)
        lines.append(Line(f"LOST FOR GOOD, no copy is left: {listed}", "down"))
    losses = [
        f"{clean(each.name)}, {_last(page, each.loss_ms)}"
        for each in page.facts.data.values()
        if each.loss_ms is not None and each.loss_ms.most > 0.0
    ]
    if losses:
        lines.append(Line(f"DATA LOST: {joined(losses, _N_NAMES)}", "down"))
    return lines


def _in(page: SampledPage, chance: Chance) -> str:
    return "" if page.facts.is_certain else f" in {_share(page, chance)} of the trials"


def _share(page: SampledPage, chance: Chance) -> str:
    """Say in which share of the trials something happened that did happen."""
    return "each" if chance.p == 1.0 else page.words(chance)


def _last(page: SampledPage, loss: Estimate) -> str:
    if is_one_value(loss):
        return f"the last {about_duration(loss.mean)}"
    trials = "the trials" if loss.n == page.facts.n_trials else "the trials with a copy"
    return f"the last {time_in_words(loss.p50)} in half of {trials}, {time_in_words(loss.p90)} in nine of ten"


def _how_sure(facts: SampledFacts) -> list[Line]:
    """Say what limits the answer: an interruption, few trials, nothing to draw."""
    lines = []
    if not facts.is_complete:
        lines.append(Line(f"INCOMPLETE: interrupted after {facts.n_trials:,} of {facts.n_asked:,} trials", "degraded"))
    if facts.is_certain:
        lines.append(Line("Nothing in it is uncertain: each trial gives the same, and more of them add nothing", ""))
    elif facts.n_trials < _FEW_TRIALS:
        lines.append(Line(f"Only {trials_of(facts)}: too few to say much about chances and extremes", "degraded"))
    return lines

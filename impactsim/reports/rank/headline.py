"""The answer of a ranking in a few lines: the worst single failure, how many do harm, the worst pair."""

from __future__ import annotations

from impactsim.engine.users import Range
from impactsim.quantities import about_duration
from impactsim.reports.rank.facts import Ranked, RankFacts
from impactsim.reports.sampled.words import mean_of_people
from impactsim.reports.words import bounds, clean, counted, exact, is_exact, people, range_of_people


def rank_headline(facts: RankFacts) -> list[tuple[str, str]]:
    """Return the answer: lines, each with the name of its look."""
    if not facts.ranking:
        return [(f"{clean(facts.system)}: nothing to rank", "")]
    lines = [(_worst(facts, facts.ranking[0]), "heading"), (_how_many(facts), "")]
    if facts.pairs is not None:
        lines.append((_worst_pair(facts), ""))
    if facts.services_at_rest:
        lines.append((_at_rest(facts), "degraded"))
    if not facts.is_complete:
        lines.append((f"INCOMPLETE, it was interrupted: only {len(facts.ranking):,} failures were run", "down"))
    return lines


def _worst(facts: RankFacts, worst: Ranked) -> str:
    what = f"{clean(worst.name)}" + (f" ({worst.id})" if worst.name != worst.id else "")
    start = f"{clean(facts.system)}: if any one thing fails, the worst "
    if facts.service is not None:
        if worst.service_down_ms + worst.service_degraded_ms <= 0:
            return f"{clean(facts.system)}: no single failure takes {name_in(facts, facts.service)} down"
        if worst.service_is_never:
            return f"{start}for {name_in(facts, facts.service)} is {what}: it never comes back by itself"
        lasts = about_duration(worst.service_down_ms or worst.service_degraded_ms)
        how = "down" if worst.service_down_ms else "degraded"
        return f"{start}for {name_in(facts, facts.service)} is {what}: {how} for {lasts}"
    if facts.n_services == 0:
        return f"{clean(facts.system)}: there is no service in it, so nobody is known to be affected by any failure"
    if worst.hits_nobody:
        return f"{clean(facts.system)}: no single failure affects anybody"
    if facts.by == "yearly" and worst.lost_a_year is not None:
        unit = "user-minutes lost" if facts.has_users else "minutes of services down"
        return f"{start}in a year is {what}: {_rate(worst.per_year)} a year, {about(worst.lost_a_year)} {unit}"
    return f"{start}is {what}: {damage(facts, worst)}"


def damage(facts: RankFacts, worst: Ranked) -> str:
    """Say what a failure does, in one phrase."""
    if worst.hits_nobody:
        return "it reaches nobody"
    parts = []
    if facts.has_users:
        parts += [f"{range_of_people(worst.affected)} users affected", f"{lost_of(worst)} user-minutes lost"]
    if worst.services_down:
        parts.append(f"{mean_number(worst.services_down)} of {counted(facts.n_services, 'service')} down")
    elif worst.services_degraded:
        degraded = mean_number(worst.services_degraded)
        parts.append(f"{degraded} of {counted(facts.n_services, 'service')} degraded")
    if worst.is_never:
        parts.append("NOT RESTORED by itself")
    elif worst.longest_ms:
        how = "up to" if facts.trials == 1 else "a mean of"
        parts.append(f"down for {how} {about_duration(worst.longest_ms)}")
    return ", ".join(parts)


def _how_many(facts: RankFacts) -> str:
    ranking = facts.ranking
    n_causes = sum(bool(each.strikes) for each in ranking)
    text = f"{counted(len(ranking) - n_causes, 'component')}"
    text += f" and {counted(n_causes, 'common cause')}" if n_causes else ""
    in_trials = " in some trial" if facts.trials > 1 else ""
    alone = [each for each in ranking if each.takes_down_others and not each.strikes]
    text += f", each failing alone: {counted(len(alone), 'component')} "
    text += f"{'takes' if len(alone) == 1 else 'take'} some other service down{in_trials}"
    nobody = sum(each.hits_nobody for each in ranking)
    word = "failure reaches" if nobody == 1 else "failures reach"
    text += f"; {nobody:,} {word} no {'user and no ' if facts.has_users else ''}service" if nobody else ""
    never = sum(each.is_never for each in ranking)
    return text + (f"; after {never:,} some service never comes back by itself" if never else "")


def _worst_pair(facts: RankFacts) -> str:
    pairs = facts.pairs
    assert pairs is not None
    if not pairs.pairs:
        return "No two failures at once are worse than their parts"
    worst = pairs.pairs[0]
    n = len(pairs.pairs)
    text = f"{counted(n, 'pair')} {'is worse than its' if n == 1 else 'are worse than their'} parts, the worst "
    both = f"{name_in(facts, worst.first)} with {name_in(facts, worst.second)}"
    if worst.is_never:
        return text + f"{both}: after it some service never comes back by itself"
    return text + f"{both}: {about(worst.excess)} {unit_of(facts)} more than both alone"


def _at_rest(facts: RankFacts) -> str:
    n = facts.services_at_rest
    services = f"{counted(n, 'service')} {'does' if n == 1 else 'do'}"
    users = f", {range_of_people(facts.affected_at_rest)} users" if facts.has_users else ""
    return f"Even if nothing fails {services} not stay whole{users}: this is in every figure below"


def lost_of(each: Ranked) -> str:
    """Write the user-minutes that a failure costs, of trials the mean with half its interval."""
    if each.sampled is not None:
        return mean_of_people(each.sampled.lost_user_minutes)
    return short_range(each.lost_user_minutes)


def name_in(facts: RankFacts, name: str) -> str:
    """Return the name for people of a component or common cause."""
    return clean(facts.names.get(name, name))


def unit_of(facts: RankFacts) -> str:
    """Return what losses are counted in."""
    return "user-minutes" if facts.has_users else "minutes of services down"


def short_range(value: Range) -> str:
    """Write a number of people in a narrow column."""
    if value.high <= 0:
        return "-"
    if is_exact(value):
        return exact(value.high).removeprefix("about ")
    return bounds(value) if value.estimate is None else people(value.estimate)


def about(value: float) -> str:
    """Write a loss with three digits."""
    return people(value, 3) if value >= 1 else "-" if value <= 0 else "<1"


def mean_number(value: float) -> str:
    """Write how many, whole or as a mean."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def _rate(per_year: float | None) -> str:
    return "" if per_year is None else f"{per_year:.2g} times"

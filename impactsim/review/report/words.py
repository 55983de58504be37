"""How a review's figures become words: verdicts, targets, times over many trials, and whom they are about.

Knows neither screens nor pages; the text of a terminal and the document of a report both take their words from here.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from shlex import quote
from typing import TypeVar

from impactsim.audit.findings import Severity
from impactsim.quantities import about_share
from impactsim.reports.rests import rests_words
from impactsim.reports.words import clean, counted, joined, month
from impactsim.review.facts import (
    STEP_PREFIX,
    LastTest,
    PlanFinding,
    Rehearsal,
    ReviewFacts,
    ServiceRow,
    StepFacts,
    Verdict,
    Wait,
)
from impactsim.review.report.times import (
    duration,
    from_declaration,
    loss,
    loss_spread,
    recovery,
    since_start,
    spread,
    target,
)

__all__ = [
    "CODES",
    "MEANINGS",
    "cheapest_of",
    "circle",
    "command",
    "cost",
    "counts_sentence",
    "day",
    "duration",
    "from_declaration",
    "gravest",
    "gravest_first",
    "hard_waits",
    "into_action",
    "labels",
    "last_test",
    "loss",
    "loss_spread",
    "met",
    "name",
    "names",
    "overrun",
    "path",
    "paths_of",
    "people_of",
    "recovery",
    "since_start",
    "spread",
    "target",
    "verdict_sentence",
    "wait_words",
    "waves",
    "where",
    "worst_row",
    "worst_sentence",
]  # those who write reports take all words from here, those of times too

CODES = {
    "DR01": "Target above what is tolerable",
    "DR02": "Target that is not reached",
    "DR03": "Slower than what leans on it",
    "DR04": "Copies too far apart",
    "DR05": "Single point of failure",
    "DR06": "What primary and backup share",
    "DR07": "Circle in the order of restoration",
    "DR08": "Tool that falls with the service",
    "DR09": "People without an alternate, or in two places",
    "DR10": "Test missing, old or too weak",
    "DR11": "Test worse than the target",
    "DR12": "Standby too small",
    "DR13": "Supplier slower than the target, or unknown",
    "DR14": "Target missing, zero or old",
    "DR15": "Notice that cannot be written",
}
"""What each code of a finding is about."""

MEANINGS = {
    "DR01": "What is promised leaves no time: the target is longer than what the business can bear.",
    "DR02": "The service comes back later than promised, in trials with the plan's steps as the repairs.",
    "DR03": "What a service leans on was promised for a later time than the service itself.",
    "DR04": "More data is lost than was agreed, for copies are too far apart or are lost too.",
    "DR05": "One failure alone takes the service down.",
    "DR06": "What should replace the primary falls with it.",
    "DR07": "After all is down, these start only with one another: somebody must break the circle by hand.",
    "DR08": "A step of the plan needs what the same event takes away.",
    "DR09": "The plan counts on somebody who has no alternate, or who is needed at two places at once.",
    "DR10": "Nobody has shown lately that it works, or not by a test that is strong enough.",
    "DR11": "The last test failed, or was slower or lost more than the target allows.",
    "DR12": "The standby cannot carry what the service must serve at the least.",
    "DR13": "A supplier promises less than the target needs, or nobody knows what it promises.",
    "DR14": "There is no figure to hold the service against, or an old one.",
    "DR15": "Those who should be told cannot be, from what is written down.",
}
"""The same in a sentence."""

T = TypeVar("T")

_FEW = 4


# Trials.


def into_action(rehearsal: Rehearsal) -> str:
    """Say when the plan is put into action, without a full stop."""
    if math.isnan(rehearsal.declared.p50_ms):
        return "plan not put into action: it has no step for what happens here"
    if math.isinf(rehearsal.declared.p50_ms):
        return "plan never put into action: the declaration does not come"
    return f"plan put into action: {spread(rehearsal.declared)} after the start"


def met(share: tuple[float, float, float] | None, digits: bool = False) -> str:
    """Write a share of trials, with its interval where `digits` says so."""
    if share is None:
        return "-"
    estimate, low, high = share
    return about_share(estimate) + (f" ({about_share(low)} to {about_share(high)})" if digits else "")


def day(value: date | None) -> str:
    """Write a day, the same in every locale: 4 May 2026."""
    return "not given" if value is None else f"{value.day} {_month(value)} {value.year}"


def _month(value: date) -> str:
    return month(datetime(value.year, value.month, 1, tzinfo=UTC))


def last_test(test: LastTest | None, of: str = "") -> str:
    """Write what the last test was, when, and what it measured; and of what, unless that is whose row it stands in.

    Examples
    --------
    >>> test = LastTest("orders", "parallel", date(2026, 2, 10), 7_200_000, True, 30)
    >>> last_test(test), last_test(test, "checkout"), last_test(test, "orders")
    ('parallel 2026-02-10, took 2 h', 'parallel 2026-02-10 of orders, took 2 h', 'parallel 2026-02-10, took 2 h')
    """
    if test is None:
        return "none"
    measured = f", took {target(test.measured)}" if isinstance(test.measured, int) else ""
    whose = f" of {clean(test.of)}" if of and test.of != of else ""
    return f"{test.type} {test.date.isoformat()}{whose}{measured}" + (", failed" if test.passed is False else "")


# Names.


def name(facts: ReviewFacts, of: str) -> str:
    """Return the name for people of a component, a step, a role; of detection and declaration the word itself."""
    plain = of.removeprefix(STEP_PREFIX)
    return clean(facts.names.get(of) or facts.names.get(plain) or plain)


def names(facts: ReviewFacts, ids: Iterable[str], limit: int | None = None, last: str = "and") -> str:
    """Return names as a list in words."""
    return joined([name(facts, each) for each in ids], limit, last)


def rests(facts: ReviewFacts, few: int | None = None) -> list[str]:
    """Say which share rests on guesses and on observation, with the names of a few; nothing where all is declared."""
    return [] if facts.rests is None else [rests_words(facts.rests, lambda each: name(facts, each), few)]


def labels(facts: ReviewFacts) -> dict[str, str]:
    """Return a short name for each finding, by its id: its code, and its number among those of the code, the worst first."""
    n: Counter[str] = Counter()
    found = {}
    for finding in facts.findings:
        n[finding.code] += 1
        found[finding.id] = f"{finding.code}.{n[finding.code]}"
    return found


def people_of(facts: ReviewFacts, people: Iterable[tuple[str, str]]) -> str:
    """Write who does something as what: ``first-dba (Database)``."""
    return ", ".join(f"{clean(person)} ({name(facts, role)})" for role, person in people)


def path(facts: ReviewFacts, ids: Sequence[str]) -> str:
    """Write a critical path as steps one behind the other."""
    return " > ".join(name(facts, each) for each in ids)


# Verdicts.

_HOW_OFTEN: Mapping[Verdict, str] = {
    "fails": "{} in more than half of the trials of a scenario",
    "at risk": "{} in more than 10% of the trials of a scenario",
}


def verdict_sentence(facts: ReviewFacts) -> str:
    """Say in one sentence, without a full stop, whether the plan holds."""
    verdict, n = facts.verdict, len(facts.rows)
    those = [row for row in facts.rows if row.verdict == verdict]
    of_all = f"{len(those)} of {counted(n, 'service')}"
    who = joined([clean(row.name) for row in those], _FEW)
    if verdict == "holds":
        every = f"all {n} services meet their targets" if n > 1 else f"{who} meets its targets"
        return f"The plan holds: {every} in at least 90% of the trials of every scenario"
    if verdict == "not known":
        return f"Whether the plan holds is not known: {of_all} {'has' if len(those) == 1 else 'have'} nothing to hold it against ({who})"
    misses = "misses a target" if len(those) == 1 else "miss a target"
    opening = "The plan does not hold" if verdict == "fails" else "The plan is at risk"
    return f"{opening}: {of_all} {_HOW_OFTEN[verdict].format(misses)} ({who})"


def worst_row(facts: ReviewFacts) -> ServiceRow | None:
    """Return the service that is furthest above its target RTO by the P50 of its worst scenario; None if none is.

    One that does not come back is further than all others, whatever was promised.
    """
    late = [row for row in facts.rows if overrun(row) > 1.0]
    return max(late, key=overrun, default=None)  # the first of equals


def overrun(row: ServiceRow) -> float:
    """Return how many times its target RTO the achievable P50 is; 0 without either, infinite where it never comes."""
    p50 = 0.0 if row.achievable_rto is None else row.achievable_rto.p50_ms
    if not isinstance(row.rto, int):
        return math.inf if math.isinf(p50) else 0.0
    return p50 / row.rto if row.rto else (math.inf if p50 > 0 else 0.0)


def worst_sentence(facts: ReviewFacts) -> str:
    """Say which service is furthest from its target, without a full stop; empty if none is above it."""
    row = worst_row(facts)
    if row is None or row.achievable_rto is None:
        return ""
    is_back = math.isfinite(row.achievable_rto.p50_ms)
    took = f"takes {spread(row.achievable_rto, row.rto)}"
    got = took if is_back else "does not come back in half of the trials"
    promised = (
        f"was promised within {target(row.rto)}" if isinstance(row.rto, int) else f"its target is {target(row.rto)}"
    )
    return f"{clean(row.name)} {got} and {promised} ({where(row) if is_back else clean(row.scenario)})"


def where(row: ServiceRow) -> str:
    """Say in which scenario a service is the worst, and in which others if its P50 and P90 are the longest there.

    Examples
    --------
    ``Fire; P90 in Grid down``.
    """
    others = [f"P50 in {clean(row.p50_scenario)}"] if row.p50_scenario else []
    others += [f"P90 in {clean(row.p90_scenario)}"] if row.p90_scenario else []
    return "; ".join((clean(row.scenario), *others))


def counts_sentence(facts: ReviewFacts) -> str:
    """Count findings by severity, and say what they were looked for in; without a full stop."""
    n = Counter(finding.severity for finding in facts.findings)
    each = [f"{n[severity]:,} {severity.word}" for severity in sorted(Severity, reverse=True) if n[severity]]
    found = counted(len(facts.findings), "finding") + (f": {joined(each)}" if each else "")
    played = f"{counted(len(facts.rehearsals), 'scenario')}, {counted(facts.n_trials, 'trial')} of each"
    return f"{found}; {played}; ages as of {facts.as_of.isoformat()}"


def gravest(facts: ReviewFacts) -> Rehearsal | None:
    """Return the scenario that is the worst for the most services, those that miss a target before others; None without any."""

    def n_worst(rehearsal: Rehearsal) -> tuple[int, int]:
        worst = [row for row in facts.rows if row.scenario == rehearsal.name]
        return sum(row.verdict == "fails" for row in worst), len(worst)

    return max(facts.rehearsals, key=n_worst, default=None)  # the first of equals


def gravest_first(facts: ReviewFacts, parts: Sequence[T]) -> list[T]:
    """Return what stands for each scenario, that of the gravest first, the others in the order of the plan."""
    is_first = [each is gravest(facts) for each in facts.rehearsals]
    return [part for _, part in sorted(zip(is_first, parts, strict=True), key=lambda each: not each[0])]  # stable


# Steps.


def waves(rehearsal: Rehearsal) -> dict[int, list[StepFacts]]:
    """Return the steps that are called for by wave, each in the order of their beginning."""
    found: dict[int, list[StepFacts]] = {}
    for step in rehearsal.steps:
        if step.is_called:
            found.setdefault(step.wave, []).append(step)
    return {wave: found[wave] for wave in sorted(found)}


def wait_words(facts: ReviewFacts, wait: Wait) -> str:
    """Say how long a step waited, and for what: ``1 h for first-dba, busy elsewhere``."""
    what = names(facts, wait.of)
    busy = "busy elsewhere"
    if wait.kept_by:
        busy = f"kept by {names(facts, wait.kept_by)}" + (
            f", which waits for {names(facts, wait.while_missing)}" if wait.while_missing else ""
        )
    why = {
        "gate": f"the {joined([each.removeprefix(STEP_PREFIX) for each in wait.of])}",
        "step": what,
        "person": f"{what}, {busy}",
        "tool": f"{what}, down",
        "place": f"{what}, down",
        "need": what,
    }[wait.kind]
    return f"{duration(wait.to_ms - wait.from_ms)} for {why}"


def hard_waits(step: StepFacts) -> list[Wait]:
    """Return the waits that a plan can do something about: people who are busy, and tools, places and others that are down."""
    return [
        wait for wait in step.waits if wait.kind in ("person", "tool", "place", "need") and wait.to_ms > wait.from_ms
    ]


def paths_of(rehearsal: Rehearsal) -> dict[tuple[str, ...], list[str]]:
    """Return each critical path with the ids of the services that it decides, that of the last service to come back first."""
    found: dict[tuple[str, ...], list[str]] = {}
    affected = [each for each in rehearsal.services.values() if each.critical_path]
    for each in sorted(affected, key=lambda each: -math.inf if each.back_ms is None else -each.back_ms):  # stable
        found.setdefault(each.critical_path, []).append(each.id)
    return found


def circle(facts: ReviewFacts, members: Sequence[str], by_hand: Sequence[str]) -> str:
    """Say what starts only with one another, and what to start by hand; without a full stop."""
    how = f"start by hand: {names(facts, by_hand)}" if by_hand else "no start by hand helps"
    return f"{names(facts, members)} start only with one another; {how}"


# Changes.


def cost(facts: ReviewFacts, value: float) -> str:
    """Write what a change costs."""
    figure = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
    return f"{figure} {clean(facts.currency)}" if facts.currency else figure


def cheapest_of(facts: ReviewFacts, finding: PlanFinding) -> str:
    """Say which change closes a finding, without a full stop; empty where that was not tried."""
    if not facts.changes or finding.id not in facts.cheapest:
        return ""
    chosen = facts.cheapest[finding.id]
    if chosen is None:
        return "none of the listed changes closes it"
    change = next(each for each in facts.changes if each.id == chosen)
    return f"cheapest change that closes it: {clean(change.text)} ({chosen}, {cost(facts, change.cost)})"


def command(facts: ReviewFacts, plan_file: str) -> str:
    """Return the command line that gives the same review again."""
    return f"impactsim review {quote(plan_file)} --as-of {facts.as_of.isoformat()} --trials {facts.n_trials} --seed {facts.seed}"

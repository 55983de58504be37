"""The brute-force answer: semantics S1 to S7 from the rules alone, recomputing everything at each instant.

Plain Python on the model's own classes, slow on purpose; imports nothing below the model. `run` takes a system and a
scenario (its `changes` already merged into the system) and returns an `Outcome`, for a run that does not sample.

Readings, where a rule leaves room:

1.  S1.1: half a millisecond is rounded to the even one, as Python does.
2.  S1.2: what can still change is what S7 (1) lists, whether or not it would have an effect; a refilling charge, the hours
    of `activity` and a workaround's `after` and `lasts` are not on that list. Without a horizon the run ends with the last.
3.  S2.3: a need to `start` or to `repair` has no part in the level. S2.4: the iteration goes on until no float moves.
4.  S2.5: being down and coming back are seen at the ends of instants. A return to any level above 0 is a return.
5.  S3.5: a charge of any purpose drains while its need's value is below 1, whatever its component does.
6.  S3.7: the need that `at` stands for is the component's last one. A soft need is to `run`, whatever the kinds (S3.6).
7.  S3.8: one reason at a time, in the order of the rule: holdover (value below 1 and charge left), standby (the serving
    member is not the first), last (the first member serves and no other is above 0, unspent and working; a quorum of which
    exactly k < n members are above 0). Pools and all_of are never on the last member. It holds for needs of any purpose
    and whether or not the component is up; a change of member or of `until` begins a new interval.
8.  S4.2: "down since" and "served since" are seen at the ends of instants, the one of the action included: a switch by
    action to a member that is down at the end of that instant is lost.
9.  S4.5: when a member is fresh again its serving time starts anew; each begin of serving starts it anew.
10. S5.1, S5.7: a start by action waives the needs to `start` until it runs, not its health or the needs to `stay_up`: without
    these it stops in step 3 of the same instant. With restart 0 it runs within step 1 ("starts end" comes after the actions), so a
    circle through `stay_up` is broken by starting all of it at once. The action lifts a `stop` in any case; on a component
    that is running or starting it does nothing else.
11. S5.4: steps of `then` that do not reach 100% leave the last one for good. The work of a strike is the event's `repair`,
    else the cause's time_to_restore, else the component's.
12. S5.4 to S5.6: whether a job is worked on is settled at the end of an instant, also one whose work is 0: it ends in a
    further round of the same instant (reading 17).
13. S5.5: each fault is a job of its own; equal in all, the event listed first. A fault without work is no job.
14. S5.6: a job keeps the copy that it has taken until the place goes down, also while it waits for its crew. Without any
    copy the data is lost for good. Several destructions are several faults; the largest data loss counts. The loss is
    that of the copy taken last, None as long as none was taken or when the data is lost for good.
15. S5.7: `switch` applies to each standby group of the component that has the member. `stop` stops a starting one too.
16. S7 (3), (4): stops until nothing stops, then starts with restart 0 until nothing starts, then the others; no way back.
17. S7: where something is due again on the same millisecond after step 5 (work 0, lasts 0) the five steps are gone
    through again; only the last round enters the history.
18. S5.3: looked for at the end, if nothing is due any more. What is down "only" because of waiting is the greatest set whose
    members would all be up if the whole set were; held by `stop`, lost for good or broken without a job is outside. A circle is a
    strongly connected part, of two or more, of "waits for" in that set, with a stopped component or a held-up repair in it. A
    component waits for the down members of its unmet hard needs (to `repair` while it is broken, to `start` while it does not
    run), for the places of its copies, and for the components whose jobs keep the crew.
19. S6: the state at the end itself counts for "largest", not for the integral. Without `starts` nobody's activity is known: all
    are there. Segment shares use each service's own workarounds.
20. S6.3: the loss begins when the level falls below 1; the workaround is there from `after` on and for `lasts` by that clock,
    whether its needs are met or not; its needs are met while each hard one has a value above 0 after holdover.
21. S6.5: the count of a service at a time is its users x x (share 1). The bounds are of the largest counts over time (affected),
    and of the counts at each time (peak, lost user-minutes). They are for services that no segment uses; without a population
    nothing but the sum bounds them.
22. S5.5.1: while a job of ours, with its needs to `repair` met, waits for a crew, the end of a job of others that a member
    of it is on is a change that is due; at other times these jobs go on unseen, and nobody waits for their end.
"""

from __future__ import annotations

from dataclasses import dataclass

from agreement.brute_automaton import Automaton
from agreement.brute_deadlocks import circles, smallest_breaks
from agreement.brute_state import ReserveInterval
from agreement.brute_users import Users, users_of
from impactsim.model.scenario import Scenario
from impactsim.model.system import System


@dataclass(frozen=True)
class Outcome:
    """What a run answers."""

    end_ms: int
    levels: dict[str, list[tuple[int, float]]]
    """Per component, (time, level) at 0 and where it changed."""
    reserve: dict[str, list[ReserveInterval]]
    """Per component, in the order in which they began, then of the needs."""
    data: dict[str, tuple[bool, int | None]]
    """Per destroyed component, whether it is lost for good and the data loss."""
    deadlocks: list[frozenset[str]]
    """The circles of components that wait for one another."""
    users: Users


def run(system: System, scenario: Scenario) -> Outcome:
    """Run a scenario without sampling."""
    automaton = finished(system, scenario)
    losses = automaton.losses.items()
    data = {name: (name in automaton.lost, None if name in automaton.lost else loss) for name, loss in losses}
    return Outcome(
        end_ms=automaton.end_ms,
        levels=automaton.histories(),
        reserve=automaton.reserve,
        data=data,
        deadlocks=circles(automaton),
        users=users_of(automaton),
    )


def breaks(system: System, scenario: Scenario) -> dict[frozenset[str], list[dict[str, list[str]]]]:
    """Return, for each circle, the smallest sets of starts and repairs that bring all of it up (S5.3)."""
    automaton = finished(system, scenario)
    return {circle: smallest_breaks(automaton, circle) for circle in circles(automaton)}


def finished(system: System, scenario: Scenario) -> Automaton:
    """Return the automaton at its end."""
    automaton = Automaton(system, scenario)
    automaton.run()
    return automaton

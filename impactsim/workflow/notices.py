"""What customers are told of an outage: from a scenario, or from an outage under way, to notices in several languages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from impactsim.collector import collector_paused
from impactsim.files.reading import LoadedScenario, LoadedSystem
from impactsim.model.rules_users import is_zone
from impactsim.problems import InvalidInput, Problem
from impactsim.workflow.given import OnProgress, Source, demand, loaded_scenario

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from impactsim.notices.build import Asked
    from impactsim.notices.bundle import Notices
    from impactsim.notices.incident import State
    from impactsim.outage.asked import Understood
    from impactsim.outage.result import Now
    from impactsim.outage.situation import Situation

# What draws and what writes is imported when it is asked for.


def notice(
    scenario: Source | Now,
    asked: Asked | State,
    languages: Sequence[str] = ("en",),
    *,
    at_ms: int | None = None,
    trials: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    on_progress: OnProgress | None = None,
) -> Notices:
    """Write what customers would be told in a scenario, or what they are told in an outage under way.

    Parameters
    ----------
    scenario
        A file, its content as a mapping (with the system in it), or a loaded scenario, which says when it ``starts``; or an
        outage under way as `now` gives it back, of which the notice is published at that time.
    asked
        The state (investigating, identified, monitoring, resolved), or with it all that people decide about a notice.
    languages
        Tags of the languages: ``en``, ``it``, ``de``, ``fr``, ``ja``, ``vi``, ``ja-easy``.
    at_ms
        When it is published, in milliseconds from the start of the scenario; if absent, ten minutes after the first service is
        affected (investigating), half an hour after (identified), five minutes after all are back (monitoring), half an hour after
        (resolved). What is over sooner is passed over.
    trials
        How many trials the remaining time is estimated from; 1,000 if absent.
    seed
        Seed of all that is drawn, instead of the scenario's own.
    workers
        How many work at once.
    on_progress
        Told, now and then, how many trials are done, and how many there will be.

    Raises
    ------
    InvalidInput
        With every problem of the files, or of the notice, if one of them is an error.
    ValueError
        If a figure here is out of its range, or there is no such state or language.
    """
    from impactsim.notices.build import Asked
    from impactsim.notices.times import usual_time_ms
    from impactsim.outage.result import Now
    from impactsim.outage.situation import situation_at
    from impactsim.outage.snapshot import run_of

    demand(trials, seed, None, workers, None)
    if isinstance(asked, str):
        asked = Asked(asked)
    if isinstance(scenario, Now):
        if at_ms is not None or seed is not None:
            raise ValueError("an outage under way has its time and its seed already: leave out at_ms and seed")
        return notices_of(scenario.situation, asked, languages, trials, workers, on_progress)
    loaded = loaded_scenario(scenario)
    system, play = loaded.system, loaded.scenario
    if seed is not None:
        play = play.model_copy(update={"seed": seed})
    if play.starts is None:
        fault, remedy = "a notice needs the time of the day", "say when it starts: starts: 2026-03-02T14:00+01:00"
        raise InvalidInput([Problem(("starts",), fault, remedy, "no-start", file=loaded.file)])
    with collector_paused(), _in_file(loaded.file):
        if at_ms is None:
            course = run_of(system, play)
            named = [name for name in course.services if system.components[name].public_name]
            at_ms = usual_time_ms(course, named or course.services, asked.state)
        situation = situation_at(system, play, at_ms)
    return notices_of(situation, asked, languages, trials, workers, on_progress, file=loaded.file)


def notice_of_outage(  # noqa: PLR0913 - a word for each thing that people decide
    loaded: LoadedSystem | LoadedScenario,
    understood: Understood,
    at: datetime,
    zone: ZoneInfo | None,
    asked: Asked,
    languages: Sequence[str] = ("en",),
    *,
    until: datetime | None = None,
    trials: int | None = None,
    seed: int = 0,
    workers: int | None = None,
    on_progress: OnProgress | None = None,
) -> Notices:
    """Write what customers are told of an outage under way.

    Parameters
    ----------
    loaded
        The system.
    understood
        What people report (``outage.asked.understand``).
    at
        When it is published, with its offset.
    zone
        Zone in which times are told where a language has none of its own; the offset of `at` if absent.
    asked, languages, trials, seed, workers, on_progress
        As for `notice`.
    until
        When all that was reported was over; it goes on if absent.

    Raises
    ------
    InvalidInput
        With every problem of the notice, if one of them is an error.
    """
    from impactsim.outage.situation import situation_of, situation_until
    from impactsim.workflow.outages import offset_at

    demand(trials, seed, None, workers, None)
    starts = understood.starts.astimezone(offset_at(zone, at))
    with collector_paused():
        if until is None:
            situation = situation_of(loaded.system, understood.known, understood.up, understood.at_ms, starts, seed)
        else:
            until_ms = round((until - starts) / timedelta(milliseconds=1))
            situation = situation_until(loaded.system, understood.known, until_ms, understood.at_ms, starts, seed)
    return notices_of(situation, asked, languages, trials, workers, on_progress, file=loaded.file)


def notices_of(
    situation: Situation,
    asked: Asked,
    languages: Sequence[str],
    trials: int | None = None,
    workers: int | None = None,
    on_progress: OnProgress | None = None,
    file: str = "",
) -> Notices:
    """Write what customers are told in a situation.

    Parameters
    ----------
    situation
        What is known; its scenario has a clock time at which it starts.
    asked, languages, trials, workers, on_progress
        As for `notice`.
    file
        The file that problems are said to be in.
    """
    from impactsim.notices.build import build, is_over
    from impactsim.notices.bundle import Notices
    from impactsim.notices.catalogue import NOTICE_LANGUAGES
    from impactsim.notices.incident import STATES
    from impactsim.outage.estimate import TRIALS, estimate
    from impactsim.outage.snapshot import expected, unrepaired
    from impactsim.trials.workers import open_workers

    if asked.state not in STATES:
        raise ValueError(f"the state is {asked.state!r}, and must be one of {', '.join(STATES)}")
    if not languages or (unknown := [each for each in languages if each not in NOTICE_LANGUAGES]):
        wrong = ", ".join(unknown) if languages else "none"
        raise ValueError(f"languages are {wrong}, and must be some of {', '.join(NOTICE_LANGUAGES)}")
    _demand_zone(asked.zone)
    with collector_paused(), _in_file(file):
        course, rest = expected(situation), unrepaired(situation)
        estimates = None
        if not is_over(course, situation.at_ms):
            with open_workers(workers) as pool:
                estimates = estimate(situation, pool, trials or TRIALS, on_progress)
        draft = build(situation, course, rest, estimates, asked)
        return Notices.of(situation, course, draft, languages)


def _demand_zone(name: str | None) -> None:
    if name and not is_zone(name):
        raise ValueError(f"there is no time zone {name!r}; write one such as Europe/Rome")


@contextmanager
def _in_file(file: str) -> Iterator[None]:
    """Say of problems in which file they are."""
    try:
        yield
    except InvalidInput as error:
        raise InvalidInput([replace(each, file=each.file or file) for each in error.problems]) from None

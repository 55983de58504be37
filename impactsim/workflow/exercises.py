"""A tabletop exercise is made of a recovery plan and one of its scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from os import PathLike
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from impactsim.collector import collector_paused
from impactsim.files.reading import LoadedPlan, LoadedScenario
from impactsim.problems import InvalidInput
from impactsim.results import Exercise, Result
from impactsim.workflow.given import OnProgress, demand
from impactsim.workflow.notices import notice
from impactsim.workflow.reviews import loaded_plan, review_plan
from impactsim.workflow.runs import run

if TYPE_CHECKING:
    from impactsim.exercise.facts import DraftNotice
    from impactsim.exercise.ground import Ground
    from impactsim.model.plan import RecoveryPlan
    from impactsim.notices.bundle import Notices
    from impactsim.notices.incident import State
    from impactsim.reports.facts import Facts
    from impactsim.review.facts import Rehearsal

REVIEWED = 300
"""Of so many trials of each scenario, at most, are the findings that an exercise expects."""
LOOKED_AT = 20
"""So many trials are looked at for one in which more goes wrong than by the medians."""
_ESTIMATED = 200  # trials from which a draft notice estimates the rest
_WRITTEN_MS = 600_000
"""So long after people know what it says a draft notice is published."""


def exercise_plan(
    plan: str | PathLike[str] | Mapping[str, Any] | LoadedPlan,
    scenario: str,
    *,
    trial: int | None = None,
    as_of: date | None = None,
    seed: int | None = None,
    workers: int | None = None,
    on_progress: OnProgress | None = None,
) -> Exercise:
    """Make a tabletop pack: the injects of an exercise from one run of a plan in a scenario, questions, and a scoring sheet.

    The run is that of the medians if something surprises in it: a tool that is down when its step needs it, a backup that fails too.
    Otherwise it is that of the first 20 trials in which most does.

    Parameters
    ----------
    plan
        A file, its content as a mapping, or a loaded plan.
    scenario
        One of the scenarios of the plan: its name, its file as the plan says it, or the name of that file with or without its ending.
    trial
        Make it of this trial, from 0.
    as_of
        The day for which ages of tests are counted, in the findings that are expected; the day of the plan if absent.
    seed
        Seed of all that is drawn, instead of the plan's own.
    workers
        How many work at once.
    on_progress
        Told, now and then, how many trials of the review are done.

    Returns
    -------
    Exercise
        The pack, as facts, text, page.

    Raises
    ------
    InvalidInput
        With every problem of the files, if one of them is an error.
    UnknownName
        If the plan has no such scenario, or several (a ValueError).
    ValueError
        If a figure here is out of its range.
    """
    from impactsim.exercise.whole import exercise_of

    demand(None, seed, None, workers, trial)
    loaded = loaded_plan(plan)
    played = _alone(loaded, place_of(loaded, scenario))
    trials = min(loaded.plan.trials, REVIEWED)
    reviewed = review_plan(
        played, as_of=as_of, trials=trials, seed=seed, workers=workers, with_changes=False, on_progress=on_progress
    )
    (rehearsal,) = reviewed.facts.rehearsals
    woven = _woven(played, rehearsal.run_without_plan, reviewed.facts.seed)
    ground = replace(_ground(played.plan, rehearsal, woven, trial), seen=_seen(played))
    drafts, no_drafts = _drafts(woven, ground, workers)
    return Exercise(loaded, exercise_of(ground, reviewed.facts, drafts, no_drafts), reviewed.notes)


def place_of(loaded: LoadedPlan, name: str) -> int:
    """Return which of a plan's scenarios a name means.

    Raises
    ------
    UnknownName
        If none of them, or several.
    """
    from impactsim.audit.asked import UnknownName

    files = [each.file for each in loaded.plan.scenarios]
    titles = [each.scenario.name for each in loaded.scenarios]
    names = [{title, file, PurePath(file).name, PurePath(file).stem} for title, file in zip(titles, files, strict=True)]
    found = [i for i, known in enumerate(names) if name in known]
    if len(found) == 1:
        return found[0]
    fault = f"the plan has several scenarios '{name}'" if found else f"the plan has no scenario '{name}'"
    raise UnknownName("--scenario", f"{fault}; name one of {', '.join(files)}")


def _alone(loaded: LoadedPlan, place: int) -> LoadedPlan:
    """Return a plan with one of its scenarios alone: a review of it finds what this one shows, and takes no longer than it must."""
    one = loaded.plan.model_copy(update={"scenarios": (loaded.plan.scenarios[place],)})
    return replace(loaded, plan=one, scenarios=(loaded.scenarios[place],))


def _woven(loaded: LoadedPlan, without: Facts | None, seed: int) -> LoadedScenario:
    """Return a scenario with the plan's steps as its repairs, and people for them."""
    from impactsim.review.play.called import calls_of, needs_run
    from impactsim.review.play.settle import median_run, settle

    (scene,) = loaded.scenarios
    with collector_paused():
        if without is None and needs_run(loaded.plan):
            without = median_run(scene.system, scene.scenario)
        calls = calls_of(loaded.plan, scene.scenario, scene.system, without)
        woven = settle(loaded.plan, loaded.plan.scenarios[0], scene.scenario, scene.system, calls)
    return replace(scene, system=woven.system, scenario=woven.scenario.model_copy(update={"seed": seed}))


def _ground(plan: RecoveryPlan, rehearsal: Rehearsal, woven: LoadedScenario, trial: int | None) -> Ground:
    """Return the run of which the pack is made."""
    from impactsim.exercise.ground import Ground
    from impactsim.exercise.surprises import found_in

    if trial is not None:
        return Ground(plan, rehearsal, _trial(woven, trial))
    medians = Ground(plan, rehearsal, rehearsal.run)
    if found_in(medians):
        return medians
    others = [Ground(plan, rehearsal, _trial(woven, i)) for i in range(LOOKED_AT)]
    worst = max(others, key=lambda each: len(found_in(each)))  # the first of equals
    return worst if found_in(worst) else medians


def _trial(woven: LoadedScenario, trial: int) -> Facts:
    result = run(woven, trial=trial)
    assert isinstance(result, Result), "one trial is a single run"
    return result.facts


def _seen(played: LoadedPlan) -> tuple[tuple[int, str], ...]:
    """Return what somebody on site sees happen, in order of time, as the events of the only scenario say."""
    from impactsim.reports.words import clean

    (scene,) = played.scenarios
    seen = [(each.at, clean(each.seen)) for each in scene.scenario.events if each.seen]
    return tuple(sorted(dict.fromkeys(seen), key=lambda each: each[0]))  # stable


def _drafts(woven: LoadedScenario, ground: Ground, workers: int | None) -> tuple[list[DraftNotice], str]:
    """Return the first notices that customers could be told, each for when its inject has been told, and why there are no others."""
    from impactsim.notices.catalogue import NOTICE_LANGUAGES

    woven = _without_names_of_steps(woven)
    asked = ground.plan.languages or ("en",)
    refused = [f"no notices are written in {each}" for each in asked if each not in NOTICE_LANGUAGES]
    languages = tuple(each for each in asked if each in NOTICE_LANGUAGES)
    drafts: list[DraftNotice] = []
    for state, at_ms in _times(ground) if languages else ():
        found, reasons = _of_state(woven, state, at_ms, languages, workers)
        drafts += found
        refused += reasons
    return drafts, "; ".join(dict.fromkeys(refused))


def _times(ground: Ground) -> Iterator[tuple[State, int]]:
    """Yield when each draft is written: when it is detected or known, a service is hit, and some minutes have gone by."""
    hit = [at_ms for each in ground.run.services for at_ms, level in ground.run.components[each].levels if level < 1.0]
    since: tuple[tuple[State, int | None], ...] = (
        ("investigating", ground.detected_ms), ("identified", ground.known_ms),
    )  # fmt: skip
    for state, since_ms in since:
        if since_ms is not None and hit:
            yield state, max(since_ms, min(hit)) + _WRITTEN_MS


def _without_names_of_steps(woven: LoadedScenario) -> LoadedScenario:
    """Return a scenario whose steps have no names: they are the plan's words, and no secret of the system that a text must not say."""
    from impactsim.review.facts import STEP_PREFIX

    components = {
        name: each.model_copy(update={"name": None}) if name.startswith(STEP_PREFIX) else each
        for name, each in woven.system.components.items()
    }
    return replace(woven, system=woven.system.model_copy(update={"components": components}))


def _of_state(
    woven: LoadedScenario, state: State, at_ms: int, languages: tuple[str, ...], workers: int | None
) -> tuple[list[DraftNotice], list[str]]:
    """Return the notices of a state, whose trials are run once for all languages; one by one where one of them is refused."""
    try:
        told = notice(woven, state, languages, at_ms=at_ms, trials=_ESTIMATED, workers=workers)
    except InvalidInput as error:
        if len(languages) == 1:
            return [], [each.fault for each in error.problems if each.severity == "error"]
        parts = [_of_state(woven, state, at_ms, (each,), workers) for each in languages]
        return [draft for drafts, _ in parts for draft in drafts], [why for _, reasons in parts for why in reasons]
    parts = [_searched(told, i, state, at_ms, language) for i, language in enumerate(languages)]
    return [draft for drafts, _ in parts for draft in drafts], [why for _, reasons in parts for why in reasons]


def _searched(told: Notices, i: int, state: State, at_ms: int, language: str) -> tuple[list[DraftNotice], list[str]]:
    """Return the notice of one language if nothing in it is secret, else what is."""
    from impactsim.exercise.facts import DraftNotice
    from impactsim.notices.scan import LeakFound
    from impactsim.reports.words import clean

    alone = replace(told, told=replace(told.told, notices=(told.told.notices[i],)))
    try:
        return [DraftNotice(state, language, text, at_ms) for text in alone.texts("text").values()], []
    except LeakFound as error:
        first = {leak.found.casefold(): leak for leak in reversed(error.leaks)}
        names = ", ".join(
            f"'{clean(each.found)}' in '{clean(each.around)}' (the name at {each.secrets[0].place})"
            for _, each in sorted(first.items())
        )
        how = "take it out of the texts for customers, or list it under notices.public_words if it is no secret"
        return [], [f"the notice in {language} would say {names}: {how}"]

"""`impactsim notice`: what customers are told of an outage, in their languages and without what would help an attacker."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from impactsim.cli.options import read_duration
from impactsim.cli.reports import published_ms, reports_options, understood_of, until_of, zone_of
from impactsim.quantities import TRIALS_LIMIT

if TYPE_CHECKING:
    from impactsim.files.loading import LoadedScenario, LoadedSystem
    from impactsim.notices.build import Asked
    from impactsim.notices.bundle import Notices
    from impactsim.outage.asked import Understood

_HELP = """\
Write notices for customers: of the simulated outage in SCENARIO, or with --now of the outage of a SYSTEM that is under way.

A notice says since when what does not work, how many people may be affected, how long it may still take, what they can do
meanwhile, what works, and when the next word comes. Of names from the files it holds public names only; every text is searched
for all others before it is written, and one that is found refuses all of it.

\b
  impactsim notice outage.yaml --state identified                            on the screen, in English
  impactsim notice outage.yaml --state identified --at 2h --lang all         two hours into it, in all languages
  impactsim notice outage.yaml --state resolved --lang it,de --out notices   as files
  impactsim notice outage.yaml --state identified --format html --out page   as a page
  impactsim notice outage.yaml --state identified --format short             as text messages
  impactsim notice shop.yaml --now --down payments --since 14:05 --state investigating
  impactsim notice shop.yaml --now --down payments --since 14:05 --state identified --previous notices/notice-....json

States: investigating, identified, monitoring, resolved. Languages: en, it, de, fr, ja, vi, and ja-easy (plain Japanese), or all. Their
catalogues have not been reviewed by native readers yet.

Exit status: 0 done, 1 problems found (nothing was written), 2 used wrongly.
"""

_LEVELS = ("L0", "L1", "L2", "L3")
_CAUSES = ("our-systems", "supplier", "power", "connectivity", "planned-work", "under-examination")


def _languages(ctx: click.Context, param: click.Parameter, value: str) -> tuple[str, ...]:  # noqa: ARG001
    from impactsim.notices.incident import EASY_JAPANESE, LANGUAGES

    known = (*LANGUAGES, EASY_JAPANESE)
    if value == "all":
        return known
    asked = [each.strip() for each in value.split(",") if each.strip()]
    wrong = [each for each in asked if each not in known]
    if wrong or not asked:
        what = f"no notices are written in {', '.join(wrong)}" if wrong else "no language is named"
        raise click.BadParameter(f"{what}; name one or more of {', '.join(known)}, or all")
    return tuple(dict.fromkeys(asked))


def _wait(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    found = read_duration(ctx, param, value)
    if found is not None and not 300_000 <= found <= 7 * 86_400_000:
        raise click.BadParameter("it is 5 minutes at least and 7 days at most; write it as 30m")
    return found


@click.command("notice", help=_HELP)
@click.argument("file", metavar="SCENARIO|SYSTEM", type=click.Path(path_type=Path))
@click.option(
    "--state",
    required=True,
    type=click.Choice(["investigating", "identified", "monitoring", "resolved"]),
    help="How far the organisation is with it.",
)
@click.option(
    "--lang",
    "languages",
    default="en",
    callback=_languages,
    metavar="TAGS",
    help="Languages, such as en,it,ja; or all.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "html", "json", "statuspage", "short"]),
    default="text",
    show_default=True,
    help="short: text messages; statuspage: what its API takes for a new incident, which is never sent.",
)
@click.option(
    "--out", "folder", metavar="DIR", type=click.Path(path_type=Path), help="Write files into it, all of them or none."
)
@click.option("--overwrite", is_flag=True, help="Replace files that are there.")
@click.option(
    "--previous",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The notice before this one, as --format json wrote it: its estimate is kept as long as it holds.",
)
@click.option(
    "--level",
    type=click.Choice(_LEVELS),
    default="L2",
    show_default=True,
    help="Who reads it: L0 responders, L1 regulators and partners, L2 customers, L3 customers while somebody attacks or may.",
)
@click.option("--cause", type=click.Choice(_CAUSES), help="Class of the cause, instead of that of what failed first.")
@click.option(
    "--data",
    type=click.Choice(["none-lost", "being-checked", "some-lost"]),
    help="What is said of data; nothing is, unless a person says so here.",
)
@click.option("--may-recur", is_flag=True, help="Say that it may happen again; never at L3.")
@click.option("--provider-will-change", is_flag=True, help="Say that another provider is planned; never at L3.")
@click.option("--grave", "is_grave", is_flag=True, help="Safety, data or an attack are at stake: severity 1.")
@click.option("--severity", type=click.IntRange(1, 5), help="Severity, instead of that of the shares of users.")
@click.option(
    "--next-update",
    "next_update_ms",
    metavar="DURATION",
    callback=_wait,
    help="The next update follows within so long, such as 30m.",
)
@click.option("--no-estimate", is_flag=True, help="Publish no estimate of the remaining time.")
@click.option("--now", "is_now", is_flag=True, help="It is a system whose outage is under way: say --down and --since.")
@reports_options
@click.option("--until", metavar="TIME", help="With --now: when all that was reported was over.")
@click.option(
    "--at",
    metavar="TIME",
    help="When it is published: a time, or how long after the start of the scenario, such as 90m. With --now the clock, else "
    "10 min after the first service is affected (investigating), 30 min (identified), 5 min after all are back (monitoring), 30 min.",
)
@click.option("--zone", metavar="ZONE", help="Time zone in which times are read, and told where a language has none.")
@click.option(
    "--trials", metavar="N", type=click.IntRange(1, TRIALS_LIMIT), help="Trials of the rest; 1000 unless given."
)
@click.option("--seed", metavar="N", type=click.IntRange(min=0), help="Seed of all that is drawn.")
def command(
    file: Path,
    languages: tuple[str, ...],
    form: Any,
    folder: Path | None,
    overwrite: bool,
    is_now: bool,
    trials: int | None,
    seed: int | None,
    **words: Any,
) -> None:
    """Write the notices of a scenario, or of an outage under way."""
    from impactsim.files.reading import load_system_or_scenario

    loaded = load_system_or_scenario(str(file))
    reports = {name: words.pop(name) for name in ("down", "degraded", "up", "since", "until", "at", "zone")}
    asked = _asked(zone=reports["zone"], **words)
    given = [name for name in ("down", "degraded", "up", "since", "until") if reports[name]]
    if is_now:
        notices = _of_now(loaded, reports, asked, languages, trials, seed)
    elif given:
        raise click.UsageError(f"--{given[0]} is for an outage under way: add --now")
    else:
        notices = _of_scenario(file, loaded, reports, asked, languages, trials, seed)
    _say_problems(notices)
    chosen = None if form == "short" else form
    if folder is None:
        click.echo("\n".join(notices.texts(chosen).values()).rstrip("\n"))
    else:
        for path in notices.write(folder, chosen, overwrite=overwrite):
            click.echo(f"written: {path}")


def _asked(
    state: Any,
    previous: Path | None,
    level: str,
    cause: str | None,
    data: str | None,
    next_update_ms: int | None,
    no_estimate: bool,
    **flags: Any,
) -> Asked:
    from impactsim.notices.build import Asked
    from impactsim.notices.incident import Redaction

    return Asked(
        state=state,
        redaction=Redaction(_LEVELS.index(level)),
        cause=None if cause is None else cause.replace("-", "_"),  # type: ignore[arg-type]
        data=None if data is None else data.replace("-", "_"),  # type: ignore[arg-type]
        next_update_ms=next_update_ms,
        has_estimates=not no_estimate,
        **({} if previous is None else _before(previous)),
        **flags,
    )


def _before(file: Path) -> dict[str, Any]:
    """Return what is asked about the notice before."""
    from impactsim.notices.estimates import Published
    from impactsim.notices.forms.previous import read_previous

    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError) as error:  # a NUL in the name is a ValueError
        why = (getattr(error, "strerror", None) or "this is no name of a file").lower()
        how = f"'{file}' cannot be read: {why}; name the notice before as --format json wrote it, or leave this out"
        raise click.BadParameter(how, param_hint="'--previous'") from None
    previous = read_previous(text, str(file))
    low_at, high_at = previous.low_at, previous.high_at
    return {
        "previous": None if low_at is None or high_at is None else Published(low_at, high_at),
        "previous_started_at": previous.started_at,
        "previous_published_at": previous.published_at,
    }


def _of_scenario(
    file: Path,
    loaded: LoadedSystem | LoadedScenario,
    reports: dict[str, Any],
    asked: Asked,
    languages: tuple[str, ...],
    trials: int | None,
    seed: int | None,
) -> Notices:
    from impactsim.files.loading import LoadedSystem
    from impactsim.workflow.notices import notice

    if isinstance(loaded, LoadedSystem):
        raise click.UsageError(f"{file} is a system: name a scenario, or add --now, --down and --since")
    where = zone_of(loaded, reports["zone"])
    at_ms = None if reports["at"] is None else published_ms(loaded, reports["at"], where)
    return notice(loaded, asked, languages, at_ms=at_ms, trials=trials, seed=seed)


def _of_now(
    loaded: LoadedSystem | LoadedScenario,
    reports: dict[str, Any],
    asked: Asked,
    languages: tuple[str, ...],
    trials: int | None,
    seed: int | None,
) -> Notices:
    from impactsim.workflow.notices import notice_of_outage

    understood, at, zone = understood_of(loaded, reports)
    until = until_of(reports["until"], _latest(understood), at, zone)
    return notice_of_outage(loaded, understood, at, zone, asked, languages, until=until, trials=trials, seed=seed or 0)


def _latest(understood: Understood) -> datetime:
    """Return when the last of what is reported began."""
    return understood.starts + timedelta(milliseconds=max(each.since_ms for each in understood.known))


def _say_problems(notices: Notices) -> None:
    """Say on standard error what the author should know before it is published."""
    draft = notices.draft
    for problem in draft.problems:
        click.echo(str(problem), err=True)
    if draft.chosen.why_none not in {None, "over", "policy"}:
        click.echo(f"no estimate is published: {_WHY_NONE[str(draft.chosen.why_none)]}", err=True)
    if draft.chosen.is_late:
        click.echo("the estimate that was published before does not hold; the notice says so", err=True)


_WHY_NONE = {
    "no end": "one time in ten or more it does not end (nobody says how long a repair takes, or something waits for a person)",
    "too few trials": "too few trials agree with what is known",
    "rests on a guess": "it would rest on a guess",
    "too wide": "the range is too wide to help anybody (its 90 % point is more than six times its 20 % point)",
}

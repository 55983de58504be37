"""`impactsim now`: an outage under way."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from impactsim.cli.options import output_options
from impactsim.cli.reports import reports_options, understood_of
from impactsim.cli.screen import screen_of_output
from impactsim.quantities import TRIALS_LIMIT

_HELP = """\
Say how an outage stands that is under way, from what is known to be down, degraded or up: who is affected now, what falls
next and when, how much longer it takes, and what to do first.

What follows from the rest needs no report; what is reported and follows counts as needing no repair of its own. Remaining times
are those of what has lasted so long already: an estimate that was missed grows, it does not shrink to nothing. SYSTEM may be a
scenario: then its system with its changes counts.

\b
  impactsim now shop.yaml --down payments --since 14:05           whom does it hit, for how much longer?
  impactsim now shop.yaml --down grid@13:50 --down isp-fibre@14:10 --at 14:30
  impactsim now shop.yaml --down duct-a12-cut --up isp-second --since 14:05     a common cause, and what it has spared
  impactsim now shop.yaml --degraded payments=40% --since 14:05 --zone Europe/Rome
  impactsim now shop.yaml --down payments --since 14:05 --json | jq .actions[0]

A time is HH:MM, of today (of yesterday where it would be after now), or a whole one such as 2026-03-02T14:05, with or
without its offset. Without --zone it is in the zone of the system's notices, else at the offset of --at, else in the zone
of this machine. Remaining times are ranges from P20 to P90 over trials that agree with what is reported; what actions save
is by the medians.

Exit status: 0 done, 1 problems found in the files, 2 used wrongly, 130 interrupted.
"""


@click.command("now", help=_HELP)
@click.argument("file", metavar="SYSTEM", type=click.Path(path_type=Path))
@reports_options
@click.option("--at", metavar="TIME", help="Take this for now, instead of the clock.")
@click.option("--zone", metavar="ZONE", help="Time zone in which times are read and told, such as Europe/Rome.")
@click.option(
    "--trials",
    metavar="N",
    type=click.IntRange(1, TRIALS_LIMIT),
    help="How many trials estimate the rest; 1000 unless given, fewer where each is a flood.",
)
@click.option(
    "--seed", metavar="N", type=click.IntRange(min=0), default=0, help="Seed of all that is drawn; 0 unless given."
)
@click.option(
    "--top",
    metavar="N",
    type=click.IntRange(min=1),
    help="List so many things to do; 5 unless given, all of them with --all.",
)
@output_options()
def command(file: Path, is_whole: bool, as_json: bool, top: int | None, **words: Any) -> int:
    """Say how an outage stands that is under way."""
    from impactsim.cli.progress import Progress, say
    from impactsim.files.reading import load_system_or_scenario
    from impactsim.workflow.outages import now_of

    loaded = load_system_or_scenario(str(file))
    understood, at, zone = understood_of(loaded, words)
    with Progress("", False, find_spec("numba") is None) as progress:
        result = now_of(loaded, understood, at, zone, words["trials"], words["seed"], on_progress=progress)
    say(result.notes)
    if as_json:
        click.echo(result.to_json())
    else:
        from impactsim.outage.text import N_ACTIONS, now_text

        lines = now_text(result.facts, screen_of_output(is_whole), top or N_ACTIONS)
        click.echo("\n".join(lines), color=True)
    return 0

"""`impactsim typical`: the typical values that a file may name, with their sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from impactsim.cli.screen import screen_of_output

if TYPE_CHECKING:
    from impactsim.laws import Law
    from impactsim.typical import TypicalValue


_HELP = """\
List the typical values that a file may name, with their sources.

Each is a distribution that was published, or computed from published data. In a file it stands where a duration
would: {typical: NAME}. A run that does not sample takes its median; one outage in ten lasts longer than the 90%
that is printed here. With NAMEs only those are listed, with all that is known about them.

\b
  impactsim typical
  impactsim typical cloud-region
  time_to_restore: {typical: cloud-region}     in the file of a system

Exit status: 0 done, 2 used wrongly.
"""


@click.command("typical", help=_HELP)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead; durations in milliseconds.")
def command(names: tuple[str, ...], as_json: bool) -> int:
    """List the typical values that a file may name, with their sources."""
    from impactsim.law_forms import law  # the help works without it
    from impactsim.quantities import duration_ms
    from impactsim.typical import values

    known = values()
    for name in names:
        if name not in known:
            raise click.BadParameter(_unknown(name, list(known)), param_hint="NAME")
    chosen = [known[name] for name in names or known]
    laws = {each.name: law(dict(each.law), duration_ms) for each in chosen}
    if as_json:
        from impactsim.reports.json_form import one_line

        click.echo(one_line({each.name: _object(each, laws[each.name]) for each in chosen}))
    elif names:
        _print_each(chosen, laws)
    else:
        _print_table(chosen, laws)
    return 0


def _unknown(name: str, known: list[str]) -> str:
    from difflib import get_close_matches  # only a typing error pays for it

    near = get_close_matches(name, known, n=2, cutoff=0.5)
    return f"no typical value is called '{name}'" + (f"; did you mean {' or '.join(near)}?" if near else "")


def _object(value: TypicalValue, law: Law) -> dict[str, object]:
    return {
        "unit": value.unit,
        "law": dict(value.law),
        "median_ms": round(law.median()),
        "p90_ms": round(law.quantile(0.9)),
        "covers": value.covers,
        "source": value.source,
        "year": str(value.year),
        "note": value.note,
    }


def _print_table(chosen: list[TypicalValue], laws: dict[str, Law]) -> None:
    from impactsim.quantities import about_duration
    from impactsim.reports.layout import Column, table, wrapped

    screen = screen_of_output(is_whole=True)
    columns = [
        Column("name"),
        Column("median", is_right=True),
        Column("90%", is_right=True),
        Column("law"),
        Column("of"),
    ]
    rows = [
        [
            each.name,
            about_duration(laws[each.name].median()),
            about_duration(laws[each.name].quantile(0.9)),
            law_word(each),
            each.year,
        ]
        for each in chosen
    ]
    titles, lines = table(columns, rows, screen.columns, 0, screen.paint)
    click.echo(titles, color=True)
    for each, line in zip(chosen, lines, strict=True):
        click.echo(screen.paint(line, "heading"), color=True)
        for text in (each.covers, each.source):
            click.echo("\n".join(wrapped(f"    {text}", screen.columns, 4)))


def _print_each(chosen: list[TypicalValue], laws: dict[str, Law]) -> None:
    from impactsim.quantities import about_duration
    from impactsim.reports.layout import wrapped

    screen = screen_of_output(is_whole=True)
    for each in chosen:
        law = laws[each.name]
        figures = ", ".join(f"{key} {value}" for key, value in each.law.items() if key != "law")
        quantiles = ", ".join(f"{p:.0%} {about_duration(law.quantile(p))}" for p in (0.1, 0.5, 0.9, 0.99))
        texts = {
            "covers": each.covers,
            "law": f"{law_word(each)}: {figures}",
            "within": quantiles,
            "source": each.source,
            "year": str(each.year),
            "note": each.note,
        }
        click.echo(screen.paint(each.name, "heading"), color=True)
        for word, text in texts.items():
            if text:
                click.echo("\n".join(wrapped(f"  {word + ':':<8} {text}", screen.columns, 11)))


def law_word(value: TypicalValue) -> str:
    """Return the name of the law of a typical value, as the format's reference has it."""
    law = value.law
    if "law" in law:
        return str(law["law"])
    forms = {
        ("mean",): "exponential",
        ("low", "likely", "high"): "PERT",
        ("low", "high"): "uniform",
        ("samples",): "as observed",
    }
    return forms.get(tuple(law), "log-normal" if "median" in law else "plain")

"""`impactsim schema`: the JSON Schema of the files, for editors and other programs."""

from __future__ import annotations

import json

import click

from impactsim.files.schema import schema_of


@click.command("schema")
@click.argument("kind", type=click.Choice(["system", "scenario", "plan"]))
def command(kind: str) -> int:
    """Print the JSON Schema of a system, a scenario or a recovery plan.

    An editor that is given it completes keys, shows what they mean and marks mistakes. It knows the form of a file only;
    `impactsim check` knows also what no schema can say.
    """
    click.echo(json.dumps(schema_of(kind), indent=2, ensure_ascii=False))
    return 0

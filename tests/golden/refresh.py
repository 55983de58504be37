"""Write what each command prints now: `python tests/golden/refresh.py`. Then read every difference, and know why it is right."""

from __future__ import annotations

import contextlib
import io
import os
import shlex
from pathlib import Path

from impactsim.cli.main import main

HERE = Path(__file__).parent


def refresh() -> None:
    """Run all commands and write their output beside them."""
    os.chdir(HERE)
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)
    for command in sorted(HERE.glob("*.cmd")):
        with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="utf-8")) as output:
            main(shlex.split(command.read_text(encoding="utf-8"))[1:])
            output.seek(0)
            command.with_suffix(".txt").write_text(output.read(), encoding="utf-8")


if __name__ == "__main__":
    refresh()

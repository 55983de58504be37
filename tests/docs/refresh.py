"""Writes into the documents what their command lines print now, and draws the README's picture again.

`python tests/docs/refresh.py`; then read the difference.
"""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from docs.examples import DOCUMENTS, PICTURE, SCENARIO, blocks, execute, is_same, lay_out

WIDTH = 110


def laid_out(text: str) -> str:
    """Lay out a line of JSON for people; anything else stays as it is."""
    try:
        return _laid_out(json.loads(text), 0) + "\n"
    except json.JSONDecodeError:
        return text


def _laid_out(value: Any, indent: int) -> str:
    line = json.dumps(value)
    if len(line) + indent <= WIDTH or not isinstance(value, dict | list):
        return line
    inner, outer = " " * (indent + 2), " " * indent
    if isinstance(value, list):
        parts, brackets = [_laid_out(each, indent + 2) for each in value], "[]"
    else:
        parts = [f"{json.dumps(key)}: {_laid_out(each, indent + 2)}" for key, each in value.items()]
        brackets = "{}"
    return brackets[0] + "\n" + ",\n".join(inner + part for part in parts) + "\n" + outer + brackets[1]


def refreshed(document: Path) -> str:
    """Return the text of a document with what its command lines print now."""
    text = document.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        lay_out(document, Path(folder))
        for block in blocks(document):
            if block.language == "console":
                now = ""
                for command, expected in block.commands():
                    printed = execute(command)
                    now += f"$ {command}\n" + (expected if is_same(expected, printed) else laid_out(printed))
                text = text.replace(f"```console\n{block.text}```", f"```console\n{now}```")
    return text


if __name__ == "__main__":
    for path in DOCUMENTS:
        path.write_text(refreshed(path), encoding="utf-8")
    execute(f"impactsim run {SCENARIO} --plot {PICTURE}")

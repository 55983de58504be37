"""The examples of a Markdown document: found, put into a folder, executed.

A fenced block says by its language what it is. ``yaml``: a system or scenario if it has a version; the name in a
comment on its first line is the name of its file, and "(has problems)" behind it says that it is wrong on purpose.
``console``: command lines behind ``$``, each with what it prints; only `impactsim` is known, with ``| head -N`` behind it,
and an exit status other than 0 stands in brackets on the last line. ``python``: run from top to bottom, as doctests where
there is a prompt. All others are only looked at by people.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from impactsim.cli.main import main

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "impactsim" / "docs"
DOCUMENTS = [ROOT / "README.md", *sorted(DOCS.glob("*.md")), ROOT / "scenarios" / "alderfield" / "README.md"]
"""The documents whose examples are executed."""
SCENARIO = ROOT / "scenarios" / "facebook-2021" / "1-october-2021.yaml"
PICTURE = SCENARIO.with_name("picture.svg")
"""The scenario that the README shows, and its picture."""

_FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"# (?P<name>[\w.-]+\.(?:yaml|json))(?P<wrong> \(has problems\))?\n")
_HEAD = re.compile(r"(?P<command>.+) \| head -(?P<lines>\d+)")


@dataclass(frozen=True)
class Block:
    """A fenced block of a document."""

    document: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.document.relative_to(ROOT)}:{self.line}"

    @property
    def file_name(self) -> str | None:
        """The name of the file that the block is, if it says so."""
        name = _NAME.match(self.text)
        return name["name"] if name and self.language == "yaml" else None

    @property
    def is_wrong(self) -> bool:
        """Whether the file has problems on purpose."""
        name = _NAME.match(self.text)
        return bool(name and name["wrong"])

    @property
    def is_whole(self) -> bool:
        """Whether it is a whole system or scenario."""
        return self.language == "yaml" and re.search(r"^impactsim:", self.text, re.MULTILINE) is not None

    def commands(self) -> list[tuple[str, str]]:
        """Return each command line of a console with what stands below it."""
        parts = re.split(r"^\$ (.+)\n", self.text, flags=re.MULTILINE)
        assert not parts[0], f"{self}: a console begins with a command line"
        return list(zip(parts[1::2], parts[2::2], strict=True))


def blocks(document: Path) -> list[Block]:
    """Return the fenced blocks of a document, in order."""
    text = document.read_text(encoding="utf-8")
    return [
        Block(document, text.count("\n", 0, match.start()) + 2, match["language"], match["text"])
        for match in _FENCE.finditer(text)
    ]


def lay_out(document: Path, folder: Path) -> None:
    """Put the files of a document into a folder, beside the scenarios of this repository."""
    (folder / "scenarios").symlink_to(ROOT / "scenarios", target_is_directory=True)
    for block in blocks(document):
        if block.file_name:
            path = folder / block.file_name
            assert not path.exists(), f"{block}: there is a {block.file_name} already"
            path.write_text(block.text, encoding="utf-8")


def execute(command: str) -> str:
    """Return what a command line prints in the present folder, standard error last."""
    head = _HEAD.fullmatch(command)
    program, *arguments = shlex.split(head["command"] if head else command)
    assert program == "impactsim", f"only impactsim can be executed, not {program}"
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    errors = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        status = main(arguments)
    out.seek(0)
    text = out.read() + errors.getvalue()
    if head:
        text = "".join(text.splitlines(keepends=True)[: int(head["lines"])])
    return text + (f"[exit status {status}]\n" if status else "")


def is_same(expected: str, printed: str) -> bool:
    """Tell whether a document shows what is printed; JSON may be laid out for people."""
    if expected == printed:
        return True
    values: list[Any] = []
    for text in (expected, printed):
        try:
            values.append(json.loads(text))
        except json.JSONDecodeError:
            return False
    return bool(values[0] == values[1])


def run_python(block: Block, names: dict[str, Any]) -> None:
    """Run a block of Python; what it defines stays in `names`."""
    if ">>>" not in block.text:
        exec(compile("\n" * (block.line - 1) + block.text, str(block.document), "exec"), names)  # noqa: S102 - our own text
        return
    test = doctest.DocTestParser().get_doctest(block.text, names, str(block), str(block.document), block.line - 1)
    report = io.StringIO()
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    runner.run(test, out=report.write, clear_globs=False)
    names.update(test.globs)
    assert not runner.failures, report.getvalue()

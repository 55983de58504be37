"""Whatever file a format is given: a system or problems, never a traceback, in seconds, within bounded memory.

Three sorts: the samples of every other format; samples with bytes changed; samples whose values changed their types. The slow sweep
does more of them in a process whose memory is limited.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from impactsim.importers.formats import FORMATS
from impactsim.problems import InvalidInput, Problem
from impactsim.workflow.imports import import_system

SAMPLES = Path(__file__).parent / "samples"
LONGEST_S = 5.0
"""Of one small file, on a machine that does other things as well."""
_ODD: list[Any] = [
    None,
    True,
    -1,
    1e308,
    10**30,
    "",
    "\x00",
    "a: b",
    "../../etc/passwd",
    [],
    [[]],
    {},
    {"": None},
    "é" * 300,
]
_SNIPPETS = [
    b"\x00",
    b"\xff\xfe",
    b"<",
    b"&lol;",
    b"]]>",
    b"{",
    b"[" * 200,
    b"}",
    b'"',
    b"'",
    b": ",
    b"- ",
    b"&a *a",
    b"<<: *a",
]
_SNIPPETS += [
    b"\n---\n",
    b"1e999",
    b"-0",
    b"null",
    b"NaN",
    b"\n\t",
    b"->",
    b"/*",
    b";",
    b",,,,",
    b"=cmd()",
    b"{{ x }}",
    b"${X:-${X}}",
]


def sample_files() -> list[Path]:
    files = [path for path in sorted(SAMPLES.rglob("*")) if path.is_file() and path.stat().st_size < 200_000]
    return [*files, Path(__file__).with_name("pumps.xml")]


def given(format_: str, path: Path) -> float:
    """Import a file, and return how long it took; whatever is wrong with it must be told as problems."""
    start, problems = time.perf_counter(), list[Problem]()
    try:
        found = import_system(format_, path)
    except InvalidInput as error:
        problems = error.problems or [Problem((), "")]  # an error without a problem is none
    else:
        problems = list(found.problems)
        assert found.system.components
    for problem in problems:
        assert problem.code
        assert problem.fault
    return time.perf_counter() - start


@pytest.mark.parametrize("format_", FORMATS)
def test_files_of_other_formats_are_told_apart_or_read(format_: str) -> None:
    files = sample_files()
    for path in random.Random(f"foreign {format_}").sample(files, min(40, len(files))):
        assert given(format_, path) < LONGEST_S, path


@pytest.mark.parametrize("format_", FORMATS)
def test_changed_files_of_its_own_are_told_or_read(format_: str, tmp_path: Path) -> None:
    for number, (name, content) in enumerate(changed(format_, 60)):
        path = tmp_path / f"{number}-{name}"
        path.write_bytes(content)
        assert given(format_, path) < LONGEST_S, path


def changed(format_: str, n: int) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of files of a format that were changed, always the same ones."""
    luck = random.Random(f"changed {format_}")
    folder = SAMPLES / format_
    files = [path for path in sample_files() if path.is_relative_to(folder)] or [Path(__file__).with_name("pumps.xml")]
    for _ in range(n):
        path = luck.choice(files)
        content = path.read_bytes()
        structured = _other_types(luck, path, content) if luck.random() < 0.5 else None
        yield path.name, structured if structured is not None else _other_bytes(luck, content)


def _other_bytes(luck: random.Random, content: bytes) -> bytes:
    data = bytearray(content)
    for _ in range(luck.randrange(1, 6)):
        if not data:
            break
        at, to = sorted(luck.randrange(len(data) + 1) for _ in range(2))
        match luck.randrange(5):
            case 0:
                data[at:at] = luck.choice(_SNIPPETS)
            case 1:
                del data[at : min(to, at + 40)]
            case 2:
                data[at:at] = data[at : min(to, at + 400)]
            case 3:
                del data[at:]
            case _ if at < len(data):
                data[at] = luck.randrange(256)
    return bytes(data)


def _other_types(luck: random.Random, path: Path, content: bytes) -> bytes | None:
    """Return the file with some values of other types; none if it is neither JSON nor YAML."""
    try:
        if path.suffix == ".json":
            documents = [json.loads(content)]
        elif path.suffix in {".yaml", ".yml"}:
            documents = list(yaml.safe_load_all(content))
        else:
            return None
    except (ValueError, yaml.YAMLError, RecursionError):
        return None
    for _ in range(luck.randrange(1, 5)):
        documents = [_with_odd_value(luck, document) for document in documents]
    if path.suffix == ".json":
        return json.dumps(documents[0]).encode()
    return yaml.safe_dump_all(documents).encode()


def _with_odd_value(luck: random.Random, data: Any) -> Any:
    if luck.random() < 0.15 or not isinstance(data, dict | list) or not data:
        return luck.choice(_ODD)
    key = luck.choice(list(data) if isinstance(data, dict) else range(len(data)))
    data = data.copy()
    data[key] = _with_odd_value(luck, data[key])
    if isinstance(data, list) and luck.random() < 0.1:
        data = data * 3
    return data


@pytest.mark.slow
@pytest.mark.parametrize("format_", FORMATS)
def test_thousands_of_changed_files_within_500_mb(format_: str) -> None:
    program = (
        "import resource, sys, tempfile, pathlib\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "import importlib.util\n"
        "spec = importlib.util.spec_from_file_location('any_file', sys.argv[2])\n"
        "module = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(module)\n"
        "folder = pathlib.Path(tempfile.mkdtemp())\n"
        "for number, (name, content) in enumerate(module.changed(sys.argv[3], 2000)):\n"
        "    path = folder / f'{number}-{name}'\n"
        "    path.write_bytes(content)\n"
        "    assert module.given(sys.argv[3], path) < module.LONGEST_S, content\n"
        "    path.unlink()\n"
        "for path in module.sample_files():\n"
        "    module.given(sys.argv[3], path)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)\n"
    )
    words = [sys.executable, "-c", program, str(Path(__file__).parents[2]), __file__, format_]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) < 500  # MB

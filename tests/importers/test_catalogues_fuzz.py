"""Catalogues as no program writes them: whatever stands where, there are problems or a system, and never a traceback."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from impactsim.importers.draft import Draft
from impactsim.importers.finished import finished
from impactsim.importers.formats import FORMATS
from impactsim.importers.sources import Source
from impactsim.problems import InvalidInput

MUTATIONS = 200
ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    10**30,
    float("nan"),
    1e308,
    "",
    " ",
    "a" * 5_000,
    "api:",
    ":/",
    "a:b/c:d",
    "https://name:secret1@example.org/x",
    "日本",
    "\x1b[31m\x00",
    "component:default/tickets",
    "urn:cdx:",
    "pkg:x",
    [],
    {},
    [[[]]],
    {"$text": "./x"},
    ["tickets", ["tickets"], {"name": "tickets"}],
    {"kind": 1, "name": ["x"]},
)


def records(samples: Path, format_: str) -> list[Any]:
    """Return the records of our samples as plain data."""
    found: list[Any] = []
    for path in sorted((samples / format_).rglob("*")):
        if path.suffix in {".yaml", ".json"} and path.name != "missing-line.yaml":
            found += yaml.safe_load_all(path.read_text("utf-8"))
    return found


def places(data: Any) -> list[tuple[Any, Any]]:
    """Return each container with each key or index in it."""
    found: list[tuple[Any, Any]] = []
    waiting = [data]
    while waiting:
        each = waiting.pop()
        steps = list(each) if isinstance(each, dict) else range(len(each)) if isinstance(each, list) else []
        found += [(each, step) for step in steps]
        waiting += [each[step] for step in steps]
    return found


def mutated(data: Any, luck: random.Random) -> Any:
    """Return a copy with one to five changes: another value, a value from elsewhere, one less, one twice."""
    data = copy.deepcopy(data)
    for _ in range(luck.randint(1, 5)):
        among = places(data)
        container, step = luck.choice(among)
        other, where = luck.choice(among)
        match luck.randrange(4):
            case 0:
                container[step] = copy.deepcopy(luck.choice(ODD))
            case 1:
                container[step] = copy.deepcopy(other[where])
            case 2:
                del container[step]
            case _:
                target = container if isinstance(container, list) else data
                target.append(copy.deepcopy(container[step]))
        data = data or [None]
    return data


@pytest.mark.parametrize("format_", ["backstage", "datadog", "cortex", "cyclonedx"])
def test_whatever_stands_in_a_catalogue_ends_in_problems_or_in_a_system(format_: str, samples: Path) -> None:
    sound = records(samples, format_)
    n_systems = 0
    for seed in range(MUTATIONS):
        luck = random.Random(f"{format_} {seed}")
        data = mutated(sound, luck)
        if format_ == "cyclonedx":
            sources = [Source(f"{n}.json", json.dumps(each).encode()) for n, each in enumerate(data)]
        else:
            sources = [Source("all.json", json.dumps(data).encode())]
        settings = {"systems": "all"} if format_ in {"backstage", "datadog"} and seed % 2 else {}
        try:
            found = finished(FORMATS[format_], sources, settings, "x", {})
        except InvalidInput as error:
            assert error.problems  # noqa: PT017 - either way is right
            continue
        n_systems += 1
        assert "secret1" not in found.text + "".join(map(str, found.problems))
    assert n_systems > MUTATIONS // 4  # else it is not the readers that were tried


@pytest.mark.parametrize("format_", ["backstage", "datadog", "cortex", "cyclonedx"])
def test_broken_text_ends_in_problems_or_in_a_system(format_: str, samples: Path) -> None:
    files = [path for path in sorted((samples / format_).rglob("*")) if path.is_file()]
    for seed in range(MUTATIONS):
        luck = random.Random(f"{format_} text {seed}")
        path = luck.choice(files)
        content = bytearray(path.read_bytes())
        for _ in range(luck.randint(1, 4)):
            at = luck.randrange(len(content))
            match luck.randrange(3):
                case 0:
                    content[at] = luck.choice(b"{}[]:,-&*!\"'\n \t\x00\xff#")
                case 1:
                    del content[at : at + luck.randint(1, 30)]
                case _:
                    content[at:at] = luck.choice([b"---\n", b"&a ", b"*a", b"<<: ", b"$", b"\n  - ", b"kind: "])
            content = content or bytearray(b" ")
        draft = Draft("x")
        source = Source(path.name, bytes(content))
        try:
            finished(FORMATS[format_], [source], {}, "x", {})
        except InvalidInput as error:
            assert all(problem.code for problem in error.problems)  # noqa: PT017 - either way is right
        assert not draft.notes.has_errors


@pytest.mark.parametrize("format_", ["backstage", "datadog", "cortex", "cyclonedx"])
def test_the_same_files_give_the_same_bytes(format_: str, samples: Path) -> None:
    data = [each for each in records(samples, format_) if format_ != "cyclonedx" or "serialNumber" in each]
    contents = [json.dumps(each).encode() for each in data] if format_ == "cyclonedx" else [json.dumps(data).encode()]
    sources = [Source(f"{n}.json", content) for n, content in enumerate(contents)]
    first, second = (finished(FORMATS[format_], sources, {}, "x", {}) for _ in range(2))
    assert first.text == second.text


@pytest.mark.parametrize("n", [1_000, pytest.param(10_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("format_", ["backstage", "datadog", "cortex", "cyclonedx"])
def test_one_large_circle_is_imported(format_: str, n: int) -> None:
    # Each needs the next two, so that all stand in one circle.
    names = [f"c{i}" for i in range(n)]
    nexts = [[names[(i + 1) % n], names[(i + 2) % n]] for i in range(n)]
    data: Any
    if format_ == "cyclonedx":
        services = [{"bom-ref": name, "name": name} for name in names]
        needs = [{"ref": name, "dependsOn": each} for name, each in zip(names, nexts, strict=True)]
        data = {"bomFormat": "CycloneDX", "specVersion": "1.6", "services": services, "dependencies": needs}
    elif format_ == "cortex":
        infos = [(name, [{"tag": tag} for tag in each]) for name, each in zip(names, nexts, strict=True)]
        data = [{"info": {"x-cortex-tag": name, "x-cortex-dependency": each}} for name, each in infos]
    else:
        kind, version = ("Component", "backstage.io/v1alpha1") if format_ == "backstage" else ("service", "v3")
        data = [
            {
                "apiVersion": version,
                "kind": kind,
                "metadata": {"name": name},
                "spec": {"type": "service", "dependsOn": [f"{kind}:{one}" for one in each]},
            }
            for name, each in zip(names, nexts, strict=True)
        ]
    found = finished(FORMATS[format_], [Source("many.json", json.dumps(data).encode())], {}, "x", {})
    assert sum(len(component.needs) for component in found.system.components.values()) == 2 * n

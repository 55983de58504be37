"""Graph files that were cut, doubled and mixed: problems, never anything else."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from impactsim.exporters.graphs import dot_text, graphml_text, node_link_text
from impactsim.files.reading import validate_system
from impactsim.importers.finished import ImportedSystem, finished
from impactsim.importers.formats import FORMATS
from impactsim.importers.sources import Source
from impactsim.problems import InvalidInput

SAMPLES = Path(__file__).parent / "samples"
PIECES = [
    "<",
    ">",
    '"',
    "{",
    "}",
    "[",
    "]",
    "->",
    "--",
    "\\",
    "&",
    "\0",
    "null",
    "1e999",
    "-1",
    "NaN",
    "\ud7ff",
    "id",
    "0",
    ";",
    ",",
    ":",
    "=",
]
OURS = validate_system(
    {
        "impactsim": 1,
        "name": "x",
        "components": {
            "web": {
                "needs": [{"any_of": ["a", {"use": "b", "lasts": "1h"}]}, {"at_least": 1, "of": ["a", "b"]}],
                "at": "a",
            },
            "a": {"kind": "site", "needs": [{"pool": {"b": 1, "c": 2}, "demand": 2}]},
            "b": {"time_to_restore": {"low": "1h", "high": "2h"}},
            "c": {"users": 12},
        },
    }
).system
CASES = [
    ("graphml", "services.graphml", {}),
    ("graphml", "yed.graphml", {"edges": "needed-by"}),
    ("graphml", "ring.graphml", {"edges": "connections", "root": ["Exchange"], "links": True}),
    ("graphml", graphml_text(OURS), {}),
    ("node-link", "numbers.json", {}),
    ("node-link", "d3.json", {"edges": "connections", "root": ["pump"]}),
    ("node-link", node_link_text(OURS), {}),
    ("dot", "shop.dot", {}),
    ("dot", "undirected.dot", {"edges": "connections", "root": ["core"]}),
    ("dot", dot_text(OURS), {}),
    ("terraform", "older.dot", {"all_resources": True}),
    ("terraform", "newer.dot", {}),
]


def mutated(content: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.randint(1, 4)):
        at, length = rng.randrange(len(content) + 1), rng.choice((1, 2, 5, 30))
        piece = rng.choice(
            (rng.choice(PIECES).encode("utf-8", "surrogatepass"), bytes([rng.randrange(256)]), content[at : at + 40])
        )
        how = rng.randrange(3)
        cut = {0: at, 1: at + length, 2: at + length}[how]
        content = content[:at] + (b"" if how == 1 else piece) + content[cut:]
    return content


@pytest.mark.parametrize("case", range(len(CASES)))
def test_whatever_stands_in_a_file_ends_in_a_system_or_in_problems(case):
    format_, file, settings = CASES[case]
    whole = (SAMPLES / format_ / file).read_bytes() if len(file) < 40 else file.encode()
    rng = random.Random(f"graph files {case}")
    n_read, n_refused, began = 0, 0, time.monotonic()
    for _ in range(200):
        source = Source("x.json" if format_ == "node-link" else "x", mutated(whole, rng))
        try:
            found = finished(FORMATS[format_], [source], settings, "x", {})
        except InvalidInput as refused:
            n_refused += bool(refused.problems)
        else:
            assert isinstance(found, ImportedSystem)
            n_read += 1
    assert n_read + n_refused == 200
    assert n_read > 0
    assert n_refused > 0
    assert time.monotonic() - began < 60

"""Tables with bytes and cells changed: problems or a system, in a second, and never anything else."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from impactsim.problems import InvalidInput
from impactsim.workflow.imports import import_system

SAMPLES = Path(__file__).parent / "samples"
_SAMPLES = {
    "table": ("table/dinge.csv", "table/bedarf.csv", "table/zuordnung.yaml"),
    "servicenow": ("servicenow/cis.csv", "servicenow/relations.csv"),
    "glpi": ("glpi/assets.csv", "glpi/Computer.csv", "glpi/glpi_impactrelations.csv"),
}
_BOOK = SAMPLES / "table/book.xlsx"
_PIECES = [
    *(b'"', b";", b",", b"\n", b"\r", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"=1+1", b"#REF!", b"\t", b"|", b"'"),
    *(b"9" * 400, b"1e999", b"-1", b"{", b'{"a": [1]}', b"[" * 90, b"nan", b"\xc3\x28", "٣٤".encode(), b";" * 500),
    *(b"at_least", b"any_of", b"99999 of 1", b"from,to,need,form", b"id", b"4h", b"true", b": ", b"- ", b"&a *a"),
]


def mutated(content: bytes, luck: random.Random) -> bytes:
    """Change a few places: a byte, a piece put in or taken out, two stretches exchanged."""
    for _ in range(luck.randint(1, 6)):
        i, j = sorted((luck.randrange(len(content) + 1), luck.randrange(len(content) + 1)))
        match luck.randrange(5):
            case 0:
                content = content[:i] + luck.choice(_PIECES) + content[i:]
            case 1:
                content = content[:i] + content[min(j, i + luck.randrange(40)) :]
            case 2:
                content = content[:i] + bytes([luck.randrange(256)]) + content[i + 1 :]
            case 3:
                content += content[i:j]
            case 4:
                lines = content.split(b"\n")
                luck.shuffle(lines)
                content = b"\n".join(lines)
    return content[:200_000]


def is_read(format_: str, *paths: Path, **settings: str) -> bool:
    """Import files: is there a system? If not, there must be problems that say why, and either within a second."""
    began, problems = time.process_time(), None
    try:
        import_system(format_, *paths, **settings)
    except InvalidInput as error:
        problems = error.problems
    assert time.process_time() - began < 1
    assert problems is None or (problems and all(problem.code and problem.fault for problem in problems))
    return problems is None


@pytest.mark.parametrize("format_", list(_SAMPLES))
def test_changed_tables_are_problems_or_a_system(format_, tmp_path):
    luck, read = random.Random(0), 0
    for _ in range(200):
        paths = []
        for sample in _SAMPLES[format_]:
            content = (SAMPLES / sample).read_bytes()
            path = tmp_path / Path(sample).name
            path.write_bytes(mutated(content, luck) if luck.random() < 0.7 else content)
            paths.append(path)
        mapping = next((str(path) for path in paths if path.suffix == ".yaml" and luck.random() < 0.3), None)
        tables = [path for path in paths if path.suffix == ".csv"]
        read += is_read(format_, *tables, **({"mapping": mapping} if mapping else {}))
    assert 10 < read < 200


def test_a_changed_spreadsheet_is_problems_or_a_system(tmp_path):
    luck, path, read = random.Random(0), tmp_path / "book.xlsx", 0
    for _ in range(200):
        path.write_bytes(mutated(_BOOK.read_bytes(), luck) if luck.random() < 0.95 else _BOOK.read_bytes())
        read += is_read("table", path)
    assert read > 0

"""Files of strangers that are broken at random: they are read or refused, and nothing else ever happens."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path

import pytest
import yaml

from impactsim.problems import InvalidInput

ODD = [
    *(
        None,
        True,
        False,
        0,
        -1,
        3.5,
        10**30,
        float("1e300"),
        "",
        " ",
        "\0",
        "a" * 300,
        "${A:-${B",
        "{{ x }}",
        "-",
        ".",
        "é",
        "😀",
    ),
    *([], {}, [[]], [{}], [None], {"": ""}, {"a": {"b": {"c": []}}}, ["a", 1, None, {}], {"name": [], "service": {}}),
    *(
        "http://a:1,b://",
        "service:",
        "container:",
        ":",
        "::",
        "../../x",
        "/",
        "*",
        "a:b:c:d",
        "99999999999",
        "50%",
        "1e9",
    ),
]
SAMPLES = [
    ("compose", ["hosts.compose.yaml", "together.compose.yaml", "extends.compose.yaml", "includes.compose.yaml"]),
    ("kubernetes", ["shop.yaml", "settings.yaml", "replicas.yaml", "policies.yaml", "mesh.yaml", "places.yaml"]),
]
SECRETS = ("Tr0ub4dor", "hunter2", "eyJhbGciOi", "secret-of-the-queue")


def paths(data: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """Return the way to everything in plain data."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(each for key, value in inner for each in paths(value, (*path, key)))]


def mutated(data: object, luck: random.Random) -> object:
    """Return plain data with something else in one to three places."""
    data = copy.deepcopy(data)
    for _ in range(luck.randrange(1, 4)):
        path = luck.choice([each for each in paths(data) if each] or [()])
        if not path:
            return luck.choice(ODD)
        around = data
        for step in path[:-1]:
            around = around[step]  # type: ignore[index]
        if luck.random() < 0.2 and isinstance(around, dict):
            around[luck.choice(["services", "kind", "spec", "x", "metadata", ""])] = around.pop(path[-1])
        else:
            around[path[-1]] = copy.deepcopy(luck.choice(ODD))  # type: ignore[index]
    return data


def check(imported, format_: str, path: Path) -> bool:
    """Import a file that may be anything; tell whether it was read."""
    try:
        found = imported(format_, path)
    except InvalidInput as error:
        said = str(error)
    else:
        said = "\n".join((found.text, *map(str, found.problems), *found.remarks, *found.left_out))
    assert [secret for secret in SECRETS if secret in said] == []
    return "impactsim: 1" in said


@pytest.mark.parametrize(("format_", "names"), SAMPLES, ids=["compose", "kubernetes"])
def test_data_that_is_changed_anywhere_is_read_or_refused(format_, names, samples, tmp_path, imported):
    luck = random.Random(2026)
    originals = [list(yaml.safe_load_all((samples / format_ / name).read_text(encoding="utf-8"))) for name in names]
    n_read = 0
    for _ in range(200):
        documents = [mutated(each, luck) for each in luck.choice(originals)]
        path = tmp_path / "changed.json"
        whole = documents[0] if len(documents) == 1 else {"apiVersion": "v1", "kind": "List", "items": documents}
        path.write_text(json.dumps(whole), encoding="utf-8")
        n_read += check(imported, format_, path)
    assert n_read > 100  # what is passed over does not stop the rest


@pytest.mark.parametrize(("format_", "names"), SAMPLES, ids=["compose", "kubernetes"])
def test_text_that_is_changed_anywhere_is_read_or_refused(format_, names, samples, tmp_path, imported):
    luck = random.Random(2027)
    originals = [(samples / format_ / name).read_bytes() for name in names]
    n_read = 0
    for _ in range(200):
        content = bytearray(luck.choice(originals))
        for _ in range(luck.randrange(1, 6)):
            at = luck.randrange(len(content))
            if luck.random() < 0.5:
                del content[at : at + luck.randrange(1, 30)]
            else:
                content[at:at] = luck.choice(
                    [b"\x00", b"\xff", b"{{", b"- ", b"\n", b": ", b"&a ", b"*a", b"<<: *a", b'"', b"\t"]
                )
        path = tmp_path / "changed.yaml"
        path.write_bytes(bytes(content))
        n_read += check(imported, format_, path)
    assert 0 < n_read < 200

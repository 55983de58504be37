"""Whatever stands in a file, the answer is a model or problems: never another exception, and never after a long time."""

from __future__ import annotations

import copy
import math
import random
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import impactsim
from impactsim.cli.main import main
from impactsim.files.opening import read_content
from impactsim.files.reading import check_files, load_scenario, load_system, validate_scenario, validate_system
from impactsim.problems import InvalidInput

STARTER = Path(impactsim.__file__).parent / "starter"
SYSTEM = (STARTER / "system.yaml").read_bytes()
SCENARIO = (STARTER / "scenario.yaml").read_bytes()
LONGEST_S = 5.0
"""CPU time; a hundred times what these small files cost, so that only what grows without bound is caught."""

TOKENS = [
    *(
        b"&a",
        b"*a",
        b"&a [*a]",
        b"<<: ",
        b"!!python/object:os.system ",
        b"! ",
        b"{",
        b"}",
        b"[",
        b"]",
        b"- ",
        b": ",
        b"? ",
    ),
    *(
        b"\t",
        b"\n",
        b"\r",
        b"\x00",
        b"\xff\xfe",
        b"\xc3",
        b"\xef\xbb\xbf",
        b"\xe2\x80\xa8",
        b"\x1b[31m",
        b'"',
        b"'",
        b"|",
        b">",
    ),
    *(
        b"# ",
        b"%YAML 9.9\n",
        b"---\n",
        b"...\n",
        b"~",
        b"null",
        b"true",
        b".nan",
        b"-.inf",
        b"1e999",
        b"-1",
        b"9" * 150,
    ),
    *(
        b"9" * 5000,
        b"0x" + b"f" * 300,
        b"1" + b"0" * 20 + b"d",
        b"PT1e5H",
        b"1h-2m",
        b"110%",
        b"x" * 3000,
        b"[[[[" * 60,
    ),
    *(b"{a: " * 150, b"components", b"system: scenario.yaml\n", b"changes: {components: null}\n", b"impactsim: 2\n"),
]
VALUES: list[Any] = [
    *(
        None,
        True,
        0,
        -1,
        1,
        2.5,
        10**18,
        10**150,
        -(10**150),
        1e308,
        math.inf,
        -math.inf,
        math.nan,
        "",
        " ",
        "x",
        "shop",
        "grid",
    ),
    *(
        "5m",
        "0",
        "-5m",
        "9" * 90 + "w",
        "1e9h",
        "P9999999999D",
        "110%",
        "1e-400",
        "\x00",
        "\u202e",
        "\U0001f600" * 50,
        "{fault}",
    ),
    *([], [None], [[]], ["shop", "shop"], [{"shop": 1}], {}, {"": 1}, {"median": "1h", "p95": "1h"}, {"mean": "0s"}),
    *(
        {"samples": []},
        {"samples": [math.nan]},
        {"low": "9w", "high": "1s"},
        {"typical": ["x"]},
        {"typical": "x" * 500},
    ),
    *(
        {"median": 1e308, "shape": 1e-308, "law": "log-logistic"},
        {"any_of": [{"use": "grid"}] * 3},
        {"pool": {"grid": 0}, "demand": 0},
    ),
    *(
        {"at_least": 10**9, "of": ["grid"]},
        {"component": "shop", "holdover": "0", "recharge": "0"},
        "2026-02-30",
        "2026-01-01T00:00",
    ),
]


def answers(content: bytes, folder: Path, name: str) -> float:
    """Check a file and load it both ways; return how long it took."""
    path = folder / name
    path.write_bytes(content)
    n_lines = len(content.decode("utf-8", "replace").splitlines())
    begin = time.process_time()
    for problem in check_files([path]):
        assert problem.code
        assert str(problem)
        assert problem.line <= max(n_lines, 1) or problem.file != str(path)
    for load in (load_system, load_scenario):
        try:
            load(path)
        except InvalidInput as error:
            assert any(problem.severity == "error" for problem in error.problems)  # noqa: PT017 - it may also load
    return time.process_time() - begin


def mutated(content: bytes, luck: random.Random) -> bytes:
    for _ in range(luck.randint(1, 4)):
        here, there = sorted(luck.randrange(len(content) + 1) for _ in range(2))
        there = min(there, here + luck.choice([1, 5, 200]))
        match luck.randrange(5):
            case 0:
                content = content[:here] + content[there:]
            case 1:
                content = content[:here] + luck.choice(TOKENS) + content[here:]
            case 2:
                content = content[:here] + luck.choice(TOKENS) + content[there:]
            case 3:
                content = content[:there] + content[here:]
            case _:
                content = content[: luck.choice([here, len(content)])]
    return content


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "system.yaml").write_bytes(SYSTEM)
    return tmp_path


@pytest.mark.parametrize("seed", range(10))
def test_mutated_text_gives_problems_or_an_answer(seed: int, folder: Path) -> None:
    luck = random.Random(seed)
    for _ in range(20):
        assert answers(mutated(SYSTEM, luck), folder, "mutated.yaml") < LONGEST_S
        assert answers(mutated(SCENARIO, luck), folder, "mutated.yaml") < LONGEST_S


def replaced(data: Any, luck: random.Random) -> Any:
    """Return the data with one value in it replaced, or one key renamed."""
    data = copy.deepcopy(data)
    places = []
    waiting = [data]
    while waiting:
        part = waiting.pop()
        steps = list(part) if isinstance(part, dict) else range(len(part))
        places += [(part, step) for step in steps]
        waiting += [part[step] for step in steps if isinstance(part[step], dict | list)]
    part, step = luck.choice(places)
    if isinstance(part, dict) and luck.random() < 0.2:
        part[luck.choice(["shop", "grid", "x y", "", "needs", "\x00", "at"])] = part.pop(step)
    else:
        part[step] = copy.deepcopy(luck.choice(VALUES))
    return data


def data_of(content: bytes) -> Any:
    document, _ = read_content(content, "f.yaml")
    assert document is not None
    return document.data


@pytest.mark.parametrize("seed", range(10))
def test_mutated_data_gives_problems_or_an_answer(seed: int) -> None:
    luck = random.Random(seed)
    system, scenario = data_of(SYSTEM), data_of(SCENARIO)
    for _ in range(40):
        for what, other in ((replaced(scenario, luck), system), (scenario, replaced(system, luck))):
            begin = time.process_time()
            try:
                validate_scenario(what, other)
            except InvalidInput as error:
                assert all(problem.code and str(problem) for problem in error.problems)  # noqa: PT017 - it may also load
            assert time.process_time() - begin < LONGEST_S


@pytest.mark.parametrize("seed", range(3))
def test_mutated_changes_give_problems_or_an_answer(seed: int) -> None:
    luck = random.Random(seed)
    system, scenario = data_of(SYSTEM), data_of(SCENARIO)
    for _ in range(30):
        try:
            validate_scenario({**scenario, "changes": replaced(replaced(system, luck), luck)}, system)
        except InvalidInput as error:
            assert all(problem.code for problem in error.problems)  # noqa: PT017 - it may also load


PLAIN = st.recursive(
    st.sampled_from(VALUES) | st.text(max_size=5) | st.integers() | st.floats(),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=5), below, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(PLAIN)
def test_any_data_gives_problems_or_a_model(data: Any) -> None:
    for check in (validate_system, validate_scenario):
        with pytest.raises(InvalidInput):
            check(data)
        for key in ("components", "users", "events", "actions", "changes", "system", "common_causes", "crews"):
            try:
                check({"impactsim": 1, "name": "x", "components": {"a": {}}, key: data})
            except InvalidInput as error:
                assert error.problems  # noqa: PT017 - it may also be valid


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=40) | st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_give_problems_or_data(content: bytes) -> None:
    for name in ("f.yaml", "f.json"):
        document, problems = read_content(content, name)
        assert document is not None or problems


MANY = 100_000
LAUGHS = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (98 + level, 98 + level, b",".join([b"*%c" % (97 + level)] * 9)) for level in range(20)
)
HEADER = b"impactsim: 1\nname: x\ncomponents:\n"
BOMBS = {
    "aliases of aliases": LAUGHS,
    "an alias within itself": b"impactsim: 1\ncomponents: &a {b: *a}\n",
    "many aliases": b"a: &a {x: 1}\nb: [" + b"*a," * MANY + b"]\n",
    "brackets": b"[" * MANY,
    "braces": b"{" * MANY,
    "braces with keys": b"{a: " * MANY,
    "JSON braces": b'{"a":' * MANY,
    "dashes": b"- " * MANY,
    "question marks": b"? " * MANY,
    "colons": b": " * MANY,
    "anchors": b"&a " * MANY,
    "tags": b"- !!x y\n" * MANY,
    "indents": b"".join(b" " * level + b"a:\n" for level in range(1000)),
    "an open quote": b'a: "' + b"x\n " * MANY,
    "a long key": b"x" * 1_000_000 + b": 1\n",
    "a long integer": b"a: " + b"9" * 1_000_000,
    "a long hexadecimal": b"a: 0x" + b"f" * 1_000_000,
    "a long exponent": b"impactsim: 1\nname: x\npopulation: 1e" + b"9" * 150 + b"\ncomponents: {a: {}}\n",
    "a long JSON integer": b'{"impactsim":' + b"9" * 1_000_000 + b"}",
    "a key many times": b"a: 1\n" * MANY,
    "keys twice": b"".join(b"k%d: 1\nk%d: 2\n" % (number, number) for number in range(12_000)),
    "JSON keys twice": b'{"a":1' + b',"a":1' * MANY + b"}",
    "unknown keys": b"impactsim: 1\n" + b"".join(b"k%d: 1\n" % number for number in range(12_000)),
    "empty components": HEADER + b"".join(b" c%d:\n" % number for number in range(3_000)),
    "unknown needs": HEADER + b" a: {needs: [" + b",".join(b"c%d" % number for number in range(3_000)) + b"]}\n",
    "wrong needs": HEADER + b" a: {needs: [" + b"{x: 1}," * 3_000 + b"]}\n",
    "a chain": HEADER
    + b"".join(b" c%d: {needs: [c%d]}\n" % (number, number + 1) for number in range(5_000))
    + b" c5000: {}\n",
    "documents": b"---\n" * MANY,
    "lines": b"\n" * MANY * 10,
    "nothing": b"",
    "zeros": b"\x00" * MANY,
    "UTF-16": SYSTEM.decode().encode("utf-16"),
    "Latin-1": SYSTEM + b"# caf\xe9\n",
    "binary": bytes(range(256)) * 100,
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_grows_without_bound_ends_soon(name: str, folder: Path) -> None:
    assert answers(BOMBS[name], folder, "bomb.yaml") < LONGEST_S


@pytest.mark.parametrize("length", range(0, len(SYSTEM), 97))
def test_a_file_that_breaks_off_is_told(length: int, folder: Path) -> None:
    assert answers(SYSTEM[:length], folder, "short.yaml") < LONGEST_S


def test_the_command_prints_what_cannot_be_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "odd.json").write_text('{"impactsim": 1, "name": "x", "components": {"a\\u0000\\u001b[31m\\n": {}}}')
    assert main(["check", str(folder / "odd.json")]) == 1
    assert "\x1b" not in capsys.readouterr().out

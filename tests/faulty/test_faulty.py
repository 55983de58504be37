"""Every code of a problem has a small faulty file, and each file has that one problem, where its first line says.

A file is named by its code, with a word after a dot where a code has several: ``then-order.level.yaml``. Its first line is
``# expect LINE PATH``, with the path as it is printed; JSON has no comments, so its files are expected in `IN_JSON`. Plans name the systems and scenarios in the folder ``_plan``, layers
those in ``_layers``.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import impactsim
from impactsim.files.documents import MAX_PROBLEMS
from impactsim.files.opening import LIMIT_BYTES
from impactsim.files.reading import check_file, validate_scenario
from impactsim.model.system import Component, System
from impactsim.problems import InvalidInput, dotted

HERE = Path(__file__).parent
PACKAGE = Path(impactsim.__file__).parent
ROOMS = ("quantities.py", "law_forms.py", "laws.py", "model", "files")
"""Where the codes of systems and scenarios come from."""

IN_JSON = {"json-syntax.json": (4, ""), "number-size.json": (5, "")}
WITHOUT_FILE = {
    "file-size": "nobody wants a file of 64 MiB in the checkout",
    "changes-of-model": "only a program can give a system that is no text",
    "too-many": "nobody wants a thousand faults in the checkout",
    **dict.fromkeys(
        ("incident-time", "incident-duration", "incident-row", "incident-column", "incident-many"),
        "a table of incidents is no system: tests/files/test_incidents.py",
    ),
}
"""Codes without a faulty file, and why; each has a test below."""

WARNINGS = {
    *("activity-adds-up", "activity-without-start", "after-horizon", "at-no-site", "catch-up-nothing", "change-adds"),
    *("change-removes", "circle-to-start", "covers-nothing", "destroyed-without-copy", "failover-outlasts-holdover"),
    *("infinite-mean", "needed-twice", "no-capacity", "no-end", "no-impact", "no-population", "no-standby"),
    *("nothing-happens", "odd-first-member", "odd-kind", "priority-without-crew", "provider-with-own-crew"),
    *("rate-without-restore", "denied-nothing", "few-needs", "layer-adds"),
    *("repair-of-nothing", "rto-above-mtpd", "strikes-nothing", "unused-crew", "users-counted-twice", "uses-nothing"),
    *(
        "workaround-purpose",
        "recharge-without-holdover",
        "degrade-to-all",
        "effects-on-no-service",
        "uses-no-service",
    ),
    *("service-without-plan", "unused-role", "unused-supply", "unused-tier"),
}
"""What a run can live with; anything else leaves it unclear what was meant, and stops it."""

FORMS = {"need-form", "event-form", "action-form"}
"""What validation makes of its ``{word}-form``."""


def faulty_files() -> list[Path]:
    return sorted(
        path for path in HERE.iterdir() if path.suffix in {".yaml", ".json"} and not path.name.startswith("_")
    )


def expected(path: Path) -> tuple[int, str]:
    """Return the line and the path that a file promises."""
    if path.name in IN_JSON:
        return IN_JSON[path.name]
    first = path.read_bytes().split(b"\n", 1)[0].decode()
    mark, line, *place = first.removeprefix("# ").split(" ", 2)
    assert mark == "expect", f"{path.name} does not begin with `# expect LINE PATH`"
    return int(line), "".join(place)


def codes_in(source: str) -> set[str]:
    """Return the codes that a module gives to problems: what it passes to a parameter called code."""
    tree = ast.parse(source)
    position = {"Fault": 0, "error": 0, "warning": 0, "Problem": 3}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args if argument.arg != "self"]
            if "code" in names:
                position[node.name] = names.index("code")
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = position.get(called, len(node.args))
            given = [*node.args[place : place + 1], *(word.value for word in node.keywords if word.arg == "code")]
            for value in given:
                if isinstance(value, ast.JoinedStr):
                    found |= FORMS
                elif not isinstance(value, ast.Attribute | ast.Name | ast.Subscript):
                    found |= {part.value for part in ast.walk(value) if isinstance(part, ast.Constant)}
    return found - {""}


def all_codes() -> set[str]:
    files = [
        path for room in ROOMS for path in (PACKAGE / room, *(PACKAGE / room).rglob("*.py")) if path.suffix == ".py"
    ]
    return {code for path in files for code in codes_in(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("path", faulty_files(), ids=lambda path: path.name)
def test_a_faulty_file_has_its_problem_where_it_says_and_no_other(path):
    line, place = expected(path)
    problems = check_file(path)
    assert [(problem.code, problem.line, dotted(problem.path)) for problem in problems] == [
        (path.name.split(".")[0], line, place)
    ]
    assert problems[0].file == str(path)


@pytest.mark.parametrize("path", faulty_files(), ids=lambda path: path.name)
def test_what_is_printed_of_it_is_one_line_that_begins_with_its_place(path):
    (problem,) = check_file(path)
    assert str(problem).startswith(f"{path}:{problem.line}: ")
    assert str(problem).isprintable()


@pytest.mark.parametrize("path", faulty_files(), ids=lambda path: path.name)
def test_what_a_run_can_live_with_is_a_warning_and_all_else_an_error(path):
    (problem,) = check_file(path)
    assert problem.severity == ("warning" if problem.code in WARNINGS else "error")


def test_a_file_above_the_limit_is_refused(tmp_path):
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(LIMIT_BYTES + 1)
    assert [problem.code for problem in check_file(path)] == ["file-size"]


def test_the_first_problems_are_told_and_that_there_are_more(tmp_path):
    path = tmp_path / "hopeless.yaml"
    wrong = "".join(f"  web-{i}: 5\n" for i in range(MAX_PROBLEMS + 1))
    path.write_text("impactsim: 1\nname: Shop\ncomponents:\n" + wrong)
    problems = check_file(path)
    assert [problem.line for problem in problems if problem.code == "wrong-type"] == [*range(4, 4 + MAX_PROBLEMS)]
    assert [problem.code for problem in problems if problem.code != "wrong-type"] == ["too-many"]


def test_a_system_that_is_no_text_cannot_be_patched():
    system = System(impactsim=1, name="Shop", components={"web": Component()})
    scenario = {"impactsim": 1, "name": "Bad day", "system": system, "events": [{"fail": "web", "for": "1h"}]}
    assert validate_scenario(scenario).problems == ()
    with pytest.raises(InvalidInput) as caught:
        validate_scenario({**scenario, "changes": {"components": {"web": {"restart": "2m"}}}})
    assert [problem.code for problem in caught.value.problems] == ["changes-of-model"]


def test_every_code_has_a_faulty_file():
    assert all_codes() - {path.name.split(".")[0] for path in faulty_files()} - WITHOUT_FILE.keys() == set()


def test_every_faulty_file_has_a_code_of_the_source():
    assert {path.name.split(".")[0] for path in faulty_files()} - all_codes() == set()


def test_the_codes_are_found_where_they_are_passed():
    source = """
def note(line, code, fault): ...
class C:
    def hint(self, code): ...
note(1, "one", "fault")
self.hint("two" if x else "three")
Problem((), "fault", "remedy", "four")
Problem((), "fault", code="five")
Fault("six", "fault")
raise Fault(fault.code, "seven")
"""
    assert codes_in(source) == {"one", "two", "three", "four", "five", "six"}

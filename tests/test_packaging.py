"""What is shipped is whole: version, data of the package, documents; and nothing in it knows somebody's machine."""

from __future__ import annotations

import ast
import fnmatch
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import impactsim

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "impactsim"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
HEAVY = {"jinja2", "matplotlib", "networkx", "numpy", "pandas", "numba", "llvmlite", "dask", "distributed"}
TEXT = {"", ".cfg", ".html", ".ini", ".ipynb", ".json", ".md", ".py", ".sh", ".svg", ".toml", ".txt", ".yaml", ".yml"}


def files_of_checkout() -> list[Path]:
    """Return the files of the checkout that somebody wrote."""
    made = re.compile(r"\..*_cache|__pycache__|\.git|\.venv|\.hypothesis|\.pytest_cache|.*\.egg-info|build|dist")
    found = []
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        if path.is_file() and path.suffix in TEXT and not any(made.fullmatch(part) for part in parts[:-1]):
            found.append(path)
    return found


def test_the_version_is_the_same_everywhere():
    version = PROJECT["project"]["version"]
    assert impactsim.__version__ == version
    assert importlib.metadata.version("impactsim") == version
    assert version in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_file_of_the_package_is_shipped():
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["impactsim"]
    data = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    ]
    assert len(data) >= 7
    assert [name for name in data if not any(fnmatch.fnmatch(name, pattern) for pattern in patterns)] == []
    assert [pattern for pattern in patterns if not any(fnmatch.fnmatch(name, pattern) for name in data)] == []


def test_every_folder_with_modules_is_a_package():
    """setuptools leaves out a folder without __init__."""
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


@pytest.mark.parametrize(
    "name",
    ["architecture.md", "audit.md", "forecast.md", "format.md", "guide.md", "rank.md", "semantics.md", "trials.md"],
)
def test_the_documents_are_in_the_package(name):
    assert (PACKAGE / "docs" / name).read_text(encoding="utf-8").startswith("# ")
    assert f"impactsim/docs/{name}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_two_commands_of_the_readme_are_what_ci_executes():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = [line for line in readme.splitlines() if line.startswith("python3 -m venv ")]
    assert len(commands) == 2
    scenario = re.search(r"impactsim run (\S+)$", commands[0])
    assert scenario
    assert (ROOT / scenario[1]).is_file()
    assert commands[1].endswith(
        "pip install -q -e '.[dev,fast,cluster,import]' && .venv/bin/pytest -n auto --dist loadfile"
    )
    assert "python3 -m venv" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_no_file_knows_a_path_of_somebodys_machine():
    # Homes and working places; not /dev, /tmp and the like, which every machine has.
    path = re.compile(r"(?<![\w.:/~-])/(?:home|Users|root|work|mnt|opt|srv|workspace)/[\w.]")
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in files_of_checkout()
        if file != Path(__file__)
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if path.search(line)
    ]
    assert found == []


def imported_at_once(tree: ast.AST) -> set[str]:
    """Return what a module imports when it is imported, by top-level name."""
    found: set[str] = set()
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found |= imported_at_once(node)
    return found


def test_heavy_libraries_are_imported_where_they_are_used():
    heavy = {
        path.relative_to(PACKAGE).as_posix(): sorted(found)
        for path in PACKAGE.rglob("*.py")
        if (found := imported_at_once(ast.parse(path.read_text(encoding="utf-8"))) & HEAVY)
    }
    # Each is itself imported only where it is needed: to draw, to compile, and to sample.
    drawers = {path for path in heavy if path == "reports/plot.py" or path.startswith("reports/document/charts_")}
    assert {path: heavy.pop(path) for path in sorted(drawers)} == {path: ["matplotlib"] for path in drawers}
    assert heavy.pop("engine/kernel.py") == ["llvmlite", "numba", "numpy"]
    samplers = {path for path in heavy if path.startswith(("trials/", "reportable/", "outage/"))} | {
        "review/play/recovered.py",
        *(
            f"reports/{name}.py"
            for name in (
                *("rank/assemble", "forecast/assemble", "sampled/assemble", "sampled/compare"),
                *("rank/rests", "sampled/rests"),
            )
        ),
    }
    assert heavy == {path: ["numpy"] for path in samplers & set(heavy)}


def modules_after(*arguments: str) -> set[str]:
    """Return what a process has imported after a command line."""
    program = (
        "import sys; from impactsim.cli.main import main; status = main(sys.argv[1:]); "
        "print(status, *sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True, cwd=ROOT
    )
    status, *modules = done.stderr.split()
    assert status == "0", done.stdout
    return set(modules)


SCENARIO = "scenarios/teaching-shop/1-power-cut.yaml"


@pytest.mark.parametrize(
    "arguments",
    [["run", SCENARIO], ["run", SCENARIO, "--json"], ["check", SCENARIO], ["compare", SCENARIO, SCENARIO]],
    ids=lambda words: " ".join(words[:1] + words[2:]),
)
def test_a_command_imports_no_library_that_it_does_not_need(arguments):
    modules = modules_after(*arguments)
    assert "impactsim.files.reading" in modules
    assert modules & HEAVY == set()


def test_the_help_imports_neither_model_nor_readers():
    modules = modules_after("--help")
    assert "click" in modules
    assert modules & {*HEAVY, "pydantic", "yaml", "impactsim.workflow"} == set()


def test_a_missing_extra_is_named_in_the_project():
    """Whatever the tests import is the package's own dependency, or the extra `dev` has it, or `bench`."""
    extras = PROJECT["project"]["optional-dependencies"]
    named = " ".join([*PROJECT["project"]["dependencies"], *extras["dev"], *extras["bench"]]).lower()
    own = {path.stem for path in (ROOT / "tests").iterdir()} | {"impactsim"}
    imported: set[str] = set()
    for path in (ROOT / "tests").rglob("*.py"):
        imported |= imported_at_once(ast.parse(path.read_text(encoding="utf-8")))
    local = {path.stem for path in (ROOT / "tests").rglob("*.py")}
    spelling = {"yaml": "pyyaml", "availsim4core": "availsim4"}
    foreign = imported - own - local - set(sys.stdlib_module_names)
    assert [name for name in sorted(foreign) if spelling.get(name, name).replace("_", "-") not in named] == []

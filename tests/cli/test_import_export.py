from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from impactsim.audit.estate import Estate
from impactsim.cli.main import main
from impactsim.files.reading import load_system

PUMPS = Path(__file__).parents[1] / "importers" / "pumps.xml"
SHOP = """\
impactsim: 1
name: shop
components:
  shop: {needs: [{any_of: [a, b]}, {component: c, impact: 0.5}], fails: {probability: 0}}
  a: {kind: provider, fails: {probability: 0.25}}
  b: {kind: provider, fails: {probability: 0.5}}
  c: {kind: provider}
"""


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(PUMPS, "pumps.xml")
    Path("shop.yaml").write_text(SHOP)


def test_a_tree_becomes_a_system_without_a_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "open-psa", "pumps.xml", "--out", "system.yaml"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("wrote system.yaml: 11 components, 8 needs\n  kinds: event 6, gate 4, service 1\n")
    assert [line.split(": ")[0] for line in said.err.splitlines()] == ["pumps.xml:41", "pumps.xml:57"]
    assert main(["check", "system.yaml"]) == 0
    assert capsys.readouterr().out == "1 file checked: no errors\n"


def test_a_tree_with_errors_tells_all_of_them_and_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    text = PUMPS.read_text().replace("<and>", "<xor>").replace("</and>", "</xor>").replace("5e-2", "5")
    Path("wrong.xml").write_text(text)
    assert main(["import", "open-psa", "wrong.xml", "--out", "system.yaml"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[0] for line in lines] == [f"wrong.xml:{line}" for line in (9, 32, 38, 42)]
    assert lines[2].startswith("wrong.xml:38: basic-event 'generator': a probability of '5' is not between 0 and 1")
    assert not Path("system.yaml").exists()


@pytest.mark.parametrize(
    "arguments",
    [("import", "open-psa", "pumps.xml", "--out"), ("export", "open-psa", "shop.yaml", "shop", "--out")],
    ids=["import", "export"],
)
def test_no_file_is_overwritten(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine").write_text("mine")
    Path("nowhere").symlink_to("elsewhere")
    for name in ("mine", "nowhere"):
        assert main([*arguments, name]) == 1
        assert f"{name} already there; nothing has been written" in capsys.readouterr().err
    assert Path("mine").read_text() == "mine"
    assert not Path("elsewhere").exists()


def test_a_document_that_is_not_there_is_told_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "open-psa", "gone.xml", "--out", "system.yaml"]) == 1
    assert capsys.readouterr().err == "gone.xml: there is no such file; check its name [file-missing]\n"
    Path("empty").mkdir()
    assert main(["import", "open-psa", "empty", "--out", "system.yaml"]) == 1
    assert "empty: no file in this folder ends with .xml" in capsys.readouterr().err
    assert main(["import", "open-psa", "pumps.xml", "--out", "gone/system.yaml"]) == 1


def test_names_in_a_document_cannot_command_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    name = "\u009b31m"  # the one control sequence that XML lets through
    tree = f'<define-fault-tree name="t"><define-gate name="g"><gate name="{name}"/></define-gate></define-fault-tree>'
    Path("wrong.xml").write_text(f"<opsa-mef>{tree}</opsa-mef>", encoding="utf-8")
    assert main(["import", "open-psa", "wrong.xml", "--out", "system.yaml"]) == 1
    assert "\u009b" not in capsys.readouterr().err


def test_a_service_is_printed_as_a_tree(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "open-psa", "shop.yaml", "shop"]) == 0
    said = capsys.readouterr()
    assert '<define-basic-event name="a">' in said.out
    assert 'name="c"' not in said.out
    assert said.err == ""


def test_degraded_counts_soft_needs_and_names_what_nobody_knows(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "open-psa", "shop.yaml", "shop", "--degraded"]) == 0
    said = capsys.readouterr()
    assert '<define-basic-event name="c"/>' in said.out
    assert said.err == "impactsim: without a probability: c\n"


def test_there_and_back_again_is_the_same_question() -> None:
    assert main(["export", "open-psa", "shop.yaml", "shop", "--out", "shop.xml"]) == 0
    assert main(["import", "open-psa", "shop.xml", "--out", "again.yaml"]) == 0
    estate = Estate(load_system("again.yaml").system)
    (top,) = estate.services
    a, b = estate.event_of("a"), estate.event_of("b")
    assert top in estate.down(a, b)
    assert top not in estate.down(a) | estate.down(b)
    answers, node = estate.answers(), estate.structure().down(top)
    assert [cut_set.events for cut_set in answers.cut_sets(node)] == [tuple(sorted((a, b)))]
    assert answers.probability(node).low == answers.probability(node).high == 0.125


def test_a_name_that_is_not_there_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "open-psa", "shop.yaml", "shopp"]) == 2
    assert "no component is called 'shopp'; did you mean shop?" in capsys.readouterr().err


WHOLE = ("graphml", "dot", "node-link", "mermaid", "backstage")


@pytest.mark.parametrize("format_", WHOLE)
def test_a_whole_system_is_printed_or_written_the_same(format_: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", format_, "shop.yaml"]) == 0
    printed = capsys.readouterr()
    assert main(["export", format_, "shop.yaml", "--out", "shop.out"]) == 0
    assert Path("shop.out").read_text(encoding="utf-8") == printed.out
    told = capsys.readouterr()
    assert (told.out, told.err) == ("wrote shop.out\n", printed.err)
    assert main(["export", format_, "shop.yaml", "--out", "shop.out"]) == 1
    assert "shop.out already there; nothing has been written" in capsys.readouterr().err


@pytest.mark.parametrize("format_", [*WHOLE, "csv"])
def test_what_is_no_system_is_not_exported(format_: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("wrong.yaml").write_text(SHOP.replace("b: {", "bb: {"))
    assert main(["export", format_, "wrong.yaml", "--out", "out"]) == 1
    assert "no component is called 'b'" in capsys.readouterr().err
    assert not Path("out").exists()


@pytest.mark.parametrize("format_", ["graphml", "dot", "node-link", "csv"])
def test_what_a_format_does_not_carry_is_told_apart_from_it(format_: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("users.yaml").write_text(SHOP + "users: {all: {count: 3, uses: [shop]}}\n")
    assert main(["export", format_, "users.yaml", "--out", "out"]) == 0
    assert capsys.readouterr().err == "impactsim: not carried: segments of users (1)\n"


@pytest.mark.parametrize(("format_", "back"), [("graphml",) * 2, ("dot",) * 2, ("node-link",) * 2, ("csv", "table")])
def test_an_export_is_imported_again(format_: str, back: str) -> None:
    assert main(["export", format_, "shop.yaml", "--out", "out"]) == 0
    assert main(["import", back, "out", "--out", "again.yaml"]) == 0
    first, again = load_system("shop.yaml").system, load_system("again.yaml").system
    assert list(first.components) == list(again.components)
    assert again.components["shop"].needs[1].impact == 0.5


def test_two_tables_need_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "csv", "shop.yaml"]) == 2
    assert "--out DIR" in capsys.readouterr().err
    assert main(["export", "csv", "shop.yaml", "--out", "tables"]) == 0
    assert sorted(path.name for path in Path("tables").iterdir()) == ["edges.csv", "nodes.csv"]
    Path("tables/nodes.csv").unlink()
    capsys.readouterr()
    assert main(["export", "csv", "shop.yaml", "--out", "tables"]) == 1
    assert "edges.csv already there; nothing has been written" in capsys.readouterr().err
    assert not Path("tables/nodes.csv").exists()
    assert main(["export", "csv", "shop.yaml", "--out", "shop.yaml"]) == 1
    assert main(["export", "csv", "shop.yaml", "--out", "gone/tables"]) == 1


@pytest.mark.parametrize(
    "arguments", [["import"], ["export"], ["import", "visio"], ["import", "open-psa", "pumps.xml"]]
)
def test_a_command_that_is_not_whole_is_wrong_use(arguments: list[str]) -> None:
    assert main(arguments) == 2

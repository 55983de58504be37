"""Files of strangers: which are read, which are not, and how much of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from impactsim.files.opening import read_foreign_yaml
from impactsim.importers.notes import Notes
from impactsim.importers.sources import Source, sources_of
from impactsim.problems import InvalidInput


def test_a_folder_is_read_by_the_ends_of_names_in_their_order(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml", "c.txt", ".hidden.yaml", "deep/d.YAML", ".git/e.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    found = sources_of([tmp_path], [".yaml", ".yml"])
    assert [source.content.decode() for source in found] == ["a.yml", "b.yaml", "deep/d.YAML"]


def test_all_files_that_cannot_be_read_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InvalidInput) as caught:
        sources_of([tmp_path / "gone.yaml", tmp_path / "empty", Path("nul\0name")], [".yaml"])
    codes = sorted(problem.code for problem in caught.value.problems)
    assert codes == ["file-missing", "file-unreadable", "nothing-there"]


def test_files_beside_a_file_are_opened_and_none_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("secret")
    inside = tmp_path / "catalogue"
    inside.mkdir()
    for name in ("all.yaml", "one.yaml", "two.yaml"):
        (inside / name).write_text(name)
    (inside / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    notes = Notes("")
    (source,) = sources_of([inside / "all.yaml"], [])
    assert [each.content for each in source.beside("./o*.yaml", notes)] == [b"one.yaml"]
    assert [each.name for each in source.beside("two.yaml", notes)] == [str(inside / "two.yaml")]
    assert notes.problems == []
    for target in ("../secret.yaml", str(tmp_path / "secret.yaml"), "link.yaml", "l*.yaml"):
        assert source.beside(target, notes) == []
    assert [problem.code for problem in notes.problems] == ["outside"] * 4
    assert source.beside("gone.yaml", notes) == []
    assert notes.problems[-1].code == "nothing-there"


def test_yaml_of_others_has_documents_merge_keys_and_tags() -> None:
    text = b"base: &base {image: x, ports: [1]}\nweb:\n  <<: *base\n  image: !secret y\n---\n---\nsecond: 1\n"
    documents, problems = read_foreign_yaml(text, "stack.yaml")
    assert problems == []
    assert [document.data for document in documents] == [
        {"base": {"image": "x", "ports": [1]}, "web": {"image": "y", "ports": [1]}},
        {"second": 1},
    ]
    assert documents[0].line(("web", "image")) == 4
    assert documents[1].line(("second",)) == 7


def test_of_several_merged_mappings_the_first_counts() -> None:
    (document,), _ = read_foreign_yaml(b"a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc:\n  <<: [*a, *b]\n", "stack.yaml")
    assert document.data["c"] == {"x": 1, "y": 2}


def test_a_forgotten_line_between_documents_is_told() -> None:
    _, problems = read_foreign_yaml(b"kind: System\nname: a\nkind: Component\nname: b\n", "catalog.yaml")
    assert [(problem.code, problem.line) for problem in problems] == [("duplicate-key", 3), ("duplicate-key", 4)]


def test_aliases_of_aliases_are_bounded() -> None:
    lines = ["a0: &a0 {x: 1, y: 2}"]
    lines += [f"a{i}: &a{i} {{" + ", ".join(f"k{j}: *a{i - 1}" for j in range(9)) + "}" for i in range(1, 9)]
    _, problems = read_foreign_yaml("\n".join(lines).encode(), "bomb.yaml")
    assert [problem.code for problem in problems] == ["yaml-alias"]


def test_what_looks_like_an_alias_and_may_be_a_password_is_not_told() -> None:
    _, problems = read_foreign_yaml(b"web:\n  PASSWORD: *hunter2\n", "stack.yaml")
    assert [(problem.code, problem.line) for problem in problems] == [("yaml-alias", 2)]
    assert "hunter2" not in str(problems)


def test_text_with_a_mark_is_read_whatever_its_encoding() -> None:
    notes = Notes("")
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert Source("t.csv", "größe".encode(encoding)).text(notes) == "größe"
    assert notes.problems == []
    assert Source("t.csv", b"a\n\xff\xfe\xfa").text(notes) is None
    assert [(problem.code, problem.line) for problem in notes.problems] == [("file-encoding", 2)]

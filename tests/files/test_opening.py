from __future__ import annotations

from pathlib import Path

import pytest

from impactsim.files.opening import LIMIT_BYTES, read_content, read_document


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    for content in (b"\xef\xbb\xbfa: 1", b'\xef\xbb\xbf{"a": 1}'):
        document, problems = read_content(content, "f.yaml")
        assert problems == []
        assert document is not None
        assert document.data == {"a": 1}


@pytest.mark.parametrize("content", [b"a: 1\nb: \xff\n", "a: 1\nb: café".encode("latin-1")])
def test_what_is_not_utf_8_is_told_with_its_line(content: bytes) -> None:
    document, [problem] = read_content(content, "f.yaml")
    assert document is None
    assert (problem.code, problem.line) == ("file-encoding", 2)


def test_utf_16_is_refused() -> None:
    assert read_content("a: 1".encode("utf-16"), "f.yaml")[1][0].code == "file-encoding"


def test_braces_that_are_not_json_are_yaml() -> None:
    document, problems = read_content(b"{a: 1, b: [x]}", "f.yaml")
    assert problems == []
    assert document is not None
    assert document.data == {"a": 1, "b": ["x"]}


def test_yaml_in_a_json_file_is_told_as_wrong_json() -> None:
    assert read_content(b"{a: 1}", "f.JSON")[1][0].code == "json-syntax"


def test_a_missing_file_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "system.yaml").write_text("a: 1")
    _, [problem] = read_document(tmp_path / "sytem.yaml")
    assert problem.code == "file-missing"
    assert "'system.yaml'" in problem.remedy


def test_a_missing_directory_is_told(tmp_path: Path) -> None:
    _, [problem] = read_document(tmp_path / "gone" / "system.yaml")
    assert problem.code == "file-missing"
    assert "no directory" in problem.remedy


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    assert read_document(tmp_path)[1][0].code == "file-unreadable"
    assert read_document(tmp_path / "a\0b")[1][0].code == "file-missing"


def test_a_loop_of_links_is_told(tmp_path: Path) -> None:
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    _, [problem] = read_document(tmp_path / "loop.yaml")
    assert problem.code == "file-unreadable"
    assert problem.fault.startswith("the file cannot be read: ")


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    large = tmp_path / "large.yaml"
    with large.open("wb") as stream:
        stream.truncate(LIMIT_BYTES + 1)
    assert read_document(large)[1][0].code == "file-size"

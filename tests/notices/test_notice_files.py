"""The files of a notice: their names, and that all of them are written or none."""

from __future__ import annotations

import json
import re

import pytest

from impactsim.notices.files import EXTENSIONS, short_texts_of, texts_of, write_notices
from impactsim.problems import ImpactsimError, InvalidInput
from notices.forms_sample import LANGUAGES, hostile, incident, told


def no_scan(texts):
    """Find nothing."""


def test_there_is_a_file_for_each_language_named_after_incident_state_and_language():
    assert list(texts_of(told(incident()), "text")) == [
        f"notice-2026-11-21-1405-identified.{language}.txt" for language in LANGUAGES
    ]


@pytest.mark.parametrize("form", ["html", "json"])
def test_pages_and_json_hold_all_languages(form):
    assert list(texts_of(told(incident()), form)) == [f"notice-2026-11-21-1405-identified.mul.{form}"]
    assert list(texts_of(told(incident(), "de"), form)) == [f"notice-2026-11-21-1405-identified.de.{form}"]


def test_languages_are_stacked_into_one_file_if_that_is_asked_for():
    (name,) = texts_of(told(incident()), "statuspage", is_stacked=True)
    assert name == "notice-2026-11-21-1405-identified.mul.statuspage.json"


def test_files_of_all_forms_have_different_names():
    said = told(incident())
    names = [name for form in EXTENSIONS for name in texts_of(said, form)] + list(short_texts_of(said))
    assert len(names) == len(set(names)) == 4 * len(LANGUAGES) + 2


def test_names_of_files_are_of_plain_letters_whatever_the_reference():
    said = told(incident(reference="../../etc/\x00p\u202e ss:wd"), "en")
    for form in EXTENSIONS:
        assert all(re.fullmatch(r"notice-[0-9A-Za-z-]+\.en\.[a-z.]+", name) for name in texts_of(said, form))


def test_the_annex_is_in_every_form_but_that_of_status_pages():
    said = told(incident(), "en")
    beside = type(said)(said.incident, said.notices, said.shorts, annex=("The isp a is down.",))
    holds = {form for form in EXTENSIONS for text in texts_of(beside, form).values() if "The isp a is down." in text}
    assert holds == {"text", "markdown", "html", "json"}


def test_short_forms_are_one_line_each():
    texts = short_texts_of(told(hostile()))
    assert len(texts) == len(LANGUAGES)
    assert all(text.endswith("\n") and "\n" not in text[:-1] and text[:-1].isprintable() for text in texts.values())


def test_what_was_written_stands_there(tmp_path):
    texts = texts_of(told(incident()), "markdown")
    paths = write_notices(tmp_path, texts, no_scan)
    assert [path.name for path in paths] == list(texts)
    assert {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} == texts


def test_the_scan_sees_every_text_and_a_find_leaves_nothing_written(tmp_path):
    seen = {}

    class FoundError(ImpactsimError):
        pass

    def scan(texts):
        seen.update(texts)
        raise FoundError

    texts = texts_of(told(incident()), "text")
    with pytest.raises(FoundError):
        write_notices(tmp_path, texts, scan, overwrite=True)
    assert seen == texts
    assert list(tmp_path.iterdir()) == []


def test_one_file_that_exists_refuses_all(tmp_path):
    (tmp_path / "b.txt").write_text("old")
    with pytest.raises(InvalidInput, match=r"b\.txt: this file exists already"):
        write_notices(tmp_path, {"a.txt": "new", "b.txt": "new"}, no_scan)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"b.txt": "old"}


def test_files_are_replaced_if_that_is_allowed(tmp_path):
    (tmp_path / "b.txt").write_text("old")
    write_notices(tmp_path, {"a.txt": "new", "b.txt": "new"}, no_scan, overwrite=True)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.txt": "new", "b.txt": "new"}


def test_if_one_cannot_be_replaced_all_others_are_as_they_were(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    texts = {"a.txt": "new", "b.txt": "new", "missing/c.txt": "new"}
    with pytest.raises(OSError, match="missing"):
        write_notices(tmp_path, texts, no_scan, overwrite=True)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.txt": "old"}


def test_a_folder_that_is_none_is_a_problem(tmp_path):
    (tmp_path / "none").write_text("")
    with pytest.raises(InvalidInput, match="this is no directory"):
        write_notices(tmp_path / "none", {"a.txt": ""}, no_scan)


def test_a_folder_is_made_once_nothing_was_found(tmp_path):
    def scan(texts):
        assert texts == {"a.txt": "new"}
        assert not (tmp_path / "new").exists()

    (path,) = write_notices(tmp_path / "new" / "notices", {"a.txt": "new"}, scan)
    assert path.read_text() == "new"


def test_files_end_their_last_line():
    said = told(incident())
    for form in EXTENSIONS:
        for text in texts_of(said, form).values():
            assert text.endswith("\n")
            assert "\r" not in text
    assert json.loads(next(iter(texts_of(said, "json").values())))["notice"] == 1

"""The files of a notice: how they are called, what each holds, and how they are written, all of them or none."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from impactsim.files.writing import write_new, write_whole
from impactsim.notices.compose import Notice
from impactsim.notices.forms.harmless import harmless
from impactsim.notices.forms.html import to_html
from impactsim.notices.forms.json_form import to_json
from impactsim.notices.forms.markdown import to_markdown
from impactsim.notices.forms.statuspage import to_statuspage
from impactsim.notices.forms.text import to_text
from impactsim.notices.forms.words import language_key
from impactsim.notices.incident import PublicIncident
from impactsim.problems import InvalidInput, Problem

Form = Literal["text", "markdown", "html", "json", "statuspage"]
EXTENSIONS: dict[Form, str] = {
    "text": "txt",
    "markdown": "md",
    "html": "html",
    "json": "json",
    "statuspage": "statuspage.json",
}
"""Forms of a notice, and what the names of their files end with."""

SEVERAL_LANGUAGES = "mul"
"""The language tag of what is in several (ISO 639-2)."""
_ALWAYS_WHOLE: tuple[Form, ...] = ("html", "json")
"""Forms of which one file holds all languages."""
_NOT_IN_NAMES = re.compile(r"[^0-9A-Za-z]+")

Scan = Callable[[Mapping[str, str]], None]
"""Looks for names that must not be read, in texts by the names of their files, and raises if there is one."""


@dataclass(frozen=True, slots=True)
class Told:
    """An incident in words: what any form is made from."""

    incident: PublicIncident
    notices: tuple[Notice, ...]
    """One at least, each in its language."""
    shorts: Mapping[str, str] = field(default_factory=dict)
    """Short forms by language (``en``, ``ja-easy``)."""
    annex: tuple[str, ...] = ()
    """What responders and partners may read besides; no status page gets it."""
    components: Mapping[str, str] = field(default_factory=dict)
    """Ids of components of Statuspage by public name."""


def texts_of(told: Told, form: Form, *, is_stacked: bool = False) -> dict[str, str]:
    """Return what is to be written in a form.

    Parameters
    ----------
    told
        What is said.
    form
        How.
    is_stacked
        Whether all languages go into one file; they always do in a page and in JSON.

    Returns
    -------
    dict
        Texts by the names of their files (`name_of`), in the order of the languages.

    Raises
    ------
    InvalidInput
        If Statuspage would refuse it for its length.
    """
    notices = told.notices
    parts = [notices] if is_stacked or form in _ALWAYS_WHOLE else [(notice,) for notice in notices]
    return {name_of(told.incident, part, EXTENSIONS[form]): _text(told, part, form) for part in parts}


def short_texts_of(told: Told) -> dict[str, str]:
    """Return the short forms, one a file, with a line end each."""
    kept = [notice for notice in told.notices if language_key(notice) in told.shorts]
    return {
        name_of(told.incident, [notice], "short.txt"): f"{harmless(told.shorts[language_key(notice)])}\n"
        for notice in kept
    }


def name_of(incident: PublicIncident, notices: Sequence[Notice], extension: str) -> str:
    """Return the name of a file: ``notice-REFERENCE-STATE.LANGUAGE.EXTENSION``, of plain letters, digits and hyphens."""
    language = language_key(notices[0]) if len(notices) == 1 else SEVERAL_LANGUAGES
    parts = (_NOT_IN_NAMES.sub("-", each).strip("-") for each in (incident.reference, incident.state))
    return f"notice-{'-'.join(part for part in parts if part)}.{language}.{extension}"


def write_notices(folder: str | Path, texts: Mapping[str, str], scan: Scan, *, overwrite: bool = False) -> list[Path]:
    """Write files, all of them or none.

    Parameters
    ----------
    folder
        A directory; it is made if it is not there, once the texts have been searched.
    texts
        Texts by the names of their files.
    scan
        Is handed all of them before the first one is written.
    overwrite
        Whether files that exist are replaced; else they refuse all.

    Returns
    -------
    list of Path
        What was written, in the order of `texts`.

    Raises
    ------
    InvalidInput
        If the folder is a file, or a file exists that is not to be replaced.
    OSError
        If something cannot be written; everything is then as it was.
    """
    files = {Path(folder) / name: text for name, text in texts.items()}
    scan(texts)
    _demand_place(Path(folder), [] if overwrite else list(files))
    Path(folder).mkdir(parents=True, exist_ok=True)
    if overwrite:
        _replace(files)
    else:
        write_new(files)
    return list(files)


def _text(told: Told, notices: Sequence[Notice], form: Form) -> str:
    incident, annex = told.incident, told.annex
    if form == "text":
        return to_text(notices, annex=annex)
    if form == "markdown":
        return to_markdown(notices, annex)
    if form == "html":
        return to_html(incident, notices, annex)
    if form == "json":
        return to_json(incident, notices, told.shorts, annex)
    return to_statuspage(incident, notices, told.components)


def _demand_place(folder: Path, unwritten: Sequence[Path]) -> None:
    if folder.exists() and not folder.is_dir():
        raise InvalidInput([_problem(folder, "this is no directory", "name another", "no-directory")])
    there = [path for path in unwritten if path.exists() or path.is_symlink()]
    remedy = "move it away, write elsewhere, or allow that it is replaced"
    if there:
        raise InvalidInput([_problem(path, "this file exists already", remedy, "file-exists") for path in there])


def _problem(path: Path, fault: str, remedy: str, code: str) -> Problem:
    return Problem((), fault, remedy, code, file=str(path))


def _replace(files: Mapping[Path, str]) -> None:
    """Write files over what is there; if one cannot be written, put back the others."""
    before = {path: path.read_bytes() if path.exists() else None for path in files}
    _demand_room(files)
    written: list[Path] = []
    try:
        for path, text in files.items():
            write_whole(path, text)
            written.append(path)
    except BaseException:
        for path in written:
            _put_back(path, before[path])
        raise


def _demand_room(files: Mapping[Path, str]) -> None:
    """Write everything once beside its place, and drop it, so that a full disk is found out while nothing is lost."""
    folder = next(iter(files)).parent if files else None
    if folder is not None:
        with tempfile.TemporaryFile(dir=folder) as stream:
            stream.write("".join(files.values()).encode())
            stream.flush()
            os.fsync(stream.fileno())


def _put_back(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
    else:
        write_whole(path, content)

"""Opens a file, finds out whether it is YAML or JSON, and has it read."""

from __future__ import annotations

import codecs
from difflib import get_close_matches
from pathlib import Path

from impactsim.files.documents import Document
from impactsim.files.json_reader import read_json
from impactsim.files.yaml_reader import read_yaml, read_yaml_documents
from impactsim.problems import Problem

LIMIT_BYTES = 64 * 2**20
"""A larger file is refused; 100,000 components take 18 MB of YAML."""


def read_document(path: Path) -> tuple[Document | None, list[Problem]]:
    """Read a YAML or JSON file.

    Parameters
    ----------
    path
        The file. A name that ends with ``.json`` is JSON; text that starts with a brace is tried as JSON first, which
        is read five times faster.

    Returns
    -------
    tuple[Document | None, list[Problem]]
        The document, none if it cannot be understood at all, and everything that is wrong with it as text.
    """
    file = str(path)
    try:
        with path.open("rb") as stream:
            content = stream.read(LIMIT_BYTES + 1)
    except OSError as error:
        return None, [_unreadable(path, error)]
    except ValueError:  # a NUL in the name
        return None, [Problem((), "this is no name of a file", code="file-missing", file=ascii(file))]
    if len(content) > LIMIT_BYTES:
        fault = f"the file is larger than {LIMIT_BYTES // 2**20} MiB"
        return None, [Problem((), fault, "split the system, or shorten it", "file-size", file=file)]
    return read_content(content, file)


def read_content(content: bytes, file: str) -> tuple[Document | None, list[Problem]]:
    """Read the content of a YAML or JSON file, as `read_document` does."""
    text = _text_of(content, file)
    if isinstance(text, Problem):
        return None, [text]
    if file.lower().endswith(".json"):
        return read_json(text, file)
    if text.lstrip().startswith("{"):
        document, problems_ = read_json(text, file)
        if document is not None:
            return document, problems_
    return read_yaml(text, file)


def read_foreign_yaml(content: bytes, file: str) -> tuple[list[Document], list[Problem]]:
    """Read what others write as YAML or JSON: any number of documents, with merge keys, tags passed over."""
    text = _text_of(content, file)
    if isinstance(text, Problem):
        return [], [text]
    if file.lower().endswith(".json") or text.lstrip()[:1] in {"{", "["}:
        document, problems = read_json(text, file)
        if document is not None or file.lower().endswith(".json"):
            return [document] if document is not None else [], problems
    return read_yaml_documents(text, file)


def _text_of(content: bytes, file: str) -> str | Problem:
    try:
        return content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        remedy = "save it as UTF-8 text"
        return Problem((), "this is not text in UTF-8", remedy, "file-encoding", file=file, line=line)


def _unreadable(path: Path, error: OSError) -> Problem:
    file = str(path)
    if isinstance(error, FileNotFoundError):
        return Problem((), "there is no such file", _near(path), "file-missing", file=file)
    if isinstance(error, IsADirectoryError):
        return Problem((), "this is a directory", "name a file in it", "file-unreadable", file=file)
    reason = (error.strerror or "the system says no").lower()
    return Problem(
        (), f"the file cannot be read: {reason}", "check its name and its permissions", "file-unreadable", file=file
    )


def _near(path: Path) -> str:
    """Say which file beside `path` has the most similar name; all end alike, so the end does not count."""
    try:
        beside = {entry.stem.casefold(): entry.name for entry in path.parent.iterdir() if entry.is_file()}
    except (OSError, ValueError):
        return f"there is no directory {path.parent} either"
    near = get_close_matches(path.stem.casefold(), beside, 1)
    return f"did you mean '{beside[near[0]]}'?" if near else "check its name"

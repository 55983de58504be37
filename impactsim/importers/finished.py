"""An import that is done: the text of its file, and how a later one knows that nobody edited it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from impactsim.files.opening import LIMIT_BYTES
from impactsim.files.system_text import data_text
from impactsim.importers.draft import Draft
from impactsim.importers.formats import Format, drafted
from impactsim.importers.parts import Drafted
from impactsim.importers.sources import Source
from impactsim.model.provenance import Imported
from impactsim.model.system import System
from impactsim.problems import InvalidInput, Problem

_DIGEST = re.compile(r'^(  digest: )"?[0-9a-f]*"?$', re.MULTILINE)


@dataclass(frozen=True)
class ImportedSystem:
    """What an import found, and the file that keeps it."""

    format: Format
    system: System = field(repr=False)
    data: dict[str, Any] = field(repr=False)
    """As an author would have written it."""
    text: str = field(repr=False)
    """The file."""
    problems: tuple[Problem, ...]
    """Warnings, by file and line."""
    remarks: tuple[str, ...]
    left_out: Mapping[str, int]


def finished(
    format_: Format, sources: Sequence[Source], settings: Mapping[str, Any], name: str, known_ids: Mapping[str, str]
) -> ImportedSystem:
    """Read files of a format as a system.

    Parameters
    ----------
    format_, sources, settings
        As in `drafted`.
    name
        Of the system.
    known_ids
        The id that each record had in an earlier import.

    Raises
    ------
    InvalidInput
        With everything that is wrong, and with the warnings, if one of them is an error.
    """
    found = drafted(format_, sources, settings, Draft(name, known_ids))
    if found.data is None:
        raise InvalidInput(found.problems)
    return _whole(format_, sources, settings, found)


def _whole(format_: Format, sources: Sequence[Source], settings: Mapping[str, Any], found: Drafted) -> ImportedSystem:
    assert found.data is not None
    assert found.system is not None
    passing = {each.name for each in format_.settings if not each.is_kept}
    kept = {name: value for name, value in settings.items() if name not in passing and value not in (None, [], "")}
    head = {
        "format": format_.name,
        "files": list(dict.fromkeys(source.short for source in sources)),
        "settings": kept,
        "digest": "",
    }
    head = {key: value for key, value in head.items() if value != {}}
    data = {"impactsim": 1, "name": found.data["name"], "imported": head, **found.data}
    text = signed(_commented(data_text(data), found.remarks))
    if len(text.encode()) > LIMIT_BYTES:
        fault = f"the system would be a file of more than {LIMIT_BYTES // 2**20} MiB, which nothing could read"
        raise InvalidInput([Problem((), fault, "import it in parts", "file-size", file=sources[0].name)])
    system = found.system.model_copy(update={"imported": Imported.model_validate(head)})
    return ImportedSystem(
        format_, system, data, text, tuple(found.problems), tuple(found.remarks), dict(found.left_out)
    )


def _commented(text: str, remarks: Sequence[str]) -> str:
    """Return a file that keeps what the import says of itself: the terminal forgets it."""
    lines = [f"# {''.join(each if each.isprintable() else ' ' for each in remark)}" for remark in remarks]
    return "\n".join([*lines, text])


def signed(text: str) -> str:
    """Return the text of an imported file with the digest of all the rest of it."""
    bare = _DIGEST.sub(r'\1""', text, count=1)
    return _DIGEST.sub(rf'\g<1>"{hashlib.sha256(bare.encode()).hexdigest()}"', bare, count=1)


def is_as_written(text: str) -> bool:
    r"""Tell whether a file is as the import wrote it; the ends of its lines do not count.

    Examples
    --------
    >>> text = signed('impactsim: 1\nimported:\n  digest: ""\ncomponents: {}\n')
    >>> is_as_written(text), is_as_written(text.replace("{}", "{a: {}}"))
    (True, False)
    """
    text = text.replace("\r\n", "\n")
    return signed(text) == text

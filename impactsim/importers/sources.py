"""Files of strangers: read whole, up to a bound, and never one that nobody asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from impactsim.files.documents import Document
from impactsim.files.opening import LIMIT_BYTES, read_content, read_foreign_yaml
from impactsim.importers.notes import Notes
from impactsim.problems import InvalidInput, Problem

MOST_FILES = 10_000
"""More files at a time are refused."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file of somebody else.

    Parameters
    ----------
    name
        For people, in problems.
    content
        All of it.
    path
        Where it lies; none if a program gave it.
    """

    name: str
    content: bytes = field(repr=False)
    path: Path | None = None
    label: str = ""
    """Its name within the folder that was given, where a folder was."""

    @property
    def short(self) -> str:
        """The name that stands in origins: without its folder, or within the folder that was given."""
        return self.label or _short(self.name)

    def document(self, notes: Notes) -> Document | None:
        """Read it as one YAML or JSON document; none, and why in `notes`, if that cannot be."""
        document, problems = read_content(self.content, self.name)
        notes.take(problems)
        return document

    def documents(self, notes: Notes) -> list[Document]:
        """Read it as YAML with any number of documents and with merge keys, or as JSON."""
        documents, problems = read_foreign_yaml(self.content, self.name)
        notes.take(problems)
        return documents

    def text(self, notes: Notes) -> str | None:
        """Read it as text in UTF-8 (with or without a mark) or in UTF-16 with a mark."""
        try:
            if self.content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
                return self.content.decode("utf-16")
            return self.content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = self.content.count(b"\n", 0, error.start) + 1
            fault = "this is not text in UTF-8"
            notes.take([Problem((), fault, "save it as UTF-8 text", "file-encoding", file=self.name, line=line)])
            return None

    def beside(self, target: str, notes: Notes, line: int = 0) -> list[Source]:
        """Return the files that it names by a relative path or a pattern; none outside its own folder is ever opened."""
        if self.path is None:
            return []
        folder = self.path.parent.resolve()
        try:
            found = [folder / target] if not set(target) & set("*?[") else sorted(folder.glob(target))
            inside = [each.resolve() for each in found]
            there = {each for each in inside if each.is_file()}
        except NotImplementedError:  # a pattern that begins at the root
            inside, there = [folder.parent], set()
        except (OSError, ValueError, RuntimeError):  # too long, or no name at all
            inside, there = [], set()
        outside = [each for each in inside if not each.is_relative_to(folder)]
        if outside:
            fault = "it names a file outside its own folder, which is not opened"
            notes.warning(line, "outside", target[:80], fault, "give that file to the import as well", file=self.name)
        wanted = [each for each in inside if each not in outside and each in there]
        if not wanted and not outside:
            notes.warning(line, "nothing-there", target[:80], "no such file is there", "check its name", file=self.name)
        parent, within = Path(self.name).parent, Path(self.short).parent
        inner = [(each, each.relative_to(folder)) for each in wanted[:MOST_FILES]]
        return [_opened(each, str(parent / own), (within / own).as_posix()) for each, own in inner]


def sources_of(paths: Sequence[Path], suffixes: Sequence[str]) -> list[Source]:
    """Read files, and in place of a folder all files in it whose names end as `suffixes` say, by name.

    Raises
    ------
    InvalidInput
        With every file that cannot be read: ``file-missing``, ``file-unreadable``, ``file-size``, ``nothing-there``,
        ``too-many-files``.
    """
    problems: list[Problem] = []
    wanted: list[Path] = []
    labels: dict[Path, str] = {}
    for path in paths:
        if path.is_dir():
            inside = [each for each in sorted(path.rglob("*")) if each.name.lower().endswith(tuple(suffixes))]
            inside = [each for each in inside if each.is_file() and not _is_hidden(each.relative_to(path))]
            wanted += inside
            labels |= {each: each.relative_to(path).as_posix() for each in inside}
            if not inside:
                fault = f"no file in this folder ends with {' or '.join(suffixes)}"
                problems.append(Problem((), fault, "name the files", "nothing-there", file=str(path)))
        else:
            wanted.append(path)
    if len(wanted) > MOST_FILES:
        fault = f"these are more than {MOST_FILES:,} files"
        raise InvalidInput([Problem((), fault, "import them in parts", "too-many-files", file=str(wanted[0]))])
    sources, room = list[Source](), LIMIT_BYTES
    for path in dict.fromkeys(wanted):
        try:
            source = _opened(path, str(path), labels.get(path, ""))
        except InvalidInput as error:
            problems += error.problems
            continue
        room -= len(source.content)
        if room < 0:
            fault = f"the files are larger than {LIMIT_BYTES // 2**20} MiB together"
            problems.append(Problem((), fault, "import them in parts", "file-size", file=str(path)))
            break
        sources.append(source)
    if problems:
        raise InvalidInput(problems)
    return sources


@lru_cache
def _short(name: str) -> str:
    """Return a name without its folder: asked for each of a hundred thousand records."""
    return Path(name).name


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _opened(path: Path, name: str, label: str = "") -> Source:
    try:
        with path.open("rb") as stream:
            content = stream.read(LIMIT_BYTES + 1)
    except FileNotFoundError:
        problem = Problem((), "there is no such file", "check its name", "file-missing", file=name)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or "this is no name of a file").lower()
        fault = f"the file cannot be read: {reason}"
        problem = Problem((), fault, "check its name and its permissions", "file-unreadable", file=ascii(name)[1:-1])
    else:
        if len(content) <= LIMIT_BYTES:
            return Source(name, content, path, label)
        fault = f"the file is larger than {LIMIT_BYTES // 2**20} MiB"
        problem = Problem((), fault, "split it", "file-size", file=name)
    raise InvalidInput([problem])

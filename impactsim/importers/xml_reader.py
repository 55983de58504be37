"""XML of strangers: elements and their lines, and nothing that could do harm.

A document type is refused, and with it every way to define entities: none can grow without bound, and none can make the
reader open a file or an address. Nothing is ever fetched.
"""

from __future__ import annotations

from xml.parsers import expat

from impactsim.files.documents import MAX_DEPTH
from impactsim.files.opening import LIMIT_BYTES
from impactsim.problems import Problem


class Element:
    """An element of a document.

    Parameters
    ----------
    tag, attributes
        As they stand there; a prefix of a name space is part of them.
    line
        Of its opening tag, from 1.
    """

    __slots__ = ("attributes", "children", "line", "pieces", "tag")

    def __init__(self, tag: str, attributes: dict[str, str], line: int) -> None:
        self.tag = tag
        self.attributes = attributes
        self.line = line
        self.children: list[Element] = []
        self.pieces: list[str] = []

    @property
    def text(self) -> str:
        """The text directly in it, with single spaces."""
        return " ".join("".join(self.pieces).split())


def read_xml(content: bytes, file: str) -> tuple[Element | None, list[Problem]]:
    """Read an XML document.

    Parameters
    ----------
    content
        The document, at most `LIMIT_BYTES` long.
    file
        Its name for people.

    Returns
    -------
    tuple[Element | None, list[Problem]]
        The outermost element, or none and why: `file-size`, `xml-doctype`, `xml-depth`, `xml-syntax`.
    """
    if len(content) > LIMIT_BYTES:
        return None, [
            Problem((), f"the file is larger than {LIMIT_BYTES // 2**20} MiB", "split it", "file-size").at(file, 0)
        ]
    reader = _Reader()
    try:
        reader.parser.Parse(content, True)
    except _RefusedError as refused:
        fault, remedy, code = refused.args
        return None, [Problem((), fault, remedy, code).at(file, refused.line)]
    except expat.ExpatError as error:
        fault = f"this is not XML: {expat.ErrorString(error.code)}"
        return None, [Problem((), fault, "", "xml-syntax").at(file, error.lineno)]
    except (LookupError, ValueError):  # an encoding that Python does not know, or that no byte stands for itself in
        fault = "the encoding that the document names is not known"
        return None, [Problem((), fault, "save it as UTF-8", "xml-syntax").at(file, 1)]
    return reader.root, []


class _RefusedError(Exception):
    """The document has what no document needs."""

    def __init__(self, line: int, fault: str, remedy: str, code: str) -> None:
        super().__init__(fault, remedy, code)
        self.line = line


class _Reader:
    """Builds elements from what the parser tells."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self.open: list[Element] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _doctype(self, *_: object) -> None:
        fault = "a document type is not read: it could define anything"
        raise _RefusedError(self.parser.CurrentLineNumber, fault, "delete <!DOCTYPE ...>", "xml-doctype")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        line = self.parser.CurrentLineNumber
        if len(self.open) == MAX_DEPTH:
            raise _RefusedError(line, f"elements stand in one another more than {MAX_DEPTH} deep", "", "xml-depth")
        element = Element(tag, attributes, line)
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def _end(self, _tag: str) -> None:
        self.open.pop()

    def _text(self, text: str) -> None:
        if not text.isspace():
            self.open[-1].pieces.append(text)

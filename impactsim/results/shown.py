"""What all results share: a report, and how a notebook shows them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from impactsim.reports.document.blocks import Document


class ShownAsText:
    """What a notebook shows as the text that `str` gives."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        from html import escape

        return f'<pre class="impactsim">{escape(str(self))}</pre>'


class HasReport(ABC):
    """What can be written as a report, as ``--html`` and ``--markdown`` of its command write it."""

    __slots__ = ()

    @abstractmethod
    def to_document(self, command: str = "") -> Document:
        """Return the report as it is before it is drawn; it names the command line that wrote it."""

    def to_html(self, command: str = "") -> str:
        """Return the report as one page that needs no network."""
        from impactsim.reports.document.html import to_html

        return to_html(self.to_document(command))

    def to_markdown(self, command: str = "") -> str:
        """Return the report as Markdown."""
        from impactsim.reports.document.markdown import to_markdown

        return to_markdown(self.to_document(command))

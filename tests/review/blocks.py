"""All blocks of a document, however deep they stand."""

from __future__ import annotations

from collections.abc import Iterator

from impactsim.reports.document.blocks import Block, Details, Figure, Section


def every(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield blocks and all that stands in them, the tables of figures included."""
    for block in blocks:
        yield block
        if isinstance(block, Section | Details):
            yield from every(block.blocks)
        elif isinstance(block, Figure):
            yield block.table

"""Reports as documents: one tree of blocks, drawn as a page, written as Markdown."""

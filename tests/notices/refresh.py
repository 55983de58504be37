"""Writes the notices of the documented outage as they come out now: `python tests/notices/refresh.py`.

Then read every difference as somebody would for whom it is the first language.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from notices.golden_sets import GOLDEN, KEPT, written


def refresh() -> None:
    """Write all of them, and remove what is no longer written."""
    for name, kept in KEPT.items():
        folder = GOLDEN / name
        texts = written(kept)
        folder.mkdir(parents=True, exist_ok=True)
        for file in folder.iterdir():
            if file.name not in texts:
                file.unlink()
        for file_name, text in texts.items():
            (folder / file_name).write_bytes(text.encode())


if __name__ == "__main__":
    refresh()

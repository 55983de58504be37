"""Files are written whole, or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(path: str | Path, content: str | bytes) -> None:
    """Write a file in one step; what stood there before stays until the new content is complete.

    Parameters
    ----------
    path
        The file; its directory exists. A link is followed.
    content
        Text, written as UTF-8, or bytes.

    Raises
    ------
    OSError
        If it cannot be written; the old file is then as it was.
    """
    target = Path(path).resolve()
    data = content.encode() if isinstance(content, str) else content
    if target.exists() and not target.is_file():  # a terminal or a pipe has no place beside it, and nothing to lose
        target.write_bytes(data)
        return
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:40]}.", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        # A temporary file is private; the one that it becomes has the rights of the old one, or the usual ones.
        temporary.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_new(files: dict[Path, str]) -> None:
    """Write several files that must not exist yet: all of them or none.

    Parameters
    ----------
    files
        The text of each; the directories exist.

    Raises
    ------
    OSError
        `FileExistsError` if one exists; nothing has been written then, and nothing is overwritten in any case.
    """
    written: list[Path] = []
    try:
        for path, text in files.items():
            with path.open("x", encoding="utf-8", newline="\n") as stream:
                written.append(path)
                stream.write(text)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

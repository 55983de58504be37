"""Where the compiled engine is kept, and whether it is there. Asking does not import numba, which takes half a second.

The folder is named after a digest of the engine's source and of the versions of Python, numba and numpy, because numba itself looks
only at the file of the outermost function; and of that file's path and time, because numba finds nothing that was compiled
from another installation, or from this one before it was made again.
"""

from __future__ import annotations

import os
import sys
import tempfile
import types as python
from hashlib import blake2b
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from impactsim import compiled
from impactsim.engine import trials


def is_numba_there() -> bool:
    """Tell whether the engine can be compiled at all."""
    return find_spec("numba") is not None


def is_cached() -> bool:
    """Tell whether the machine code is there already, so that nothing has to be compiled."""
    return is_numba_there() and any(cache_folder().rglob("*.nbc"))


def cache_folder() -> Path:
    """Return the folder of the machine code: that of ``IMPACTSIM_CACHE_DIR``, else in the user's cache."""
    digest = blake2b(f"{version('numba')} {version('numpy')} {sys.version}".encode(), digest_size=8)
    sources = {function.__code__.co_filename for function in functions()}
    for source in sorted({*sources, str(compiled.__file__), str(Path(__file__).with_name("kernel.py"))}):
        digest.update(Path(source).read_bytes())
    outermost = Path(str(trials.__file__)).resolve()
    digest.update(f"{outermost} {outermost.stat().st_mtime_ns}".encode())
    return _user_cache() / f"engine-{digest.hexdigest()}"


def functions() -> list[python.FunctionType]:
    """Return all functions of the engine that a trial may call, from the outermost on."""
    assert isinstance(trials.run_trials, python.FunctionType)
    found = [trials.run_trials]
    for function in found:  # which grows meanwhile
        called = (function.__globals__.get(name) for name in function.__code__.co_names)
        found += [
            other
            for other in called
            if isinstance(other, python.FunctionType)
            and other.__module__.startswith(__package__)
            and other not in found
        ]
    return found


def _user_cache() -> Path:
    chosen = os.environ.get("IMPACTSIM_CACHE_DIR")
    if chosen:
        return Path(chosen)
    homes = {"win32": ("LOCALAPPDATA", "AppData/Local"), "darwin": ("", "Library/Caches")}
    variable, fallback = homes.get(sys.platform, ("XDG_CACHE_HOME", ".cache"))
    folder = Path(os.environ.get(variable) or Path.home() / fallback) / "impactsim"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.gettempdir()) / "impactsim"
    return folder if os.access(folder, os.W_OK) else Path(tempfile.gettempdir()) / "impactsim"

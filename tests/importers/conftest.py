"""What the tests of all importers share: samples of ours, and real files where they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from impactsim.importers.finished import ImportedSystem
from impactsim.workflow.imports import import_system

SAMPLES = Path(__file__).parent / "samples"
REAL = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture
def samples() -> Path:
    """The folder of samples, one folder a format."""
    return SAMPLES


@pytest.fixture
def real_files() -> Path:
    """The folder of real files from public projects, which lies beside the project and is no part of it."""
    if not REAL.is_dir():
        pytest.skip("the real files are not beside the project (../shared/data)")
    return REAL


@pytest.fixture
def imported(samples: Path) -> Callable[..., ImportedSystem]:
    """Import files of `samples`, or others by their paths."""

    def of(format_: str, *files: str | Path, **settings: object) -> ImportedSystem:
        return import_system(format_, *(samples / file for file in files), **settings)  # type: ignore[arg-type]

    return of

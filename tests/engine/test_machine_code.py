"""Machine code counts as there only where numba would find it: it keeps that of each source file by path and time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import impactsim

ASK = "from impactsim.engine.machine_code import cache_folder; print(cache_folder())"


def folder_of(installation: Path) -> str:
    environment = os.environ | {"PYTHONPATH": str(installation), "PYTHONDONTWRITEBYTECODE": "1"}
    asked = [sys.executable, "-c", ASK]
    done = subprocess.run(  # noqa: S603 - our own words
        asked, env=environment, cwd=installation, capture_output=True, text=True, check=True
    )
    return done.stdout


def copied(to: Path) -> Path:
    shutil.copytree(Path(impactsim.__file__).parent, to / "impactsim", ignore=shutil.ignore_patterns("__pycache__"))
    return to


def test_two_installations_of_one_version_do_not_share_machine_code(tmp_path):
    assert folder_of(copied(tmp_path / "one")) != folder_of(copied(tmp_path / "other"))


def test_an_installation_that_was_made_again_compiles_again(tmp_path):
    installation = copied(tmp_path)
    before = folder_of(installation)
    assert folder_of(installation) == before
    os.utime(installation / "impactsim" / "engine" / "trials.py", (1, 1))
    assert folder_of(installation) != before

"""A real Chromium for tests of pages; where there is none they are skipped, and say why.

It is looked for in the environment variable IMPACTSIM_CHROMIUM, then on the PATH, then where playwright puts its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

VARIABLE = "IMPACTSIM_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
)  # fmt: skip


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install '.[dev]'")
    with api.sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = find_chromium(playwright.chromium.executable_path)
    if path is None:
        pytest.skip(f"no Chromium here: install one (Debian: apt-get install chromium), or name it in {VARIABLE}")
    browser = playwright.chromium.launch(executable_path=path, headless=True, args=list(FLAGS))
    yield browser
    browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    yield page
    page.close()


def find_chromium(of_playwright: str) -> str | None:
    """Return the first Chromium that starts: a name on the PATH may stand for a package that is not there."""
    if named := os.environ.get(VARIABLE):
        if not _starts(named):
            pytest.fail(f"{VARIABLE} is {named}, which does not start", pytrace=False)
        return named
    on_path = [path for path in map(shutil.which, NAMES) if path]
    return next((path for path in (*on_path, of_playwright) if Path(path).exists() and _starts(path)), None)


def _starts(path: str) -> bool:
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0  # noqa: S603 - a browser
    except (OSError, subprocess.TimeoutExpired):
        return False

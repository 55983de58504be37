"""What holds for all tests: Hypothesis tries the same examples in every run, so that a failure is one for everybody.

`pytest --hypothesis-profile=search` looks for new ones.
"""

from __future__ import annotations

import signal

import pytest
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile("repeatable")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts what runs in its background deaf to Ctrl-C, and processes inherit that; some tests interrupt theirs.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _the_same_screen_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a command prints depends on no terminal that the tests happen to be started from, nor on who starts them."""
    for name in ("COLUMNS", "LINES", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)

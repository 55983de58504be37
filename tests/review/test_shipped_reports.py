"""The reports that stand beside the shipped plans are those that the command writes today."""

from __future__ import annotations

import re

import pytest

from impactsim.cli.main import main
from review.refresh import REPORTS, ROOT, arguments_of

_PICTURES = re.compile(r"<svg\b.*?</svg>", re.DOTALL)  # another matplotlib draws other paths


@pytest.mark.parametrize("plan", REPORTS)
def test_the_shipped_reports_say_what_the_review_says(plan, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert main(arguments_of(plan, tmp_path)) == 0
    capsys.readouterr()
    shipped = (ROOT / plan).parent
    how = "python tests/review/refresh.py writes them anew; look at the difference"
    for name in ("review.md", "review.html"):
        now, then = ((folder / name).read_text(encoding="utf-8") for folder in (tmp_path, shipped))
        assert _PICTURES.sub("", now) == _PICTURES.sub("", then), how

from __future__ import annotations

import json
import math

import pytest

from impactsim.cli.main import main
from impactsim.typical import values


def test_every_value_is_listed_with_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["typical"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    for value in values().values():
        assert value.name in text
        assert " ".join(value.source.split()) in text


def test_json_has_median_and_90_percent_of_the_law(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["typical", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert set(listed) == set(values())
    region = listed["cloud-region"]
    # Log-logistic: the 90% is median x 9^(1 / shape).
    assert region["median_ms"] == round(2.333 * 3_600_000)
    assert math.isclose(region["p90_ms"], 2.333 * 3_600_000 * 9 ** (1 / 1.517), rel_tol=1e-7)


def test_one_value_is_told_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["typical", "cloud-region"]) == 0
    text = capsys.readouterr().out
    assert "  law:     log-logistic: median 2.333h, shape 1.517" in text
    assert "50% 2 h 20 min" in text


def test_a_name_that_is_not_known_says_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["typical", "cloud-regoin"]) == 2
    assert "did you mean cloud-region" in capsys.readouterr().err

"""`impactsim backtest`: what it prints, and how it refuses."""

from __future__ import annotations

import json
from random import Random

import pytest

from impactsim.cli.main import main

DAY = 86400


@pytest.fixture
def incidents(tmp_path):
    luck = Random(1)
    lines = ["start,end,who"]
    for i in range(120):
        start = 1_546_300_800 + i * DAY  # 2019-01-01
        lines.append(f"{start},{start + round(luck.lognormvariate(8, 1))},{'ab'[i % 2]}")
    path = tmp_path / "incidents.csv"
    path.write_text("\n".join([*lines, f"{start},{start},a"]), encoding="utf-8")
    return path


def test_the_table_has_a_line_for_each_elapsed_time_and_the_groups_what_to_write(incidents, capsys):
    assert main(["backtest", str(incidents), "--until", "2019-03-20", "--by", "who", "--elapsed", "0,1h"]) == 0
    text = capsys.readouterr().out
    assert "78 incidents of 2 groups began before 2019-03-20" in text
    assert "42 from then on" in text
    assert "left out: 1 without a length" in text
    assert text.count("time_to_restore: {median: ") == 2
    rows = "".join(line for line in text.splitlines() if line.startswith("  0 "))
    assert rows.count("*") == 1
    assert rows.count(" / ") == 6


def test_the_object_has_the_same_figures(incidents, capsys):
    assert main(["backtest", str(incidents), "--until", "2019-03-20", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["n_train"], told["n_test"], told["left_out"]["without a length"]) == (78, 42, 1)
    assert [each["elapsed_s"] for each in told["elapsed"]] == [0, 1800, 3600, 7200, 14400, 28800]
    assert list(told["elapsed"][0]["ways"]) == [
        *("ours", "exponential", "Weibull", "log-normal", "log-logistic", "empirical")
    ]
    assert told["groups"][0]["group"] is None


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--until", "tomorrow"], "write it as 2020-01-01"),
        (["--until", "2018-01-01"], "name a later day"),
        (["--until", "2029-01-01"], "name an earlier day"),
        (["--until", "2019-03-20", "--end", "end", "--duration", "end"], "exclude one another"),
        (["--until", "2019-03-20", "--elapsed", "90d"], "not below --longest"),
        (["--until", "2019-03-20", "--elapsed", "90"], "has no unit"),
        ([], "--until"),
    ],
)
def test_wrong_use_is_told_and_ends_with_2(incidents, capsys, options, words):
    assert main(["backtest", str(incidents), *options]) == 2
    assert words in capsys.readouterr().err


def test_faulty_rows_are_told_with_their_lines_and_end_with_1(tmp_path, capsys):
    path = tmp_path / "faulty.csv"
    path.write_text("start,end\n1,2\n2020-01-01,never\n", encoding="utf-8")
    assert main(["backtest", str(path), "--until", "2020-01-01"]) == 1
    assert f"{path}:3: end: 'never' is no time; write 2020" in capsys.readouterr().err


def test_what_is_to_be_written_is_what_a_system_file_takes(incidents, capsys):
    import yaml

    from impactsim.law_forms import law
    from impactsim.quantities import duration_ms

    main(["backtest", str(incidents), "--until", "2019-03-20"])
    line = next(line for line in capsys.readouterr().out.splitlines() if "time_to_restore" in line)
    written = yaml.safe_load(line[line.index("time_to_restore") :])["time_to_restore"]
    # The incidents are log-normal with median exp(8) s, 50 min.
    assert law(written, duration_ms).median() == pytest.approx(2981e3, rel=0.5)


@pytest.mark.parametrize("text", ["start,end\n", "start,end\n5,5\n7,3\n"])
def test_a_table_without_incidents_is_told_as_such(tmp_path, capsys, text):
    path = tmp_path / "none.csv"
    path.write_text(text, encoding="utf-8")
    assert main(["backtest", str(path), "--until", "2020-01-01"]) == 1
    told = capsys.readouterr().err
    assert told.startswith(f"{path}: the table has no incident")
    assert "--until" not in told


@pytest.mark.parametrize("columns", ["80", "100", "120"])
def test_no_figure_and_nothing_to_copy_is_cut(incidents, capsys, monkeypatch, columns):
    path = incidents.with_name("long.csv")
    path.write_text(incidents.read_text(encoding="utf-8").replace(",a\n", f",{'x' * 150}\n"), encoding="utf-8")
    monkeypatch.setenv("COLUMNS", columns)
    assert main(["backtest", str(path), "--until", "2019-03-20", "--by", "who"]) == 0
    text = capsys.readouterr().out
    assert text.count("law: log-logistic}") == 2
    assert "..." not in text
    rows = [line for line in text.splitlines() if " / 0." in line or " / 1." in line]
    assert max(map(len, rows)) <= int(columns)
    assert sum(line.count(" / ") for line in rows if line.startswith("  0 ")) == 6


def test_what_happens_at_the_start_is_not_said_to_be_after_0(incidents, capsys):
    assert main(["backtest", str(incidents), "--until", "2019-03-20", "--elapsed", "0"]) == 0
    assert "After 0 " not in capsys.readouterr().out

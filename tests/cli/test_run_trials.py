"""`impactsim run` with many trials: how many, how long, interrupted, one of them alone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from impactsim.cli.main import main
from impactsim.cli.progress import Progress

GOLDEN = Path(__file__).parents[1] / "golden"
BAKERY = str(GOLDEN / "bakery.yaml")
PROGRAM = [sys.executable, "-c", "import sys; from impactsim.cli.main import main; sys.exit(main())"]

# The shop is down for as long as the repair takes: 1 h to 3 h, 2 h by its median.
COIN = """\
impactsim: 1
name: Chip shop
system:
  impactsim: 1
  name: Pier
  components:
    fryer: {time_to_restore: {low: 1h, high: 3h}}
    shop: {needs: [fryer]}
  users:
    guests: {count: 10, uses: [shop]}
events:
  - {fail: fryer}
"""
TAIL = COIN.replace("{low: 1h, high: 3h}", "{median: 1h, p95: 10h}")


@pytest.fixture
def coin(tmp_path: Path) -> str:
    return _written(tmp_path / "coin.yaml", COIN)


def _written(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def one_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert main(["run", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_as_many_trials_as_were_asked_for_are_run(
    coin: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = one_json(capsys, coin, "--trials", "300", "--seed", "5")
    assert (found["trials"], found["trials_asked"], found["complete"], found["seed"]) == (300, 300, True, 5)
    # Uniform from 600 to 1,800 user-minutes.
    lost = found["users"]["lost_user_minutes"]["estimate"]
    assert lost["mean"] == pytest.approx(1200, abs=4 * 1200 / (12 * 300) ** 0.5)
    with_its_own = _written(tmp_path / "own.yaml", COIN + "trials: 70\nseed: 9\n")
    assert one_json(capsys, with_its_own)["trials"] == 70
    assert one_json(capsys, with_its_own)["seed"] == 9
    assert one_json(capsys, with_its_own, "--trials", "40")["trials"] == 40
    assert one_json(capsys, with_its_own, "--trials", "1")["components"]["fryer"]["down_ms"] == 7_200_000


def test_the_figures_depend_on_the_seed_and_not_on_the_workers(coin: str, capsys: pytest.CaptureFixture[str]) -> None:
    alone, both, other = (
        one_json(capsys, coin, "--trials", "200", *options)
        for options in (["--workers", "1"], ["--workers", "2"], ["--seed", "1"])
    )
    assert alone == both
    assert alone["users"] != other["users"]


def test_precision_takes_as_many_trials_as_it_needs(coin: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = one_json(capsys, coin, "--precision", "2%")
    assert found["precision"]["asked"] == 0.02
    assert found["precision"]["reached"] <= 0.02
    # 1.96 x 0.289 / sqrt(n) = 0.02 at n = 800; looked at after 200, 300, 450, 675 and 1,012.
    assert 675 <= found["trials"] <= 1518
    assert found["trials_asked"] == 1_000_000
    assert one_json(capsys, coin, "--precision", "0.02", "--trials", "250")["trials"] == 250


def test_a_trial_alone_is_a_single_run_and_says_which(
    coin: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = one_json(capsys, coin, "--trial", "17", "--seed", "3")
    assert (found["trial"], found["trials"], found["seed"]) == (17, 1, 3)
    assert found["components"]["shop"]["down_ms"] != 7_200_000
    assert main(["run", coin, "--trial", "17", "--seed", "3", "--why", "shop"]) == 0
    assert capsys.readouterr().out.startswith("shop (service) in Chip shop, trial 17 of seed 3\n")
    picture = tmp_path / "a.svg"
    assert main(["run", coin, "--trial", "17", "--plot", str(picture), "--csv", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("Chip shop, trial 17 of seed 0: ")
    assert "trial 17 of seed 0" in (tmp_path / "levels.csv").read_text()
    assert picture.exists()


def test_the_trials_that_replays_show_are_those_that_were_sampled(
    coin: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = [one_json(capsys, coin, "--trial", str(i))["users"]["lost_user_minutes"]["estimate"] for i in range(5)]
    together = one_json(capsys, coin, "--trials", "5")["users"]["lost_user_minutes"]["estimate"]
    assert together["mean"] == pytest.approx(sum(lost) / 5)
    assert (together["least"], together["p50"], together["most"]) == (min(lost), sorted(lost)[2], max(lost))


def test_sampled_and_single_runs_stand_side_by_side(
    coin: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    many = _written(tmp_path / "many.yaml", COIN.replace("Chip shop", "Many chips") + "trials: 50\n")
    assert main(["run", coin, many, "--csv", str(tmp_path / "tables")]) == 0
    assert capsys.readouterr().out.count("=" * 80) == 1
    assert "Chip shop" in (tmp_path / "tables" / "components.csv").read_text()
    assert "Many chips" in (tmp_path / "tables" / "trials-components.csv").read_text()
    assert main(["run", coin, many, "--json"]) == 0
    assert [json.loads(line)["trials"] for line in capsys.readouterr().out.splitlines()] == [1, 50]


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (["--trials", "0"], "0 is not in the range"),
        (["--trials", "99999999999999999999"], "is not in the range"),
        (["--trials", "few"], "'few' is not a valid integer"),
        (["--seed", "-1"], "-1 is not in the range"),
        (["--workers", "0"], "0 is not in the range"),
        (["--trial", "-1"], "-1 is not in the range"),
        (["--precision", "0%"], "write a share above 0"),
        (["--precision", "2 percent"], "is not a share; write a share such as 2%"),
        (["--precision", "2%", "--trials", "1"], "leave out --trials 1"),
        (["--trial", "3", "--trials", "5"], "leave out --trials and --precision"),
        (["--trial", "3", "--precision", "5%"], "leave out --trials and --precision"),
        (["--trials", "5", "--why", "shop"], "--why explains a single run: add --trial I"),
        (["--precision", "5%", "--plot", "a.svg"], "--plot draws a single run: add --trial I"),
    ],
)
def test_wrong_use_ends_with_2_and_says_what_to_do(
    options: list[str], fault: str, coin: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", coin, *options]) == 2
    printed = capsys.readouterr()
    assert fault in " ".join(printed.err.split())
    assert printed.out == ""


def test_why_of_a_scenario_with_trials_of_its_own_wants_one_of_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    many = _written(tmp_path / "many.yaml", COIN + "trials: 50\n")
    assert main(["run", many, "--why", "shop"]) == 2
    assert "--trials 1 for the medians" in " ".join(capsys.readouterr().err.split())
    assert main(["run", many, "--why", "shop", "--trial", "0"]) == 0
    assert main(["run", many, "--why", "shop", "--trials", "1"]) == 0


def test_nothing_is_written_beside_the_answer_where_nobody_watches(
    coin: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", coin, "--trials", "100"]) == 0
    assert capsys.readouterr().err == ""


def _rest_of(terminal: int) -> bytes:
    """Return what was written to a terminal that nobody writes to any more, and close it."""
    found = b""
    try:
        while piece := os.read(terminal, 65536):
            found += piece
    except OSError:  # Linux says so when the last writer is gone
        pass
    os.close(terminal)
    return found


def test_a_bar_is_seen_and_gone_and_ctrl_c_prints_what_there_is(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty", reason="no terminals of this kind here")
    endless = _written(tmp_path / "tail.yaml", TAIL)
    words = [*PROGRAM, "run", endless, endless, "--precision", "0.001%", "--json", "--workers", "1"]
    master, slave = pty.openpty()
    written = b""
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=slave) as process:  # noqa: S603 - our own program
        os.close(slave)
        while b"at most" not in written:
            written += os.read(master, 65536)
        process.send_signal(signal.SIGINT)
        out = process.communicate(timeout=60)[0].decode()
    written += _rest_of(master)
    assert process.returncode == 130
    (line,) = out.splitlines()
    found = json.loads(line)
    assert found["complete"] is False
    assert 0 < found["trials"] < found["trials_asked"] == 1_000_000
    assert "Chip shop: " in written.decode()
    assert on_screen(written.decode()).splitlines() == ["interrupted: 1 of 2 scenarios were run"]


def test_numpy_is_not_imported_for_a_single_run_of_a_scenario_with_everything() -> None:
    code = (
        "import sys; from impactsim.cli.main import main; main(['run', sys.argv[1], '--trials', '1', '--workers', '2']); "
        "print(sorted({'numpy', 'numba', 'pandas'} & set(sys.modules)), file=sys.stderr)"
    )
    outcome = subprocess.run([sys.executable, "-c", code, BAKERY], capture_output=True, text=True, check=True)  # noqa: S603 - our own program
    assert outcome.stderr == "[]\n"


class _Clock:
    """A clock that is set by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    monkeypatch.setenv("COLUMNS", "80")
    return _Clock(monkeypatch)


def on_a_terminal(label: str = "", *, is_open: bool = False, says_slow: bool = False) -> Progress:
    progress = Progress(label, is_open, says_slow)
    progress.is_terminal = True
    return progress


def on_screen(written: str) -> str:
    """Return what a terminal shows after all that was written to it."""
    lines: list[list[str]] = [[]]
    place = 0
    for letter in written:
        if letter == "\n":
            lines.append([])
        if letter in "\r\n":
            place = 0
            continue
        lines[-1][place : place + 1] = letter
        place += 1
    return "\n".join("".join(line).rstrip() for line in lines).strip("\n")


def test_the_bar_comes_after_a_second_and_is_erased(clock: _Clock, capfd: pytest.CaptureFixture[str]) -> None:
    with on_a_terminal() as progress:
        clock.now += 0.9
        progress(100, 1_000)
        assert capfd.readouterr().err == ""
        clock.now += 1.1
        progress(250, 1_000)
        drawn = capfd.readouterr().err
        assert on_screen(drawn) == "[#######-----------------------] 250 of 1,000 trials, 25%, 6s left"
        clock.now += 0.05  # too soon for another
        progress(260, 1_000)
        assert capfd.readouterr().err == ""
    assert on_screen(drawn + capfd.readouterr().err) == ""


def test_where_nobody_knows_how_long_it_takes_no_time_is_told(clock: _Clock, capfd: pytest.CaptureFixture[str]) -> None:
    with on_a_terminal("Flood", is_open=True) as progress:
        clock.now += 2
        progress(250, 1_000_000)
        assert on_screen(capfd.readouterr().err) == "Flood: 250 trials done, 1,000,000 at most"


def test_a_bar_never_leaves_its_line(clock: _Clock, capfd: pytest.CaptureFixture[str]) -> None:
    with on_a_terminal("A scenario of which the name is longer than any line should ever be") as progress:
        clock.now += 2
        progress(999_999, 1_000_000)
        assert len(on_screen(capfd.readouterr().err)) == 79


def test_after_five_seconds_it_says_once_what_would_be_faster(clock: _Clock, capfd: pytest.CaptureFixture[str]) -> None:
    with on_a_terminal(says_slow=True) as progress:
        clock.now += 4.9
        progress(250, 1_000)
        assert "numba" not in capfd.readouterr().err
        for _ in range(3):
            clock.now += 1
            progress(260, 1_000)
        assert (
            capfd.readouterr().err.count(
                "\rwithout numba this takes about 50 times as long, the figures are the same: pip install 'impactsim[fast]'\n"
            )
            == 1
        )

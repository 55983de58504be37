from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from impactsim.cli.main import main
from impactsim.reportable.catalogue import regimes

SCENARIOS = Path(__file__).parents[2] / "scenarios"
CUT = str(SCENARIOS / "teaching-shop" / "1-power-cut.yaml")
MANY = str(SCENARIOS / "teaching-shop" / "9-how-bad-can-it-get.yaml")
EVERY = ",".join(regimes())


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLUMNS", "LINES", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["reportable", *arguments]) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["reportable", *arguments]) == 2
    return capsys.readouterr().err


@pytest.mark.parametrize(
    "file", sorted(SCENARIOS.glob("*/[0-9]*.yaml")), ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_every_shipped_scenario_can_be_held_against_every_regime(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = output(capsys, str(file), "--as", EVERY, "--all", "--trials", "20")
    assert max(map(len, text.splitlines())) <= 100
    assert "not reportable" not in text.lower()
    assert "legal advice" in text.splitlines()[-2]
    read = json.loads(output(capsys, str(file), "--as", EVERY, "--json", "--trials", "20"))
    assert [each["regime"] for each in read["regimes"]] == list(regimes())


def test_the_answer_fits_on_one_screen_with_every_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    lines = output(capsys, MANY, "--as", "dora-financial,gdpr,nis2-marketplace", "--trials", "50").splitlines()
    assert len(lines) <= 50
    assert max(map(len, lines)) <= 100
    heading = lines.index("Regimes")
    assert [line.split()[0] for line in lines[heading + 2 : heading + 5]] == [
        "dora-financial",
        "gdpr",
        "nis2-marketplace",
    ]


@pytest.mark.parametrize("form", ["--all", "--json"])
def test_it_never_says_that_nothing_has_to_be_reported(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    # Half a minute of a service that is not critical meets next to nothing.
    text = output(capsys, CUT, "--as", EVERY, form, "--planned").lower()
    for words in ("not reportable", "no report", "need not", "no need", "not have to report", "nothing to report"):
        assert words not in text
    assert "not met on modelled criteria" in text
    assert "legal advice" in text


def test_secondary_sources_are_marked(capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, CUT, "--as", "ofcom", "--all")
    assert "SECONDARY SOURCE" in text
    assert "(secondary source)" in text
    assert "SECONDARY SOURCE" not in output(capsys, CUT, "--as", "fcc", "--all")


def test_regimes_are_listed_with_source_evidence_and_dates(capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, "--list")
    headings = [line.split()[0] for line in text.splitlines() if line and not line.startswith((" ", "Nothing"))]
    assert headings == list(regimes())
    assert text.count("read 2026-11-21") == len(regimes())
    read = json.loads(output(capsys, "--list", "--json", "--as", "fcc"))
    assert [each["id"] for each in read] == ["fcc"]
    assert read[0]["rules"][1]["value"] == 900_000


def test_words_stand_with_commas_or_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    one = output(capsys, CUT, "--as", "gdpr,fcc", "--flags", "media,malicious", "--json")
    assert (
        output(capsys, CUT, "--as", "gdpr", "--as", " fcc", "--flags", "media", "--flags", "malicious,media", "--json")
        == one
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--as", "nis2-clod"), "there is no regime 'nis2-clod'; did you mean nis2-cloud"),
        (("--as", "gdpr", "--flags", "malicous"), "there is no flag 'malicous'; did you mean malicious"),
        (("--as", "gdpr", "--service", "chekout"), "did you mean checkout"),
        (("--as", "gdpr", "--zone", "Mars/Base"), "there is no time zone 'Mars/Base'"),
        (("--as", "gdpr", "--aware", "soon"), "'soon' is not a duration"),
        (("--as", "gdpr", "--trials", "0"), "--trials"),
        (("--as", "gdpr", "--cost-per-user-minute", "-1"), "--cost-per-user-minute"),
        (("--as", "gdpr", "--cost-per-user-minute", "nan"), "nan is no sum of money; write a number of 0 or more"),
        (("--as", "gdpr", "--turnover", "inf"), "inf is no sum of money"),
        (("--as", "gdpr", "--turnover", "1e16"), "up to 1e+15"),
        (("--as", "nis2"), "nis2-social, nis2-trust or nis2-other?"),
        (("--as", "GDPR"), "did you mean gdpr?"),
        ((), "Missing option '--as'"),
        (("--as", ","), "Missing option '--as'"),
    ],
    ids=str,
)
def test_wrong_use_is_told_with_a_remedy(
    arguments: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert says in refused(capsys, CUT, *arguments)


def test_a_scenario_is_needed_unless_regimes_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Missing argument 'SCENARIO'" in refused(capsys, "--as", "gdpr")
    assert "leave out the scenario" in refused(capsys, CUT, "--list")
    assert "did you mean gdpr" in refused(capsys, "--list", "--as", "gdp")


def test_problems_in_the_files_end_with_status_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "wrong.yaml").write_text("impactsim: 1\nname: x\n", encoding="utf-8")
    assert main(["reportable", str(tmp_path / "wrong.yaml"), "--as", "gdpr"]) == 1
    assert "wrong.yaml" in capsys.readouterr().err
    assert main(["reportable", str(tmp_path / "absent.yaml"), "--as", "gdpr"]) == 1


def test_names_from_files_do_not_command_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(SCENARIOS / "teaching-shop", tmp_path / "shop")
    file = tmp_path / "shop" / "system.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("name: Web shop", 'name: "Web\\e[31mshop"'), encoding="utf-8"
    )
    words = (tmp_path / "shop" / "1-power-cut.yaml").read_text(encoding="utf-8")
    (tmp_path / "shop" / "1-power-cut.yaml").write_text(
        "\n".join('name: "Cut\\e[31m"' if line.startswith("name:") else line for line in words.splitlines()),
        encoding="utf-8",
    )
    text = output(capsys, str(tmp_path / "shop" / "1-power-cut.yaml"), "--as", EVERY, "--all")
    assert "\x1b" not in text


def test_the_list_of_regimes_needs_no_numpy() -> None:
    text = (
        "import sys; from impactsim.cli.main import main; main(['reportable', '--list']);"
        "print('numpy' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stderr.strip() == "False"


EXCHANGE = str(Path(__file__).parents[1] / "golden" / "exchange.yaml")
NOBODY = str(SCENARIOS / "aws-s3-2017" / "1-february-2017.yaml")  # nobody says who uses it


def test_what_nobody_can_tell_has_no_probability(capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, NOBODY, "--as", "ofcom,gdpr,nis2-cloud")
    for regime in ("ofcom", "gdpr"):
        row = next(line for line in text.splitlines() if line.startswith(f"  {regime} "))
        assert row.split("  ", 2)[2].split()[:7] == ["to", "be", "assessed", "not", "known", "not", "known"]
    told = " ".join(text.split())
    assert "who uses the services (any-duration, eight-hours-number, eight-hours-share, critical)" in told
    assert "To be assessed: the model cannot tell." in output(capsys, NOBODY, "--as", "gdpr")


def test_of_a_criterion_that_few_trials_meet_the_share_is_told_and_no_median(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # The power cut reaches users in a few of a hundred trials only: the median of everything is 0.
    text = output(capsys, CUT, "--as", "fcc,enisa,nis2-cloud", "--trials", "100")
    line = next(line for line in text.splitlines() if line.startswith("  fcc: "))
    assert line.startswith("  fcc: duration (in ")
    assert "(0 min" not in text


@pytest.mark.parametrize("columns", ["80", "100", "120"])
def test_no_figure_is_cut_however_narrow_the_screen(
    columns: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    rogers = str(SCENARIOS / "rogers-2022" / "1-july-2022.yaml")  # the widest figures: ranges of thousands of millions
    text = output(capsys, rogers, "--as", "fcc,dora-financial", "--all", "--trials", "40")
    rows = [line for line in text.splitlines() if line.startswith(("    user-minutes ", "    clients-number "))]
    assert len(rows) == 2
    assert max(map(len, rows)) <= int(columns)
    assert not any("..." in row for row in rows)


def test_what_makes_the_figures_doubtful_stands_on_the_first_screen(capsys: pytest.CaptureFixture[str]) -> None:
    note = "No user is known to be in US: everybody was counted."
    assert note in output(capsys, EXCHANGE, "--as", "fcc")
    text = output(capsys, EXCHANGE, "--as", "fcc,gdpr,nis2-dns")
    assert note in " ".join(text.split())


def test_without_a_zone_it_is_told_which_clock_the_deadlines_have(capsys: pytest.CaptureFixture[str]) -> None:
    assert "All times have the offset of `starts`" in output(capsys, EXCHANGE, "--as", "gdpr")
    zoned = output(capsys, EXCHANGE, "--as", "gdpr", "--zone", "Europe/Rome")
    assert "offset of `starts`" not in zoned
    assert "Deadlines are local times of Europe/Rome." in zoned


@pytest.mark.parametrize(("hours", "words"), [("2h", "at the limit"), ("3h", "1 h over")])
def test_a_limit_that_is_just_reached_is_told_by_whether_it_counts(
    hours: str, words: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "two.yaml"
    file.write_text(
        "impactsim: 1\nname: Two\nsystem: {impactsim: 1, name: S, components: {shop: {}}}\n"
        f"events: [{{fail: shop, for: {hours}}}]\n"
    )
    dora = output(capsys, str(file), "--as", "dora-financial", "--all")  # more than 2 hours
    assert words in next(line for line in dora.splitlines() if line.startswith("    downtime "))
    japan = output(capsys, str(file), "--as", "japan-quarterly", "--all")  # 2 hours or more
    row = next(line for line in japan.splitlines() if line.startswith("    duration "))
    assert ("just reached" if hours == "2h" else words) in row
    # Nothing was measured of what counts from the first minute on: that is no limit reached.
    gdpr = output(capsys, CUT, "--as", "gdpr", "--all")
    assert "at the limit" not in gdpr

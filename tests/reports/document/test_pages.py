from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.large_systems import layered
from impactsim.audit.asked import AuditAsked
from impactsim.reports.document.blocks import (
    BandsPicture,
    Block,
    Details,
    Document,
    Figure,
    LevelsPicture,
    Link,
    MapPicture,
    Paragraph,
    Points,
    RangesPicture,
    Section,
    Table,
)
from impactsim.reports.document.html import ids_of, to_html
from impactsim.reports.document.markdown import to_markdown
from impactsim.reports.document.pages.parts import table_blocks
from impactsim.reports.document.pages.run import run_document
from impactsim.reports.document.words import plain
from impactsim.reports.layout import Cell
from impactsim.reports.rank.asked import Asked
from impactsim.results import Audit, Comparison, Ranking, Result, SampledComparison, SampledResult
from impactsim.workflow import audit_system, compare_files, load, rank, run

SCENARIOS = Path(__file__).parents[3] / "scenarios"
SHOP = SCENARIOS / "teaching-shop"
CUT, CUT_TWICE = SHOP / "4-duct-cut.yaml", SHOP / "5-duct-cut-second-way.yaml"


def blocks_in(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """All blocks, those within others too."""
    for block in blocks:
        yield block
        if isinstance(block, Section | Details):
            yield from blocks_in(block.blocks)


def all_of(document: Document) -> list[Block]:
    return list(blocks_in((*document.summary, *document.sections)))


def pictures(document: Document) -> list[type]:
    return [type(block.picture) for block in all_of(document) if isinstance(block, Figure)]


def words_in(document: Document) -> str:
    """All text outside of tables."""
    lines = []
    for block in all_of(document):
        if isinstance(block, Paragraph):
            lines.append(plain(block.words))
        elif isinstance(block, Points):
            lines += map(plain, block.items)
        elif isinstance(block, Section):
            lines.append(block.title)
    return "\n".join(lines)


def tables(document: Document) -> dict[str, Table]:
    found = {block.caption: block for block in all_of(document) if isinstance(block, Table)}
    return found | {b.table.caption: b.table for b in all_of(document) if isinstance(b, Figure)}


def column(table: Table, place: int) -> list[str]:
    return [plain(row[place]) for row in table.rows]


def check_holds_together(document: Document) -> None:
    """Each row fits its table, each id is one, each link leads somewhere; both forms can be written."""
    ids = list(ids_of((*document.summary, *document.sections)))
    assert len(ids) == len(set(ids))
    found = [block for block in all_of(document) if isinstance(block, Table)]
    found += [block.table for block in all_of(document) if isinstance(block, Figure)]
    for table in found:
        assert table.rows
        assert {len(row) for row in table.rows} == {len(table.columns)}
    items = [item for block in all_of(document) if isinstance(block, Points) for item in block.items]
    links = [piece for item in items if isinstance(item, tuple) for piece in item if isinstance(piece, Link)]
    assert {link.to for link in links} <= set(ids)
    assert to_html(document).startswith("<!DOCTYPE html>")
    assert to_markdown(document).startswith(f"# {document.title}"[:5])


def result_of(source: Any, **words: Any) -> Result:
    found = run(source, trials=1, **words)
    assert isinstance(found, Result)
    return found


@pytest.fixture(scope="module")
def facebook() -> Result:
    return result_of(str(SCENARIOS / "facebook-2021" / "1-october-2021.yaml"))


def test_the_document_of_a_run_has_its_answer_its_pictures_and_its_reasons(facebook: Result) -> None:
    document = facebook.to_document("impactsim run x.yaml --html x.html")
    check_holds_together(document)
    assert pictures(document) == [BandsPicture, LevelsPicture, MapPicture]
    words = words_in(document)
    assert "7 of 7 services down" in words
    assert "Backbone (failed at 4 Oct 15:39)" in words
    assert "Backbone: held up by remote-access and Out-of-band access" in words
    assert column(tables(document)["Services"], 2)[0] == "5 h 21 min"
    assert document.repeat[0] == "impactsim run x.yaml --html x.html"
    assert document.repeat[1].endswith("seed 0")


def test_services_that_are_down_have_a_sign_with_a_word(facebook: Result) -> None:
    table = tables(facebook.to_document())["Services"]
    assert set(column(table, 1)) == {"down"}
    assert 'class="sign tone-high"' in to_html(facebook.to_document())


def test_a_run_in_which_nothing_happens_says_so_and_has_no_empty_part() -> None:
    system = {"impactsim": 1, "name": "S", "components": {"a": {"kind": "host"}, "shop": {}}}
    quiet = result_of(
        {"impactsim": 1, "name": "Quiet", "system": system, "events": [{"fail": "a", "at": 0, "for": "1h"}]}
    )
    document = quiet.to_document()
    check_holds_together(document)
    assert "no service is affected" in words_in(document)
    assert "services" not in [section.id for section in document.sections]
    assert all(section.blocks for section in document.sections)


def test_the_report_of_a_thousand_components_is_small() -> None:
    big = result_of(
        {"impactsim": 1, "name": "x", "system": layered(1000), "events": [{"fail": "c3", "at": 0, "for": "2h"}]}
    )
    document = run_document(big.loaded.system, big.facts)
    check_holds_together(document)
    assert len(to_html(document)) < 1_000_000
    assert len(to_markdown(document)) < 1_000_000


def test_a_long_table_is_cut_and_the_rest_is_there_on_demand() -> None:
    rows = [[f"row {i}", Cell("down", "down"), "-"] for i in range(100)]
    first, rest = table_blocks("Rows", (("name", False), ("how", False), ("empty", True)), rows, most=10)
    assert isinstance(first, Table)
    assert isinstance(rest, Details)
    assert len(first.rows) == 10
    assert [each.title for each in first.columns] == ["name", "how"]
    [others] = rest.blocks
    assert isinstance(others, Table)
    assert plain(others.rows[0][0]) == "row 10"
    assert len(others.rows) == 90


def test_the_document_of_trials_has_chances_bands_and_what_matters_most() -> None:
    found = run(str(SHOP / "1-power-cut.yaml"), trials=64, workers=1)
    assert isinstance(found, SampledResult)
    document = found.to_document()
    check_holds_together(document)
    assert RangesPicture in pictures(document)
    sections = [section.id for section in document.sections]
    assert "services" in sections
    assert "made" in sections
    assert document.repeat[-1].endswith("64 trials")


def test_users_over_the_trials_have_a_band() -> None:
    system = {
        "impactsim": 1, "name": "S",
        "components": {"grid": {"kind": "power"}, "shop": {"needs": [{"component": "grid", "holdover": {"low": "1h", "high": "3h"}}]}},
        "users": {"all": {"count": 1000, "uses": ["shop"]}},
    }  # fmt: skip
    found = run(
        {"impactsim": 1, "name": "Cut", "system": system, "events": [{"fail": "grid", "at": 0, "for": "10h"}]},
        trials=100,
        workers=1,
    )
    assert isinstance(found, SampledResult)
    document = found.to_document()
    check_holds_together(document)
    [figure] = [b for b in all_of(document) if isinstance(b, Figure) and isinstance(b.picture, BandsPicture)]
    assert isinstance(figure.picture, BandsPicture)
    at_first = [point for point in figure.picture.points if point[0] < 3_600_000]
    assert {point[1:] for point in at_first} == {(0.0, 0.0, 0.0)}  # the holdover lasts an hour at least
    assert any(point[1:] == (1000.0, 1000.0, 1000.0) for point in figure.picture.points)


def test_a_comparison_of_runs_has_each_beside_the_first() -> None:
    found = compare_files([CUT, CUT_TWICE], trials=1)
    assert isinstance(found, Comparison)
    document = found.to_document()
    check_holds_together(document)
    table = tables(document)["In all"]
    labels = [each.facts.title for each in found.results]
    assert [each.title for each in table.columns] == ["", *labels]
    first, second = (each.facts for each in found.results)
    differ = {name for name in first.services if first.components[name].down_ms != second.components[name].down_ms}
    names = {first.components[name].name for name in differ}
    assert names
    assert names <= set(column(tables(document)["Services that fare differently"], 0))


def test_a_comparison_of_trials_has_the_intervals_of_its_differences() -> None:
    found = compare_files([CUT, CUT_TWICE], trials=64, workers=1)
    assert isinstance(found, SampledComparison)
    document = found.to_document()
    check_holds_together(document)
    label = found.facts.scenarios[1].label
    assert label in [section.title for section in document.sections]
    assert "better" in words_in(document)


def test_the_document_of_a_ranking_has_the_worst_first_and_its_chain() -> None:
    found = rank(load(SHOP / "system.yaml"), Asked(has_pairs=True))
    assert isinstance(found, Ranking)
    document = found.to_document()
    check_holds_together(document)
    names = column(tables(document)["Failures, the worst first"], 0)
    assert names == [each.name for each in found.facts.ranking][: len(names)]
    first = next(b for b in all_of(document) if isinstance(b, Details) and b.summary.startswith(names[0]))
    assert first.blocks
    assert "pairs" in [section.id for section in document.sections]


def test_the_document_of_an_audit_has_each_finding_under_its_heading_and_links_to_the_worst() -> None:
    found = audit_system(SHOP / "system.yaml", AuditAsked())
    assert isinstance(found, Audit)
    document = found.to_document()
    check_holds_together(document)
    ids = set(ids_of(document.sections))
    assert {each.id for each in found.facts.findings} <= ids
    items = [item for b in blocks_in(document.summary) if isinstance(b, Points) for item in b.items]
    worst = [piece.to for item in items if isinstance(item, tuple) for piece in item if isinstance(piece, Link)]
    by_id = {each.id: each.severity for each in found.facts.findings}
    assert [by_id[each] for each in worst] == sorted(by_id.values(), reverse=True)[:5]
    assert {"restart-order", "concentration", "single-points"} <= {section.id for section in document.sections}

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from impactsim.reports.document.blocks import (
    BandsPicture,
    Block,
    Figure,
    GanttPicture,
    KeyFigures,
    LevelsPicture,
    Link,
    Paragraph,
    Points,
    RangesPicture,
    Section,
    Sign,
    Table,
    Words,
)
from impactsim.reports.document.html import to_html
from impactsim.reports.document.markdown import to_markdown
from impactsim.review.document import document_of
from impactsim.review.facts import ReviewFacts
from review.blocks import every
from review.made_facts import HOUR, rehearsal, review, steps


def all_of(facts: ReviewFacts) -> list[Block]:
    document = document_of(facts)
    return [*every(document.summary), *every(document.sections)]


def pieces(words: Words) -> tuple[object, ...]:
    return words if isinstance(words, tuple) else (words,)


def links(blocks: list[Block]) -> Iterator[Link]:
    for block in blocks:
        found: list[Words] = []
        if isinstance(block, Paragraph):
            found = [block.words]
        elif isinstance(block, Points):
            found = list(block.items)
        elif isinstance(block, Table):
            found = [cell for row in block.rows for cell in row]
        yield from (piece for words in found for piece in pieces(words) if isinstance(piece, Link))


def picture(kind: type) -> Figure:
    return next(each for each in all_of(review()) if isinstance(each, Figure) and isinstance(each.picture, kind))


def section(id_: str, facts: ReviewFacts | None = None) -> Section:
    return next(each for each in all_of(facts or review()) if isinstance(each, Section) and each.id == id_)


def test_the_summary_begins_with_the_sign_and_the_sentence_of_the_verdict():
    first = document_of(review()).summary[0]
    assert isinstance(first, Paragraph)
    sign = pieces(first.words)[0]
    assert sign == Sign("critical", "fails")


def test_the_summary_counts_what_holds_and_names_the_three_worst_findings():
    summary = document_of(review()).summary
    figures = next(each for each in summary if isinstance(each, KeyFigures)).figures
    assert figures[0][:2] == ("Services that hold", "1 of 2")
    assert figures[1][:2] == ("Furthest from its target", "9 h (P90 12 h)")
    worst = next(each for each in summary if isinstance(each, Points))
    assert [link.text for item in worst.items for link in pieces(item) if isinstance(link, Link)] == [
        "DR08",
        "DR02",
        "DR10",
    ]


def test_every_link_leads_somewhere_and_no_id_stands_twice():
    blocks = all_of(review())
    ids = [each.id for each in blocks if isinstance(each, Section | Figure)]
    ids += [id_ for each in blocks if isinstance(each, Table) for id_ in each.ids]
    assert len(ids) == len(set(ids))
    targets = {link.to for link in links(blocks)}
    assert {"finding-1", "finding-2", "finding-3", "basis"} <= targets
    assert targets <= set(ids)


def test_every_table_has_as_many_cells_as_columns():
    tables = [each for each in all_of(review()) if isinstance(each, Table)]
    assert len(tables) > 8
    assert [table.caption for table in tables if any(len(row) != len(table.columns) for row in table.rows)] == []


def test_the_chart_of_targets_has_those_of_the_services():
    ranges = picture(RangesPicture).picture
    assert isinstance(ranges, RangesPicture)
    checkout = ranges.rows[0]
    assert (checkout.low, checkout.middle, checkout.high, checkout.target) == (8 * HOUR, 9 * HOUR, 12 * HOUR, 4 * HOUR)
    assert (checkout.tone, ranges.rows[1].tone) == ("critical", "good")


def test_the_gap_is_that_of_the_p90_and_none_where_the_target_is_kept():
    promised = next(
        each for each in all_of(review()) if isinstance(each, Table) and "Gap" in [c.title for c in each.columns]
    )
    place = [column.title for column in promised.columns].index("Gap")
    assert [row[place] for row in promised.rows] == ["8 h", "none"]


def test_the_gantt_has_the_declaration_the_called_steps_and_the_targets():
    gantt = picture(GanttPicture).picture
    assert isinstance(gantt, GanttPicture)
    assert [bar.name for bar in gantt.bars] == [
        "Detection and decision",
        "Bring back the password store",
        "Restore the orders",
    ]
    assert [bar.group for bar in gantt.bars] == ["before", "wave 1", "wave 2"]
    assert (2 * HOUR, "RTO Search") in gantt.marks
    assert (4 * HOUR, "RTO Checkout") in gantt.marks
    assert gantt.end_ms == 11 * HOUR  # the P90 of the last step


def test_a_step_that_never_ends_does_not_stretch_the_chart():
    never = replace(steps()[1], ends_ms=None, ends=None)
    facts = replace(review(), rehearsals=(replace(rehearsal(), steps=(steps()[0], never)),))
    gantt = next(
        each.picture for each in all_of(facts) if isinstance(each, Figure) and isinstance(each.picture, GanttPicture)
    )
    assert gantt.end_ms == 6 * HOUR


def test_levels_show_what_was_hit_and_no_step_of_the_plan():
    figure = picture(LevelsPicture)
    assert isinstance(figure.picture, LevelsPicture)
    names = [strip.name for strip in figure.picture.strips]
    assert names[:2] == ["Checkout", "Search"]
    assert "Hotline" not in names
    assert not {"Declaration", "Restore the orders"} & set(names)
    below = {row[0]: row[2] for row in figure.table.rows}
    assert below["Search"] == "+2:00 to +3:00"
    assert below["East hall"] == "+0:00 to the end"


def test_people_over_time_have_their_band_and_its_name():
    figure = picture(BandsPicture)
    assert isinstance(figure.picture, BandsPicture)
    assert figure.picture.band == "P10 to P90 of 1,000 trials"
    assert figure.table.rows[1] == ("+9:00", "0", "0", "700")


def test_sections_that_would_be_empty_are_left_out():
    bare = replace(review(), backups=(), changes=(), rehearsals=(), restart_circles=(), deadlocks=())
    ids = {each.id for each in document_of(bare).sections}
    assert ids == {"services", "findings", "suppliers", "basis"}


def test_a_supplier_without_evidence_says_so():
    table = section("suppliers").blocks[0]
    assert isinstance(table, Table)
    assert table.rows == (
        ("Lintel Fibre", "8 h", "contract of 2023", "Checkout"),
        ("marlow", "not given", "none", "Checkout"),
    )


def test_the_report_says_how_to_get_it_again():
    document = document_of(review(), plan_file="my plan.yaml")
    assert document.repeat[0] == "impactsim review 'my plan.yaml' --as-of 2026-05-05 --trials 1000 --seed 7"


@pytest.mark.parametrize("write", [to_html, to_markdown])
def test_the_document_can_be_written(write):
    text = write(document_of(review()))
    assert "Checkout" in text
    assert "DR08" in text

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from impactsim.reports.document.blocks import (
    BandsPicture,
    Block,
    Definitions,
    Details,
    Figure,
    GanttPicture,
    KeyFigures,
    LevelsPicture,
    Link,
    More,
    Paragraph,
    Points,
    RangesPicture,
    Section,
    Sign,
    Strong,
    Table,
    Words,
)
from impactsim.reports.document.html import to_html
from impactsim.reports.document.markdown import to_markdown
from impactsim.review.facts import ReviewFacts
from impactsim.review.report.document import document_of
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
    assert sign == Sign("critical", "The plan does not hold")


def test_the_summary_counts_what_holds_and_names_the_three_worst_findings():
    summary = document_of(review()).summary
    figures = next(each for each in summary if isinstance(each, KeyFigures)).figures
    assert figures[0][:2] == ("Services that hold", "1 of 2")
    assert figures[1][:2] == ("Furthest from its target", "9 h (P90 12 h)")
    worst = next(each for each in summary if isinstance(each, Points))
    assert [link.text for item in worst.items for link in pieces(item) if isinstance(link, Link)] == [
        "DR08.1",
        "DR02.1",
        "DR10.1",
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


def definitions(service: str) -> dict[str, Words]:
    found = next(
        each for each in all_of(review()) if isinstance(each, Details) and Strong(service) in pieces(each.summary)
    )
    [block] = found.blocks
    assert isinstance(block, Definitions)
    return dict(block.items)


def test_a_service_says_by_how_much_the_p90_misses_its_target_if_it_does():
    assert "the P90 is 8 h above the target" in str(definitions("Checkout")["Recovery time"])
    assert "above" not in str(definitions("Search")["Recovery time"])


def test_a_service_names_what_it_rests_on_and_its_grave_findings():
    said = definitions("Checkout")
    assert said["Single points of failure"] == "East hall and Orders"
    assert said["Suppliers (repair time)"] == "Lintel Fibre (8 h), marlow (not given, no evidence)"
    assert [each.text for each in pieces(said["Findings"]) if isinstance(each, Link)] == ["DR02.1", "DR08.1"]
    assert definitions("Search")["Findings"] == ("none", "; 1 less severe")


def test_findings_stand_by_code_the_code_of_the_worst_first_and_those_below_high_open_on_demand():
    parts = section("findings").blocks
    assert [each.id for each in parts if isinstance(each, Section)] == [
        "findings-DR08",
        "findings-DR02",
        "findings-DR10",
    ]
    last = parts[-1]
    assert isinstance(last, Section)
    assert not [each for each in last.blocks if isinstance(each, Table)]
    assert any(isinstance(each, Details) and each.summary == "1 low finding" for each in last.blocks)


def test_a_finding_opens_to_its_evidence_and_its_remedy_and_links_to_the_change_that_closes_it():
    table = next(each for each in every(section("findings-DR08").blocks) if isinstance(each, Table))
    [row] = table.rows
    [more] = [piece for cell in row for piece in pieces(cell) if isinstance(piece, More)]
    assert [str(each) for each in more.items] == [
        "vault needs dc-east.",
        "the step rests from +1:00 to +4:00.",
        "What would help: keep a copy of the passwords elsewhere.",
    ]
    assert more.is_printed
    assert Link("change-safe", "safe") in [piece for cell in row for piece in pieces(cell)]


def test_a_finding_below_high_is_a_row_only_on_paper():
    tables = [each for each in every(section("findings-DR10").blocks) if isinstance(each, Table)]
    [more] = [piece for row in tables[0].rows for cell in row for piece in pieces(cell) if isinstance(piece, More)]
    assert not more.is_printed


def test_what_to_do_begins_with_the_cheapest_change_that_closes_something():
    table = next(each for each in section("changes").blocks if isinstance(each, Table))
    assert table.ids == ("change-safe", "change-hot")
    idle = replace(review(), changes=(replace(review().changes[0], closes=()), review().changes[1]))
    table = next(each for each in section("changes", idle).blocks if isinstance(each, Table))
    assert table.ids == ("change-hot", "change-safe")


def test_where_no_change_closes_a_grave_finding_its_remedy_stands():
    facts = replace(review(), cheapest={"DR08/checkout/vault": "safe", "DR02/checkout": None})
    tables = [each for each in section("changes", facts).blocks if isinstance(each, Table)]
    assert [row[-1] for row in tables[-1].rows] == ["shorten the restore, or promise less."]


def test_a_target_far_behind_the_last_step_is_told_and_not_drawn():
    rows = (replace(review().rows[0], rto=120 * HOUR), review().rows[1])
    figure = next(
        each
        for each in all_of(replace(review(), rows=rows))
        if isinstance(each, Figure) and isinstance(each.picture, GanttPicture)
    )
    assert isinstance(figure.picture, GanttPicture)
    assert figure.picture.end_ms == 11 * HOUR
    assert [name for _, name in figure.picture.marks] == ["RTO Search"]
    assert "RTO Checkout at +5d 0:00" in figure.text


def test_pictures_end_shortly_behind_the_last_change_and_say_until_when_nothing_happens():
    long = replace(rehearsal(), run=replace(rehearsal().run, end_ms=240 * HOUR))
    facts = replace(review(), rehearsals=(long,))
    figures = [each for each in all_of(facts) if isinstance(each, Figure)]
    [levels] = [each for each in figures if isinstance(each.picture, LevelsPicture)]
    assert isinstance(levels.picture, LevelsPicture)
    assert levels.picture.end_ms == round(9 * HOUR * 1.1)  # Checkout is back after 9 h
    assert "Nothing changes from there until the end, 12 Mar 09:00" in levels.text


def test_components_that_fared_alike_share_a_strip():
    run = rehearsal().run
    twin = replace(run.components["orders-db"], id="stock-db", name="Stock")
    components = {**run.components, "stock-db": twin}
    facts = replace(review(), rehearsals=(replace(rehearsal(), run=replace(run, components=components)),))
    [levels] = [each for each in all_of(facts) if isinstance(each, Figure) and isinstance(each.picture, LevelsPicture)]
    assert isinstance(levels.picture, LevelsPicture)
    assert "Orders and Stock" in [strip.name for strip in levels.picture.strips]
    assert {"Orders", "Stock"} <= {str(row[0]) for row in levels.table.rows}


def test_only_the_worst_scenario_is_open():
    other = replace(rehearsal(), name="A quiet day", file="quiet.yaml")
    facts = replace(review(), rehearsals=(other, rehearsal()))
    parts = section("order", facts).blocks
    assert isinstance(parts[0], Section)
    assert parts[0].title == "Fire in the east hall"
    assert isinstance(parts[1], Details)
    assert Strong("A quiet day") in pieces(parts[1].summary)


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

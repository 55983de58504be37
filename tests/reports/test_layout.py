from __future__ import annotations

import pytest

from impactsim.reports.layout import (
    Cell,
    Column,
    Entry,
    Section,
    coloured,
    fit,
    fitted,
    padded,
    plain,
    table,
    width,
    wrapped,
)

JAPANESE = "\u6ce8\u6587\u30c7\u30fc\u30bf\u30d9\u30fc\u30b9"  # 8 letters, 16 columns


def test_wide_letters_count_twice_and_accents_nothing() -> None:
    assert width(JAPANESE) == 16
    assert width("e\u0301a") == 2


@pytest.mark.parametrize("columns", range(1, 20))
def test_a_cut_text_is_never_wider_than_its_columns(columns: int) -> None:
    for text in ("a longer text than that", JAPANESE, "\u6ce8a\u6587b\u30c7"):
        assert width(fitted(text, columns)) <= columns
        assert width(padded(fitted(text, columns), columns)) == columns


def test_columns_of_a_table_stand_below_one_another_whatever_the_script() -> None:
    titles, lines = table(
        [Column("name", least=8), Column("down for")], [["shop", "1 h"], [JAPANESE, "2 h"]], 80, 2, plain
    )
    starts = [
        width(line[: line.index(mark)]) for line, mark in zip([titles, *lines], ["down", "1 h", "2 h"], strict=True)
    ]
    assert starts == [20, 20, 20]


def test_a_table_shrinks_to_the_screen_and_only_where_it_may() -> None:
    rows = [["a very long name of some component", "exact figure", "another very long name"]]
    _, (line,) = table([Column("x", least=8), Column("y"), Column("z", least=8)], rows, 40, 0, plain)
    assert width(line) <= 40
    assert "exact figure" in line


def test_a_column_in_which_nothing_stands_is_left_out() -> None:
    titles, _ = table([Column("a"), Column("b"), Column("c")], [["1", "-", "3"], ["1", "", "3"]], 80, 0, plain)
    assert titles == "a  c"


def test_paint_adds_codes_and_moves_nothing() -> None:
    rows = [[Cell("down", "down"), "x"], ["up", "y"]]
    _, plainly = table([Column("a"), Column("b")], rows, 80, 0, plain)
    _, painted = table([Column("a"), Column("b")], rows, 80, 0, coloured)
    assert painted[0] == plainly[0].replace("down", "\x1b[31m\x1b[1mdown\x1b[0m")
    assert painted[1] == plainly[1]


def test_lines_break_between_words_and_long_words_anywhere() -> None:
    assert wrapped("one two three", 8, 2) == ["one two", "  three"]
    assert wrapped(JAPANESE, 10, 0) == [JAPANESE[:5], JAPANESE[5:]]
    assert wrapped("one two three four", 8, 0, 1) == ["one ..."]


def test_what_does_not_fit_is_counted() -> None:
    section = Section("Things", [Entry([f"  {i}"], rank=i != 7) for i in range(10)], least=1)
    lines = fit([section], 6, plain)
    assert lines == ["", "Things", "  0", "  1", "  7", "  and 7 more (--all)"]
    assert len(fit([section], None, plain)) == 12


def test_nothing_is_cut_where_it_would_save_no_line() -> None:
    section = Section("Things", [Entry([f"  {i}"]) for i in range(4)], least=1)
    assert fit([section], 6, plain)[-1] == "  3"


def test_the_section_with_the_least_weight_loses_first_and_is_named() -> None:
    heavy = Section("Heavy", [Entry([f"  {i}"]) for i in range(20)], least=4, weight=4.0)
    light = Section("Light", [Entry([f"  {i}"]) for i in range(5)], least=0, weight=0.4)
    lines = fit([heavy, light], 20, plain)
    assert lines[-1] == "Left out (--all): Light (5)"
    assert len(lines) <= 20
    assert "  10" in lines


def test_a_section_without_entries_has_no_heading() -> None:
    assert fit([Section("Empty", [])], 50, plain) == []

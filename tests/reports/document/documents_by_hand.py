"""A document with everything in it, and pictures of each kind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from impactsim.reports.document.blocks import (
    BandsPicture,
    Bar,
    Clock,
    Code,
    Column,
    Details,
    Document,
    Figure,
    Foreign,
    GanttPicture,
    KeyFigures,
    LevelsPicture,
    Link,
    Moment,
    Paragraph,
    Points,
    RangeBar,
    RangesPicture,
    Section,
    Sign,
    Strip,
    Strong,
    Table,
    Words,
)  # fmt: skip

MINUTE, HOUR = 60_000, 3_600_000
START = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)
CLOCK = Clock(START)
INFINITY = float("inf")


def table(caption: str = "Services", rows: int = 2, ids: tuple[str, ...] = ()) -> Table:
    columns = (Column("Service"), Column("Verdict"), Column("People", is_number=True))
    cells: tuple[tuple[Words, ...], ...] = tuple(
        (
            f"service {i}",
            Sign(("good", "medium", "high", "critical", "low", "unknown")[i % 6], "down 6 h"),
            f"{1000 * i:,}",
        )
        for i in range(rows)
    )
    return Table(caption, columns, cells, ids)


def levels(n_strips: int = 6) -> LevelsPicture:
    strips = []
    for i in range(n_strips):
        fell, rose = (10 + 7 * i) * MINUTE, (150 + 20 * i) * MINUTE
        courses = (
            ((0, 1.0), (fell, 0.0), (rose, 1.0)),
            ((0, 1.0), (fell, 0.4), (rose, 0.0), (rose + HOUR, 0.7), (rose + 2 * HOUR, 1.0)),
            ((0, 1.0), (fell, 0.0)),
            ((0, 1.0),),
        )
        strips.append(Strip(f"Component number {i}", courses[i % 4], ((fell, rose),) if i % 4 == 3 else ()))
    return LevelsPicture(tuple(strips), 8 * HOUR, CLOCK)


def bands() -> BandsPicture:
    rising = ((i * 20 * MINUTE, 900.0 * i, 1800.0 * i, 4000.0 * i) for i in range(12))
    points = (*rising, (5 * HOUR, 1000.0, 2500.0, 9000.0), (7 * HOUR, 0.0, 0.0, 500.0))
    return BandsPicture(points, 8 * HOUR, "people affected", "P10 to P90 of 1,000 trials", CLOCK)


def gantt() -> GanttPicture:
    bars = (
        Bar("Detect the outage", "Before the work", 0, 0, 15 * MINUTE, 25 * MINUTE, is_critical=True),
        Bar("Declare a disaster", "Before the work", 15 * MINUTE, 15 * MINUTE, 45 * MINUTE, HOUR, is_critical=True),
        Bar("Restore the identity provider", "Wave 1", 45 * MINUTE, HOUR, 2.5 * HOUR, 4 * HOUR, is_critical=True),
        Bar("Switch the network to the second site", "Wave 1", 45 * MINUTE, 45 * MINUTE, 1.2 * HOUR, 1.5 * HOUR),
        Bar("Restore the database of orders from the copy", "Wave 2", int(2.5 * HOUR), 3 * HOUR, 6.5 * HOUR, 11 * HOUR, is_critical=True),
        Bar("Start the shop", "Wave 3", int(6.5 * HOUR), 6.5 * HOUR, 7 * HOUR, INFINITY),
        Bar("Rebuild the warehouse scanner", "Wave 3", int(2.5 * HOUR), INFINITY, INFINITY),
    )  # fmt: skip
    return GanttPicture(bars, 8 * HOUR, ((4 * HOUR, "target RTO 4 h"), (45 * MINUTE, "declared")), CLOCK)


def ranges() -> RangesPicture:
    bars = (
        RangeBar("Web shop", 2.0 * HOUR, 3.1 * HOUR, 5.0 * HOUR, 4 * HOUR, "medium"),
        RangeBar("Payments", 0.5 * HOUR, 0.8 * HOUR, 1.2 * HOUR, 2 * HOUR, "good"),
        RangeBar("Warehouse", 6.0 * HOUR, 7.5 * HOUR, INFINITY, 4 * HOUR, "high"),
        RangeBar("Payroll", INFINITY, INFINITY, INFINITY, 24 * HOUR, "critical"),
        RangeBar("Intranet", 1.0 * HOUR, 2.0 * HOUR, 3.0 * HOUR, None, "unknown"),
    )
    return RangesPicture(bars, "duration", "time to restore: P10, P50, P90")


def figure(id: str, title: str, picture: object) -> Figure:  # noqa: A002 - as in blocks
    said = "The web shop is down for six hours, longer than its target."
    return Figure(id, title, said, picture, table(f"{title}, as figures"))  # type: ignore[arg-type]


def document() -> Document:
    summary = (
        Paragraph((Sign("critical", "The plan fails"), ": three of eight services come back later than promised.")),
        KeyFigures((
            ("Services that miss their target", "3 of 8", "the web shop by 2 h 30 min at the median"),
            ("Chance that all targets are met", "12 %", "10 % to 14 % at 95 %"),
            ("People affected at the worst moment", "120,000", Sign("high", "half of all")),
            ("Last full test", Sign("medium", "19 months ago"), ""),
        )),
        table("Services against their targets", 8),
        Points((("Buy a second line: ", Strong("closes two findings"), "."), ("See ", Link("findings", "the findings"), ".")), is_numbered=True),
    )  # fmt: skip
    wide = Table(
        "The row of every service",
        tuple(Column(f"Column {i}", is_number=i > 6) for i in range(12)),
        tuple(tuple(f"value {i} of {j}" for i in range(12)) for j in range(60)),
        tuple(f"row {j}" for j in range(60)),
    )
    sections = (
        Section("services", "Services", (wide, Section("one", "The web shop", (Paragraph((Code("web-shop"), " leans on ", Link("row 3", "the third"), ".")),)))),
        Section("findings", "Findings", (
            Paragraph(("It began at ", Moment(START, "3 Mar 14:00"), ", as ", Foreign("ja", "\u505c\u96fb"), " says.")),
            Details("All findings", (table("Findings", 40), Points(("one", "two")))),
        )),
        Section("order", "Restoration order", (figure("gantt", "Steps over time", gantt()),)),
        Section("levels", "Levels over time", (figure("strips", "Services over time", levels()),)),
        Section("people", "People over time", (figure("bands", "People affected over time", bands()),)),
        Section("ranges", "Times to restore", (figure("times", "Times to restore beside their targets", ranges()),)),
    )  # fmt: skip
    repeat = ("impactsim review plan.yaml --as-of 2026-03-03 --seed 1", "impactsim 0.1.0")
    later = START + timedelta(hours=1)
    subtitle = f"Example of all parts, {later:%d %B %Y}"
    return Document("Review of the recovery plan of Example Ltd", subtitle, summary, sections, repeat)

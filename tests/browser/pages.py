"""What every page that impactsim writes must do in a browser, by WCAG 2.2 AA and by its promise to open on a plane.

Each function returns what is wrong, in words; `check_page` puts all of them to one page.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pypdf import PdfReader

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
TEXT_SPACING = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-block-end: 2em !important; }
"""
"""What a reader may set by WCAG 1.4.12."""

_FOCUSABLE = "a[href], summary, [tabindex='0']"
_OPEN_ALL = "() => document.querySelectorAll('details').forEach(each => { each.open = true; })"
_NOT_SEEN = """() => {
  const said = each => `${each.tagName.toLowerCase()} ${(each.getAttribute('aria-label') || each.textContent).trim().slice(0, 40)}`;
  const all = [...document.querySelectorAll(SELECTOR)];
  const reached = window.reached || new Map();
  return all.filter(each => !reached.get(each)).map(each => said(each) + (reached.has(each) ? ': focus is not visible' : ': not reached'));
}""".replace("SELECTOR", repr(_FOCUSABLE))
_WATCH_FOCUS = """() => {
  window.reached = new Map();
  document.addEventListener('focusin', event => {
    const style = getComputedStyle(event.target), box = event.target.getBoundingClientRect();
    const isMarked = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    window.reached.set(event.target, isMarked && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth);
  });
}"""
_CUT_OFF = """() => {
  const wrong = [];
  for (const each of document.querySelectorAll('body *')) {
    if (each.closest('svg, .skip')) continue;
    const style = getComputedStyle(each);
    const hides = ['hidden', 'clip'];
    if ((hides.includes(style.overflowX) && each.scrollWidth > each.clientWidth + 1)
        || (hides.includes(style.overflowY) && each.scrollHeight > each.clientHeight + 1))
      wrong.push(`${each.tagName} ${each.textContent.trim().slice(0, 40)} is cut off`);
  }
  for (const svg of document.querySelectorAll('.picture > svg')) {
    const frame = svg.getBoundingClientRect();
    for (const text of svg.querySelectorAll('text')) {
      const box = text.getBoundingClientRect();
      if (box.width && (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1))
        wrong.push(`"${text.textContent}" leaves its picture`);
    }
  }
  return wrong;
}"""


def check_page(page: Page, html_path: Path, most_printed: int = 100) -> None:
    """Assert that a page loads nothing, complains of nothing, and can be read by everybody.

    Parameters
    ----------
    page
        A page of the browser (fixture `page`).
    html_path
        The file.
    most_printed
        How many sheets of paper it may take.
    """
    with _listening(page) as heard:
        opened(page, html_path)
        problems = {
            "light": axe(page, "light"),
            "dark": axe(page, "dark"),
            "headings": headings(page),
            "scripts": page.evaluate("() => [...document.scripts].map(each => each.outerHTML.slice(0, 80))"),
            "keyboard": keyboard(page),
            "text spacing": text_spacing(page),
            "reflow": reflow(page),
            "print": printed(page, html_path, most_printed),
        }
    found = {what: wrong for what, wrong in {"loading": heard, **problems}.items() if wrong}
    assert not found, "\n".join(f"{what}: {each}" for what, wrong in found.items() for each in wrong)


def opened(page: Page, html_path: Path, scheme: str = "light") -> None:
    """Open a page wide and in one of the schemes, all details closed."""
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.emulate_media(media="null", color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(html_path.resolve().as_uri())


@contextmanager
def _listening(page: Page) -> Iterator[list[str]]:
    """Note what a page asks of the network, and what it complains of."""
    heard: list[str] = []

    def on_request(request: Any) -> None:
        if not request.is_navigation_request() and not request.url.startswith("data:"):
            heard.append(f"asks for {request.url}")

    def on_console(message: Any) -> None:
        if message.type in {"error", "warning"}:
            heard.append(f"{message.type}: {message.text}")

    def on_error(error: Any) -> None:
        heard.append(f"error: {error}")

    listeners = {"request": on_request, "console": on_console, "pageerror": on_error}
    for event, listener in listeners.items():
        page.on(event, listener)  # type: ignore[call-overload]
    yield heard
    for event, listener in listeners.items():
        page.remove_listener(event, listener)


def axe(page: Page, scheme: str) -> list[str]:
    """Return what axe-core finds in one scheme, with all details open."""
    from axe_playwright_python.sync_playwright import Axe

    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.evaluate(_OPEN_ALL)
    violations = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['help']}: {each['nodes'][0]['html'][:200]}" for each in violations]


def headings(page: Page) -> list[str]:
    """Return headings that skip a level, and whether there is not one title."""
    levels = page.evaluate("() => [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])")
    skipped = [f"h{later} after h{level}" for level, later in pairwise(levels) if later > level + 1]
    return skipped + ([] if levels[:1] == [1] and levels.count(1) == 1 else [f"headings begin {levels[:3]}"])


def keyboard(page: Page) -> list[str]:
    """Return what Tab does not reach, or where one cannot see that it did, with all details open."""
    page.evaluate(_OPEN_ALL)
    page.evaluate(_WATCH_FOCUS)
    page.evaluate("() => { document.activeElement.blur(); getSelection().removeAllRanges(); scrollTo(0, 0); }")
    for _ in range(page.locator(_FOCUSABLE).count() + 2):
        page.keyboard.press("Tab")
    wrong: list[str] = page.evaluate(_NOT_SEEN)
    return wrong


def reflow(page: Page) -> list[str]:
    """Return whether the page itself scrolls sideways on a telephone; tables and pictures may, within themselves."""
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.evaluate(_OPEN_ALL)
    needed = page.evaluate("() => document.scrollingElement.scrollWidth")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return [f"at 320 pixels the page is {needed} wide"] if needed > 320 else []


def text_spacing(page: Page) -> list[str]:
    """Return what is lost, and what was lost before, when a reader sets the letters further apart."""
    page.evaluate(_OPEN_ALL)
    before: list[str] = page.evaluate(_CUT_OFF)
    style = page.add_style_tag(content=TEXT_SPACING)
    after: list[str] = page.evaluate(_CUT_OFF)
    style.evaluate("each => each.remove()")
    return before or after


def printed(page: Page, html_path: Path, most: int) -> list[str]:
    """Return what is wrong with the page on paper: too long, or something else than the summary on its first sheet."""
    opened(page, html_path, "dark")
    sheets = sheets_of(page)
    first, second = sheets[0], sheets[1] if len(sheets) > 1 else ""
    wrong = [f"{len(sheets)} sheets"] if len(sheets) > most else []
    wrong += [] if "Summary" in first else ["no summary on the first sheet"]
    wrong += ["contents on the first sheet"] if "Contents" in first.split() else []
    wrong += [] if second.startswith("Contents") else [f"the summary takes more than a sheet: {second[:60]!r}"]
    return wrong


def sheets_of(page: Page) -> list[str]:
    """Print a page, and return the text of each sheet."""
    pdf = page.pdf(prefer_css_page_size=True, print_background=False)
    return [sheet.extract_text().strip() for sheet in PdfReader(io.BytesIO(pdf)).pages]

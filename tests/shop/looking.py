"""What is looked for on every page of Stallhouse, whichever way one came there."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from playwright.sync_api import Page

WIDTHS: Final = (360, 640, 768, 1440)

#: What has no name that could be read out.
NAMELESS: Final = """[...document.querySelectorAll(
    "input:not([type=hidden]),select,button,a,nav,section,img"
)].filter(each => {
    if (each.closest("[aria-hidden=true]")) return false;
    if (each.matches("img")) return !each.hasAttribute("alt");
    if (each.matches("input,select")) return !each.labels.length || !each.labels[0].textContent.trim();
    return !(each.getAttribute("aria-label") || each.getAttribute("aria-labelledby") || each.textContent.trim());
}).map(each => each.outerHTML.slice(0, 80))"""

#: What is pressed and smaller than 24 px; links in sentences and names on cards (the whole card is pressed) excepted.
SMALL: Final = """[...document.querySelectorAll("a,button,input:not([type=hidden]),select")].filter(each => {
    const box = each.getBoundingClientRect();
    return each.checkVisibility() && !each.closest("[aria-hidden=true],.skip,p:not(.back),.product .name")
        && box.height > 0 && (box.height < 24 || box.width < 24);
}).map(each => each.outerHTML.slice(0, 90))"""

#: Fields with an error, by label: the text that they are tied to, if the field says that it is wrong.
ERRORS: Final = """Object.fromEntries([...document.querySelectorAll("[aria-invalid=true]")].map(each => [
    each.labels[0].textContent.trim(),
    (each.getAttribute("aria-describedby") || "").split(" ")
        .map(id => document.getElementById(id)?.innerText ?? "").join(" ").trim(),
]))"""


def assert_fits(page: Page) -> None:
    """No width has to be scrolled sideways, the page as a whole or a table in it."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} is wider than {width}"
        wide = page.evaluate(
            "[...document.querySelectorAll('.scroll')].filter(each => each.scrollWidth > each.clientWidth).length"
        )
        assert wide == 0, f"a table of {page.url} is wider than its place at {width}"


def assert_headings_descend(page: Page) -> None:
    """One first heading, and none below it that leaves a level out."""
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(each => Number(each.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels)), levels


def assert_kept(page: Page) -> None:
    """All of it, of one page that somebody came to."""
    assert_fits(page)
    assert_headings_descend(page)
    for script, what in ((NAMELESS, "nameless"), (SMALL, "too small")):
        found = page.evaluate(script)
        assert found == [], f"{what} on {page.url}: {found}"

"""Stallhouse in a real browser: it fits every width, asks nobody else, and can be used by keyboard and ear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests.shop.looking import NAMELESS, SMALL, assert_fits, assert_headings_descend

SHEET = Path(__file__).resolve().parents[2] / "packs/shop/system/catalogue/static/catalogue/shop.css"

pytestmark = pytest.mark.browser

PAGES = {
    "front door": "/",
    "all products": "/products/",
    "last page": "/products/?page=82",
    "stall": "/products/?category=kitchen",
    "chosen filters": "/products/?category=living&price_to=90&in_stock=on&sort=price&q=a",
    "filters open": "/products/#filters",
    "maker with a long name": "/products/?brand=werkgemeinschaft-fur-holz-glas-und-keramik-am-oberen-markt-eg-3",
    "one found": "/products/?q=SH-000001",
    "nothing found": "/products/?q=" + "w" * 90,
    "filter without sense": "/products/?price_from=9&price_to=3",
    "makers": "/makers/",
    "empty basket": "/basket/",
    "sign in": "/accounts/sign-in/?next=/checkout/",
    "register": "/accounts/register/",
    "a product": "/products/goods-1996/",
    "not there": "/products/nothing/",
}
#: Pages that are answered with an error, which a browser tells on its console.
REFUSED = {"filter without sense", "not there"}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_every_width_and_asks_nobody_else(site: str, page: Page, name: str) -> None:
    complaints: list[str] = []
    asked: set[str] = set()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: asked.add(re.sub(r"(//[^/]+).*", r"\1", request.url)))
    page.goto(site + PAGES[name])
    assert_fits(page)
    told = [each for each in complaints if not (name in REFUSED and re.search("status of 40[04]", each))]
    assert told == []
    assert asked == {site}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_heard(site: str, page: Page, name: str) -> None:
    page.goto(site + PAGES[name])
    assert_headings_descend(page)
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate("document.querySelectorAll('main').length") == 1
    assert page.evaluate("document.documentElement.lang") == "en"


def test_nothing_moves_while_pictures_arrive(site: str, page: Page) -> None:
    for name in ("front door", "all products", "a product"):
        page.goto(site + PAGES[name])
        sizeless = page.evaluate("[...document.images].filter(each => !(each.width && each.height)).length")
        assert sizeless == 0
        moved = page.evaluate(
            """() => new Promise(done => {
                let moved = 0;
                new PerformanceObserver(list => list.getEntries().forEach(each => moved += each.value))
                    .observe({type: "layout-shift", buffered: true});
                scrollTo(0, document.body.scrollHeight);
                requestAnimationFrame(() => requestAnimationFrame(() => done(moved)));
            })"""
        )
        assert moved < 0.01, name


def test_the_keyboard_begins_with_a_way_past_the_head_and_reaches_the_goods(site: str, page: Page) -> None:
    page.goto(site + PAGES["all products"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.closest('article.product') !== null"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert any(reached)


def test_on_a_phone_the_filters_open_and_close_without_a_script(site: str, page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(site + PAGES["all products"])
    filters = page.locator("#filters")
    assert not filters.is_visible()
    page.get_by_role("link", name="Filter and sort").click()
    assert filters.is_visible()
    page.get_by_label("Price to").fill("20")
    page.get_by_role("button", name="Show products").click()
    assert not filters.is_visible()
    assert page.get_by_role("link", name="Without up to 20").is_visible()
    page.goto(site + PAGES["filters open"])
    page.get_by_role("link", name="Close").click()
    assert not filters.is_visible()


def test_an_error_is_tied_to_its_field_and_seen_on_a_phone_too(site: str, page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(site + PAGES["filter without sense"])
    field = page.get_by_label("Price to")
    assert field.is_visible()
    assert field.get_attribute("aria-invalid") == "true"
    told = page.locator("#" + str(field.get_attribute("aria-describedby")))
    assert told.inner_text() == "The upper price is below the lower one."


@pytest.mark.parametrize("width", [360, 1440])
def test_what_is_pressed_is_large_enough(site: str, page: Page, width: int) -> None:
    """At least 24 px; links within a sentence excepted, and names on cards, whose whole card is pressed."""
    page.set_viewport_size({"width": width, "height": 800})
    for name in ("front door", "all products", "filters open", "makers"):
        page.goto(site + PAGES[name])
        assert page.evaluate(SMALL) == [], name


def _tokens() -> dict[str, tuple[str, str]]:
    return {
        name: (light, dark)
        for name, light, dark in re.findall(
            r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", SHEET.read_text(encoding="utf-8")
        )
    }


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *((ink, ground) for ink in ("ink", "soft", "accent", "wrong", "gold") for ground in ("paper", "panel")),
        ("on-accent", "accent"),
        ("accent", "wash"),
        ("soft", "wash"),
        ("ink", "wash"),
    ],
)
def test_text_stands_out_on_its_ground(theme: str, ink: str, ground: str) -> None:
    at = ("light", "dark").index(theme)
    tokens = _tokens()
    high, low = sorted((_luminance(tokens[ink][at]), _luminance(tokens[ground][at])), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= 4.5, f"{ink} on {ground}, {theme}"

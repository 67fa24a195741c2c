"""From a full shelf to a sent parcel in a real browser: guest, buyer, provider and seller, by mouse and by keyboard."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.shop.looking import ERRORS, assert_kept

from djudge.engine.system import RunningSystem

pytestmark = pytest.mark.browser

Visit = Callable[[], Page]

ADDRESS = {"Name": "Bo Buyer", "Street and number": "Long Lane 7", "Postcode": "10115", "City": "Berlin"}
#: The first seller's brand has goods at this address that are in stock.
OF_INES = "/products/?brand={brand}&in_stock=on&sort=price"


@pytest.fixture
def visit(browser: Browser, running: RunningSystem) -> Iterator[Visit]:
    """Browsers that know nothing of each other. None of them may complain about a policy or a script."""
    contexts = []
    complaints: list[str] = []

    def fresh() -> Page:
        contexts.append(browser.new_context(base_url=running.address, viewport={"width": 1440, "height": 800}))
        page = contexts[-1].new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        return page

    yield fresh
    for context in contexts:
        context.close()
    assert [each for each in complaints if not re.search("status of 4(03|22)", each)] == []


def sign_in(page: Page, running: RunningSystem, name: str) -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(running.password)
    page.get_by_role("button", name="Sign in").click()


def put_in_basket(page: Page, running: RunningSystem) -> None:
    """One piece of something that Ines sells."""
    page.goto("/makers/")
    brand = page.evaluate(
        "[...document.querySelectorAll('.letters a')].map(each => new URL(each.href).searchParams.get('brand'))"
        ".find(brand => /-1$/.test(brand))"
    )
    page.goto(OF_INES.format(brand=brand))
    page.locator("article.product .name a").first.click()
    page.locator("form.add").first.get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your basket")


def place(page: Page) -> str:
    """Fill in the checkout and place the order; its number."""
    for label, text in ADDRESS.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Place the order").click()
    return page.get_by_role("heading", level=1).inner_text().removeprefix("Order ")


def reload_until(page: Page, state: str) -> None:
    """The provider tells the shop in its own time."""
    end = time.monotonic() + 20
    while page.locator(f".status .state[data-state={state}]").count() == 0:
        assert time.monotonic() < end, f"the order is not {state}"
        page.wait_for_timeout(100)
        page.reload()


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has this name is in focus, which has to be seen at every step."""
    for _ in range(60):
        found, seen = page.evaluate(
            "() => { const at = document.activeElement; return [(at.labels?.[0] ?? at).textContent.trim(),"
            " at === document.body || getComputedStyle(at).outlineStyle !== 'none']; }"
        )
        assert seen, found
        if re.fullmatch(name, found):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached")


def test_a_guest_fills_a_basket_signs_in_and_pays_and_the_seller_packs_it(visit: Visit, running: RunningSystem) -> None:
    guest = visit()
    put_in_basket(guest, running)
    assert_kept(guest)
    guest.get_by_role("link", name="To the checkout").click()
    sign_in(guest, running, "bo")
    expect(guest.get_by_role("heading", level=1)).to_have_text("Checkout")
    assert_kept(guest)
    number = place(guest)
    order = guest.url
    assert_kept(guest)
    guest.get_by_role("button", name="Pay €").click()
    guest.get_by_role("button", name="Pay", exact=True).click()
    guest.get_by_role("link", name="Back to the shop").click()
    assert guest.url == order
    reload_until(guest, "paid")
    guest.goto("/desk/")
    expect(guest.get_by_role("heading", level=1)).to_have_text("This page is for others")

    seller = visit()
    seller.goto("/desk/")
    sign_in(seller, running, "ines")
    assert_kept(seller)
    seller.get_by_role("link", name=number).click()
    assert_kept(seller)
    seller.get_by_label("Now it is").select_option("Packed")
    seller.get_by_role("button", name="Save").click()
    expect(seller.locator(".status .state[data-state=packed]")).to_be_visible()
    guest.goto(order)
    expect(guest.locator(".status .state[data-state=packed]")).to_be_visible()

    seller.get_by_role("link", name="Invoice").click()
    seller.emulate_media(media="print")
    assert seller.locator(".invoice .sum").is_visible()
    for away in (".search", ".own-nav", ".main-nav", ".back", ".foot"):
        assert not seller.locator(away).is_visible(), away


def test_a_new_buyer_keeps_the_basket_and_an_error_stands_beside_its_field(
    visit: Visit, running: RunningSystem
) -> None:
    page = visit()
    put_in_basket(page, running)
    page.locator("form.change input[name=quantity]").fill("98")
    page.get_by_role("button", name="Change").click()
    (told,) = page.evaluate(ERRORS).values()
    assert re.fullmatch(r"Only \d+ left\.", told)
    assert page.locator("form.change input[name=quantity]").input_value() == "98"
    page.goto("/accounts/register/?next=/checkout/")
    page.get_by_label("Username").fill("new buyer")
    page.get_by_label("Email address").fill("new@example.org")
    for label in ("Password", "Password confirmation"):
        page.get_by_label(label, exact=True).fill("long and winding")
    page.get_by_role("button", name="Register").click()
    assert list(page.evaluate(ERRORS)) == ["Username"]
    assert_kept(page)
    page.get_by_label("Username").fill("newcomer")
    for label in ("Password", "Password confirmation"):
        page.get_by_label(label, exact=True).fill("long and winding")
    page.get_by_role("button", name="Register").click()
    page.get_by_label("Name", exact=True).fill("New Comer")
    page.get_by_label("Discount code").fill("NOTHING")
    page.get_by_role("button", name="Place the order").click()
    told = page.evaluate(ERRORS)
    assert told == dict.fromkeys(("Street and number", "Postcode", "City"), "This field is required.")
    assert page.get_by_label("Name", exact=True).input_value() == "New Comer"
    assert_kept(page)
    place(page)
    assert list(page.evaluate(ERRORS)) == ["Discount code"]
    page.get_by_label("Discount code").fill("")
    place(page)
    page.get_by_role("button", name="Cancel the order").click()
    expect(page.locator(".status .state[data-state=cancelled]")).to_be_visible()
    page.get_by_role("link", name="Orders", exact=True).click()
    assert page.locator("tr[data-order]").count() == 1
    assert_kept(page)


def test_everything_is_reached_by_the_keyboard_alone(visit: Visit, running: RunningSystem) -> None:
    page = visit()
    page.goto("/products/?in_stock=on")
    page.goto(str(page.locator("article.product .name a").first.get_attribute("href")))
    for name, there in (("Add .* to the basket", "**/basket/"), ("To the checkout", "**/accounts/sign-in/**")):
        tab_to(page, name)
        page.keyboard.press("Enter")
        page.wait_for_url(there)
    tab_to(page, "Username")
    page.keyboard.type("bo")
    page.keyboard.press("Tab")
    page.keyboard.type(running.password)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r":\d+/checkout/$"))
    for label, text in ADDRESS.items():
        tab_to(page, label)
        page.keyboard.type(text)
    tab_to(page, "Place the order")
    page.keyboard.press("Enter")
    page.wait_for_url("**/orders/*/")
    tab_to(page, "Cancel the order")
    page.keyboard.press("Enter")
    expect(page.locator(".status .state[data-state=cancelled]")).to_be_visible()

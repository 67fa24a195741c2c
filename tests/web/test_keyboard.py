"""The workspace by keyboard alone: from opening it to having handed in, with the focus in sight at every stop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from djudge.web.grading import actions as grading
from djudge.web.workspace import access, actions
from djudge.web.workspace.models import Work
from tests.web.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FILE: Final = "toolbelt/retrying.py"
#: More presses than any way through the page needs: who is not through by then is caught.
MOST: Final = 60

#: The element that has the focus: how to name it, whether one sees that, where it stands to the stop before.
LOOK: Final = """() => {
  const here = document.activeElement, before = window.stopBefore;
  if (!here || here === document.body) return null;
  window.stopBefore = here;
  const shows = (each) => {
    const style = getComputedStyle(each);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  };
  const box = here.getBoundingClientRect();
  const position = before && before.isConnected ? before.compareDocumentPosition(here) : 0;
  return {
    name: here.name || here.id || here.getAttribute("href") || here.className || here.tagName.toLowerCase(),
    area: here.closest("#results, .cm-editor, .brief, .files, .elsewhere, .skip, footer, header, form")?.className
      || here.closest("#results, footer, header")?.tagName.toLowerCase() || "",
    text: here.textContent.trim().slice(0, 60),
    seen: shows(here) || Boolean(here.closest(".cm-editor") && shows(here.closest(".cm-editor"))),
    inView: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0,
    follows: Boolean(position & Node.DOCUMENT_POSITION_FOLLOWING),
    precedes: Boolean(position & Node.DOCUMENT_POSITION_PRECEDING),
    inEditor: Boolean(here.closest(".cm-editor")),
    inResults: Boolean(here.closest("#results")),
  };
}"""

IN_EDITOR: Final = "document.activeElement.closest('.cm-editor') !== null"


@dataclass(frozen=True)
class Stop:
    """Where the focus is."""

    name: str
    area: str
    text: str
    seen: bool
    inView: bool
    follows: bool
    precedes: bool
    inEditor: bool
    inResults: bool


def stop(page: Page) -> Stop | None:
    """The stop at which we are; None where the focus has left the page."""
    found = page.evaluate(LOOK)
    return Stop(**found) if found else None


def walk(page: Page, key: str = "Tab") -> Iterator[Stop]:
    """Stop by stop with one key, out of the editor by Escape; each is in sight, and in the order of the page."""
    page.evaluate("window.stopBefore = document.activeElement")
    is_first = True
    for _ in range(MOST):
        if page.evaluate(IN_EDITOR):
            page.keyboard.press("Escape")
        page.keyboard.press(key)
        if page.evaluate(IN_EDITOR):  # it says so by a class, some milliseconds later
            expect(page.locator(".cm-focused")).to_be_visible()
        here = stop(page)
        if here is None or (not is_first and not (here.follows if key == "Tab" else here.precedes)):
            return
        is_first = False
        assert here.seen, f"Nobody sees that the focus is at {here}"
        assert here.inView, f"Out of sight: {here}"
        yield here
    pytest.fail(f"After {MOST} times {key} the focus is still at {stop(page)}.")


def go_to(page: Page, name: str, key: str = "Tab") -> None:
    """Walk until the focus is at this element."""
    passed = []
    for here in walk(page, key):
        passed.append(here.name)
        if here.name == name:
            return
    pytest.fail(f"{name} was not met on the way over {passed}")


@pytest.fixture
def address(cast: Cast, live_server: LiveServer) -> str:
    sitting = actions.begin(actions.invite(actor=cast.rita, application=cast.application))
    return live_server.url + reverse("workspace:work", args=[access.token_of(sitting), 1]) + f"?file={FILE}"


def test_the_way_through_the_workspace_passes_everything_in_order_and_ends(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".cm-content")).to_be_visible()
    stops = list(walk(page))
    names, areas = [each.name for each in stops], [each.area for each in stops]
    assert names[0] == "#main", "first of all the way past what is the same everywhere"
    assert areas.index("brief") < areas.index("files") < [each.inEditor for each in stops].index(True)
    assert [each.inEditor for each in stops].index(True) < names.index("run") < names.index("hand-in")
    assert areas[-1] == "wrap foot", "the way ends at the end of the page"
    back = list(walk(page, "Shift+Tab"))
    assert sorted(each.name for each in back) == sorted(names), "the same stops on the way back"


def test_somebody_without_a_mouse_reads_changes_runs_and_hands_in(page: Page, address: str) -> None:
    page.goto(address)
    editor = page.locator(".cm-content")
    expect(editor).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    go_to(page, "cm-content")
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("# typed without a mouse")
    assert page.locator("textarea#text").input_value().endswith("\n    # typed without a mouse"), "Tab indents"
    go_to(page, "run")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The visible tests")).to_be_visible()
    work = Work.objects.select_related("trial").get(position=1)
    assert work.files[FILE].endswith("# typed without a mouse")
    assert work.trial is not None
    grading.run_trial(work.trial.pk)
    expect(page.get_by_text("What they printed")).to_be_visible()
    assert any(each.inResults for each in walk(page)), "what came of it is reached from where one is"
    go_to(page, "hand-in", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Next in the queue")).to_be_visible()
    assert Work.objects.get(pk=work.pk).submission is not None


def test_a_focus_that_nobody_sees_is_found(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate("document.querySelector('.skip').style.outline = 'none'")
    with pytest.raises(AssertionError, match="Nobody sees"):
        list(walk(page))

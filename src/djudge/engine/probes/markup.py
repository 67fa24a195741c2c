"""Reading a page that a guest answered, in pure Python.

The page is hostile, so it is read by the standard library's parser with limits on depth and size, and never by a
parser in C inside the judge. A selector is a path of compounds, `article.product .tags li`, and may end in
`@attribute`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import islice
from typing import Final

from djudge.engine.errors import CandidateFault
from djudge.engine.probes.patience import within
from djudge.engine.values import Json

PAGE: Final = 512 * 1024
SECONDS: Final = 5
DEPTH: Final = 200
ELEMENTS: Final = 50_000
TEXT: Final = 500

#: What is kept of one page, as JSON: an ordinary one takes a quarter of it, and an observation has 1 MB for all.
KEPT_BYTES: Final = 24_000
_LONGEST_LIST: Final = 60

_VOID: Final = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()  # noqa: SIM905 (a list to read)
)
_HIDDEN: Final = frozenset({"script", "style", "template"})


class Page:
    """A page as flat lists in document order, so that whatever is nested how deep, reading it stays linear."""

    def __init__(self) -> None:
        self.elements: list[Element] = []
        self.texts: list[str] = []

    def select(self, selector: str) -> list[Element]:
        """The elements that a selector path leads to from the top."""
        return _select(self.elements, selector)


@dataclass(slots=True, eq=False)
class Element:
    """One element: its attributes, and where its descendants and texts lie in the page's lists."""

    page: Page
    tag: str
    attributes: Mapping[str, str]
    position: int
    first_text: int
    end: int = 0
    last_text: int = 0

    @property
    def text(self) -> str:
        """What a person would read, white space folded, at most 500 characters."""
        return " ".join("".join(self.page.texts[self.first_text : self.last_text]).split())[:TEXT]

    def select(self, selector: str) -> list[Element]:
        """The elements below this one that a selector path leads to, in document order, each once."""
        return _select(self.page.elements[self.position + 1 : self.end], selector)


def _select(among: list[Element], selector: str) -> list[Element]:
    compounds = selector.partition("@")[0].split()
    found = [element for element in among if _matches(element, compounds[0])] if compounds else []
    for compound in compounds[1:]:
        inside: dict[int, Element] = {}
        for outer in found:
            for element in outer.page.elements[outer.position + 1 : outer.end]:
                if _matches(element, compound):
                    inside[element.position] = element
        found = list(inside.values())
    return found


def _matches(element: Element, compound: str) -> bool:
    tag, *classes = compound.split(".")
    own = element.attributes.get("class", "").split() if classes else []
    return tag in ("", element.tag) and all(name in own for name in classes)


class _PageBuilder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        page = self.page
        if len(page.elements) >= ELEMENTS or len(self._open) >= DEPTH:
            return
        attributes = {name: (value or "")[:TEXT] for name, value in attrs[:50]}
        element = Element(page, tag, attributes, len(page.elements), len(page.texts))
        page.elements.append(element)
        self._open.append(element)
        if tag in _VOID:
            self._close(len(self._open) - 1)

    def handle_endtag(self, tag: str) -> None:
        for position in range(len(self._open) - 1, -1, -1):
            if self._open[position].tag == tag:
                self._close(position)
                return

    def handle_data(self, data: str) -> None:
        if not any(element.tag in _HIDDEN for element in self._open[-2:]):
            self.page.texts.append(data)

    def finished(self) -> Page:
        with suppress(AssertionError):
            self.close()
        self._close(0)
        return self.page

    def _close(self, position: int) -> None:
        for element in self._open[position:]:
            element.end, element.last_text = len(self.page.elements), len(self.page.texts)
        del self._open[position:]


def parse(page: bytes) -> Page:
    """A page (its first 512 KiB) as elements and texts. Whatever is wrong with it, there is a result.

    Call it within `reading_deadline`: some interpreters' parser is quadratic in runs of unclosed marks.
    """
    builder = _PageBuilder()
    # Some interpreters' parser fails at odd declarations (`<![x`); what stood before them is the page then.
    with suppress(AssertionError):
        builder.feed(page[:PAGE].decode("utf-8", "replace"))
    return builder.finished()


def reading_deadline() -> AbstractContextManager[None]:
    """Stop reading a page that was made to take for ever: CandidateFault. Needs the main thread."""
    late = CandidateFault(
        f"The page could not be read within {SECONDS} seconds.",
        "Answer ordinary HTML.",
        phase="observing",
        kind="unreadable_page",
    )
    return within(SECONDS, late)


def read_cards(page: Page, card: str, fields: Mapping[str, str], *, most: int = 200) -> list[Json]:
    """One dictionary for each element that `card` selects: its fields by name, as text or attribute.

    A field's selector that ends in `[]` gives a sorted list; a missing element gives None. At most `most` cards, and
    no more than there is room for: what a page has beyond that is wrong anyway.
    """
    elements = page.select(card)[:most]
    return list(_with_room({name: read_field(one, path) for name, path in fields.items()} for one in elements))


def _with_room(cards: Iterator[dict[str, Json]]) -> Iterator[Json]:
    room = KEPT_BYTES
    for card in cards:
        room -= len(json.dumps(card))
        if room < 0:
            return
        yield card


def read_field(card: Element | Page, selector: str) -> Json:
    """What a selector finds below a card, or in the whole page: the first, or all where it ends in `[]`."""
    many = selector.endswith("[]")
    path, _, attribute = selector.removesuffix("[]").partition("@")
    elements = card.select(path) if path or isinstance(card, Page) else [card]
    values: list[Json] = [element.attributes.get(attribute, "") if attribute else element.text for element in elements]
    if many:
        return list(islice(sorted(values, key=str), _LONGEST_LIST))
    return values[0] if values else None

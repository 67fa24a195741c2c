"""Reading a page that a guest answered, in pure Python.

The page is hostile, so it is read by the standard library's parser with limits on depth and size, and never by a
parser in C inside the judge. A selector is a path of compounds, `article.product .tags li`, and may end in `@attribute`.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from djudge.engine.errors import CandidateFault
from djudge.engine.values import Json

PAGE: Final = 512 * 1024
SECONDS: Final = 5
DEPTH: Final = 200
ELEMENTS: Final = 50_000
TEXT: Final = 500

_VOID: Final = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()  # noqa: SIM905 (a list to read)
)
_HIDDEN: Final = frozenset({"script", "style", "template"})


@dataclass(slots=True, eq=False)
class Element:
    """One element of a page; `text` is its own and its descendants', with white space folded."""

    tag: str
    attributes: Mapping[str, str]
    depth: int
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What a person would read, at most 500 characters."""
        return " ".join("".join(self._texts()).split())[:TEXT]

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in _HIDDEN:
                yield from child._texts()

    def descendants(self) -> Iterator[Element]:
        """All elements below this one, in document order."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.descendants()

    def select(self, selector: str) -> list[Element]:
        """The elements that a selector path leads to, in document order, each once."""
        found = [self]
        for compound in selector.partition("@")[0].split():
            found = list({id(hit): hit for start in found for hit in start._matching(compound)}.values())
        return found

    def _matching(self, compound: str) -> Iterator[Element]:
        tag, *classes = compound.split(".")
        for element in self.descendants():
            own = element.attributes.get("class", "").split()
            if tag in ("", element.tag) and all(name in own for name in classes):
                yield element


class _TreeBuilder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {}, 0)
        self._open = [self.root]
        self._elements = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._elements += 1
        if self._elements > ELEMENTS:
            return
        parent = self._open[-1]
        element = Element(tag, {name: (value or "")[:TEXT] for name, value in attrs[:50]}, parent.depth + 1)
        parent.children.append(element)
        if tag not in _VOID and element.depth < DEPTH:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        for position in range(len(self._open) - 1, 0, -1):
            if self._open[position].tag == tag:
                del self._open[position:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def parse(page: bytes) -> Element:
    """The tree of a page (its first 512 KiB). Whatever is wrong with the page, there is a tree.

    Needs the main thread. Raises CandidateFault for a page made to take for ever: some interpreters' parser is
    quadratic in runs of unclosed marks.
    """
    builder = _TreeBuilder()
    with _deadline():
        builder.feed(page[:PAGE].decode("utf-8", "replace"))
        builder.close()
    return builder.root


@contextmanager
def _deadline() -> Iterator[None]:
    def give_up(*_: object) -> None:
        raise CandidateFault(
            f"The page could not be read within {SECONDS} seconds.",
            "Answer ordinary HTML.",
            phase="observing",
            kind="unreadable_page",
        )

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def read_cards(page: bytes, card: str, fields: Mapping[str, str], *, most: int = 200) -> list[Json]:
    """One dictionary for each element that `card` selects: its fields by name, as text or attribute.

    A field's selector that ends in `[]` gives a sorted list; a missing element gives None. At most `most` cards.
    """
    return [
        {name: _field(element, selector) for name, selector in fields.items()}
        for element in parse(page).select(card)[:most]
    ]


def _field(card: Element, selector: str) -> Json:
    many = selector.endswith("[]")
    path, _, attribute = selector.removesuffix("[]").partition("@")
    elements = card.select(path) if path else [card]
    values = [element.attributes.get(attribute, "") if attribute else element.text for element in elements]
    if many:
        return [*sorted(values)]
    return values[0] if values else None

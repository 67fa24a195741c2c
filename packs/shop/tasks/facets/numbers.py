"""SH9: the sidebar's numbers as a page told them, held against the right ones. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from djudge.engine.values import Json

#: What a page tells of one value: products, variants, pieces, reviews; None where it tells no number, or two.
type Told = tuple[int | None, ...]
type Box = tuple[str, str]

_NUMBER = re.compile(r"[0-9]{1,9}")
_NONE: Told = (0, 0, 0, 0)
_FIGURES = ("products", "variants", "pieces", "reviews")


@dataclass(frozen=True, slots=True)
class Numbers:
    """What is wrong, in words: numbers of products, sums, and those of both that are too large."""

    counts: tuple[str, ...]
    sums: tuple[str, ...]
    inflated: tuple[str, ...]


def compared(answered: Mapping[str, Json], truth: Json, names: Mapping[str, str]) -> Numbers:
    """All pages of these answers against their part of the truth. `names` leads from the truth's part to the answer."""
    counts, sums, inflated = [], [], []
    for part, answer in names.items():
        known = _known(truth, part)
        for target, told in _pages(answered[answer]):
            for box, place, ours, right in _wrong(told, known.get(target, {})):
                words = f"{target}: {_named(box)} has {ours} {_FIGURES[place]}, not {right}"
                (counts if place == 0 else sums).append(words)
                if ours is not None and ours > right > 0:
                    inflated.append(words)
    return Numbers(tuple(counts), tuple(sums), tuple(inflated))


def stale(before: Json, after: Json, truth: Json, *, parts: tuple[str, str]) -> bool:
    """Whether a value of which numbers had to change on the page of `after` tells all those from before.

    All, because numbers that are wrong anyway may be wrong in the same way twice.
    """
    ((target, now),) = _pages(after)
    then = dict(_pages(before)).get(target, {})
    was, right = _known(truth, parts[0])[target], _known(truth, parts[1])[target]
    for box in {*was, *right}:
        moved = [place for place in _places(box) if was.get(box, _NONE)[place] != right.get(box, _NONE)[place]]
        if moved and all(then.get(box, _NONE)[place] == now.get(box, _NONE)[place] for place in moved):
            return True
    return False


def differs_by_request(numbers: Json, others: Json) -> bool:
    """Whether somebody else was told other numbers at an address that had been asked before."""
    asked = dict(_pages(numbers))
    return any(told != asked.get(target) for target, told in _pages(others))


def _wrong(told: Mapping[Box, Told], known: Mapping[Box, Told]) -> Iterator[tuple[Box, int, int | None, int]]:
    """Every number that differs. A value that is left out has none of anything, and one with none may stand there."""
    for box in sorted({*told, *known}):
        ours, right = told.get(box, _NONE), known.get(box, _NONE)
        for place in _places(box):
            if ours[place] != right[place]:
                yield box, place, ours[place], right[place] or 0


def _places(box: Box) -> range:
    """The stock box has one number, brands and tags have four."""
    return range(1 if box[0] == "in_stock" else len(_FIGURES))


def _named(box: Box) -> str:
    return f"{box[0]} {box[1]}"[:80]


def _known(truth: Json, part: str) -> dict[str, dict[Box, Told]]:
    pages = truth[part] if isinstance(truth, dict) else None
    if not isinstance(pages, dict):
        raise ValueError(f"No truth of {part}.")
    return {target: {(row[0], row[1]): tuple(row[2:]) for row in _list(rows)} for target, rows in pages.items()}


def _pages(answers: Json) -> Iterator[tuple[str, dict[Box, Told]]]:
    """The numbers of each page that was answered, by what they are the numbers of."""
    for page in _list(answers["exchanges"] if isinstance(answers, dict) else None):
        yield str(page["target"]), _told(page["cards"])


def _told(cards: Json) -> dict[Box, Told]:
    found: dict[Box, Told] = {}
    for card in _list(cards):
        box = (str(card["kind"]), str(card["value"]))
        told = tuple(_number(card[name]) for name in ("count", *_FIGURES[1:]))
        again = found.get(box, told)
        found[box] = tuple(one if one == other else None for one, other in zip(told, again, strict=True))
    return found


def _number(text: Json) -> int | None:
    text = text.strip() if isinstance(text, str) else ""
    return int(text) if _NUMBER.fullmatch(text) else None


def _list(value: Json) -> list[Any]:
    return value if isinstance(value, list) else []

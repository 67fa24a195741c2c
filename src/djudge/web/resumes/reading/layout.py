"""From pieces of text on a page to rows in the order in which a person reads them.

1. Pieces on one base line make a row, if nothing says that they stand in two columns.
2. Two columns are told by a gutter: an upright strip, as few pieces across it as can be, and on both sides lines that
   follow each other closely. Dates at the right edge and tables have such a strip, too: their thin side stands line for
   line beside the other, and is read row by row.
3. What lies across the gutter parts the page into bands. In each band the left column is read before the right one, and
   each may have columns again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from djudge.web.resumes.reading.headings import says_so
from djudge.web.resumes.reading.parts import Piece
from djudge.web.resumes.reading.texts import CELL, cleaned, unspaced

#: Of the letters' size. Pieces nearer than this stand on one base line.
_LEVEL: Final = 0.35
#: Lines of a column follow each other within this.
_LEADING: Final = 2.4
#: A gap wider than this between two pieces of a row is one between cells.
_WIDE: Final = 2.0
#: So many lines make a column.
_FEWEST: Final = 4
#: Below a heading of their own so many, it included.
_FEWEST_HEADED: Final = 2
#: A column has at least this share of a page's letters.
_LEAST_SHARE: Final = 0.02
#: Dates, labels of a table: so many letters a line, in the middle.
_THIN: Final = 24
#: A column that is narrower than the other by this is a side bar.
_SIDE: Final = 0.7
_DEEPEST: Final = 4


@dataclass(frozen=True, slots=True)
class Laid:
    """A row, the pieces of which it consists from left to right, and the flow that it belongs to."""

    pieces: Sequence[Piece]
    flow: str

    @property
    def text(self) -> str:
        """As one line; wide gaps stay visible as such."""
        text = self.pieces[0].text
        for before, piece in pairwise(self.pieces):
            text += (CELL if piece.left - before.right > _WIDE * piece.size else " ") + piece.text
        return unspaced(cleaned(text))


def in_order(pieces: Sequence[Piece], flow: str = "main", depth: int = 0) -> list[Laid]:
    """The rows of a page in the order of reading. Quadratic in the pieces of a page at worst; pure."""
    gutter = _gutter(pieces) if depth < _DEEPEST else None
    if gutter is None:
        return [Laid(row, flow) for row in _rows(pieces)]
    left_flow, right_flow = _flows(pieces, gutter, flow)
    laid: list[Laid] = []
    for across, left, right in _bands(pieces, gutter):
        laid += [Laid(row, flow) for row in _rows(across)]
        if _is_table(left, right) and not (_is_headed(left) and _is_headed(right)):
            laid += [Laid(row, flow) for row in _rows([*left, *right])]
        else:
            laid += in_order(left, left_flow, depth + 1) + in_order(right, right_flow, depth + 1)
    return laid


def _rows(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """By base lines from top to bottom, each from left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda each: (each.base, each.left)):
        if rows and piece.base - rows[-1][0].base <= _LEVEL * max(piece.size, rows[-1][0].size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda each: each.left) for row in rows]


def _gutter(pieces: Sequence[Piece]) -> float | None:
    """Where the right column begins, or None for a page that has one column alone."""
    letters = sum(len(piece.text) for piece in pieces)
    best, found = 0, None
    for edge in sorted({round(piece.left) for piece in pieces}):
        left, right, _ = _sides(pieces, edge)
        if min(len(left), len(right)) < _FEWEST_HEADED:
            continue
        smaller = min(_letters(left), _letters(right))
        if smaller > max(best, _LEAST_SHARE * letters) and _are_columns(left, right):
            best, found = smaller, edge
    return found


def _sides(pieces: Sequence[Piece], edge: float) -> tuple[list[Piece], list[Piece], list[Piece]]:
    """Left of an edge, right of it, and across; with these, whatever stands beside them on their base lines."""
    left = [piece for piece in pieces if piece.right <= edge]
    right = [piece for piece in pieces if piece.left >= edge - 1]
    across = [piece for piece in pieces if piece.left < edge - 1 and piece.right > edge]
    return left, right, across


def _letters(pieces: Sequence[Piece]) -> int:
    return sum(len(piece.text) for piece in pieces)


def _are_columns(left: Sequence[Piece], right: Sequence[Piece]) -> bool:
    if _is_headed(left) and _is_headed(right):
        return True
    return _runs(left) and _runs(right) and not _is_table(left, right)


def _is_headed(side: Sequence[Piece]) -> bool:
    """Whether a heading stands in it by itself: no date and no cell is one, and few lines are a column then."""
    return any(piece.text[:1].isupper() and says_so(piece.text) for piece in side)


def _runs(side: Sequence[Piece]) -> bool:
    """Whether somewhere enough lines follow each other closely."""
    rows, run = _rows(side), 1
    for above, below in pairwise(rows):
        run = run + 1 if below[0].base - above[0].base <= _LEADING * max(above[0].size, below[0].size) else 1
        if run >= _FEWEST:
            return True
    return False


def _is_table(left: Sequence[Piece], right: Sequence[Piece]) -> bool:
    """Whether the side with fewer rows stands line for line beside the other, and is thin or as long."""
    rows = sorted((_rows(left), _rows(right)), key=len)
    if not rows[0]:
        return True
    fewer, more = rows
    lines = [row[0].base for row in more]
    beside = sum(any(abs(row[0].base - line) <= _LEVEL * row[0].size for line in lines) for row in fewer)
    if beside < 0.9 * len(fewer):
        return False
    if len(fewer) < _FEWEST:
        return len(more) <= 2 * len(fewer)
    return any(median(sum(len(each.text) for each in row) for row in side) <= _THIN for side in rows)


def _flows(pieces: Sequence[Piece], gutter: float, flow: str) -> tuple[str, str]:
    """What the two sides belong to: the narrow one of a page with a side bar has a flow of its own."""
    left, right, _ = _sides(pieces, gutter)
    wide_left = max(each.right for each in left) - min(each.left for each in left)
    wide_right = max(each.right for each in right) - min(each.left for each in right)
    if min(wide_left, wide_right) > _SIDE * max(wide_left, wide_right):
        return flow, flow
    return ("side", flow) if wide_left < wide_right else (flow, "side")


def _bands(
    pieces: Sequence[Piece], gutter: float
) -> Iterator[tuple[Sequence[Piece], Sequence[Piece], Sequence[Piece]]]:
    """From top to bottom: what lies across the gutter, then what stands left and right of it until the next."""
    left, right, across = _sides(pieces, gutter)
    beside = [piece for piece in (*left, *right) if any(_is_level(piece, each) for each in across)]
    rows = _rows([*across, *beside])
    taken = {id(piece) for piece in beside}
    edges = [float("-inf"), *(row[0].base for row in rows), float("inf")]
    for number, (above, below) in enumerate(pairwise(edges)):
        here = (
            [piece for piece in side if above <= piece.base < below and id(piece) not in taken]
            for side in (left, right)
        )
        yield rows[number - 1] if number else [], next(here), next(here)


def _is_level(one: Piece, other: Piece) -> bool:
    return abs(one.base - other.base) <= _LEVEL * max(one.size, other.size)

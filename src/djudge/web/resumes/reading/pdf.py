"""A PDF's letters with their places, by pdfium; page for page into rows."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

from djudge.web.resumes.reading import layout
from djudge.web.resumes.reading.parts import (
    MOST_CHARACTERS,
    MOST_PAGES,
    MOST_ROWS,
    Gap,
    Piece,
    Read,
    Row,
    UnreadableError,
)
from djudge.web.resumes.reading.texts import is_letterless

#: Of the letters' size: a gap within a word, and one within a piece.
_IN_A_WORD: Final = 0.18
_IN_A_PIECE: Final = 0.9
#: Points; smaller ones nobody reads.
_SMALLEST: Final = 2.0
#: Radians from upright.
_UPRIGHT: Final = 0.1
#: Fewer letters than this beside a picture of at least that share of the page: most of it is the picture.
_FEW_LETTERS: Final = 200
_LARGE_PICTURE: Final = 0.35
_BOLD: Final = 600


@dataclass(slots=True)
class _Letter:
    code: int
    left: float
    top: float
    right: float
    bottom: float
    base: float
    size: float
    bold: bool


def read(content: bytes) -> Read:
    """Every page as far as MOST_PAGES; raises UnreadableError for a locked or broken file."""
    try:
        pdf = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        is_locked = getattr(error, "err_code", None) in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        raise UnreadableError("locked" if is_locked else "broken") from error
    found = Read(pages=len(pdf))
    letters = 0
    for number in range(min(found.pages, MOST_PAGES)):
        try:
            _Page(pdf[number], number + 1, found).read()
        except pypdfium2.PdfiumError:
            found.gaps.append(Gap("page", number + 1))
        letters = sum(len(row.text) for row in found.rows)
        if letters > MOST_CHARACTERS or len(found.rows) > MOST_ROWS:
            found.gaps.append(Gap("long", number + 1))
            break
    if found.pages > MOST_PAGES:
        found.gaps.append(Gap("pages", count=found.pages))
    if pdf.get_formtype() != pdfium.FORMTYPE_NONE:
        found.gaps.append(Gap("form"))
    if not found.pages:
        raise UnreadableError("broken")
    return found


class _Page:
    """One page on its way into rows; notes what it could not read."""

    def __init__(self, page: Any, number: int, found: Read) -> None:
        self._page, self._number, self._found = page, number, found
        self._box = page.get_bbox()
        self._turn = page.get_rotation() // 90
        self._width, self._height = page.get_size()
        self._text = page.get_textpage()
        self._not: dict[str, int] = dict.fromkeys(("letters", "turned", "outside", "tiny", "unseen"), 0)

    def read(self) -> None:
        """Rows and gaps of this page."""
        pieces = list(self._pieces())
        for laid in layout.in_order(pieces):
            text = laid.text
            if text:
                self._found.rows.append(self._row(laid, text))
        for what, count in self._not.items():
            if count:
                self._found.gaps.append(Gap(what, self._number, count))
        self._look_for_pictures(sum(len(piece.text) for piece in pieces))

    def _row(self, laid: layout.Laid, text: str) -> Row:
        pieces = laid.pieces
        largest = max(pieces, key=lambda each: (len(each.text), each.size))
        left, top = min(each.left for each in pieces), min(each.top for each in pieces)
        right, bottom = max(each.right for each in pieces), max(each.bottom for each in pieces)
        return Row(
            text=text,
            page=self._number,
            flow=laid.flow,
            size=largest.size,
            bold=all(each.bold for each in pieces),
            box=(
                _share(left, self._width), _share(top, self._height),
                _share(right - left, self._width), _share(bottom - top, self._height),
            ),
        )  # fmt: skip

    def _look_for_pictures(self, letters: int) -> None:
        if letters >= _FEW_LETTERS:
            return
        objects = list(self._page.get_objects(max_depth=3))
        if letters == 0:
            if objects:
                self._found.gaps.append(Gap("picture", self._number))
            return
        whole = self._width * self._height
        pictures = [each.get_bounds() for each in objects if each.type == pdfium.FPDF_PAGEOBJ_IMAGE]
        if any((right - left) * (top - bottom) >= _LARGE_PICTURE * whole for left, bottom, right, top in pictures):
            self._found.gaps.append(Gap("partly", self._number))

    def _pieces(self) -> Iterator[Piece]:
        """Words on one base line without a gap between them, in the order in which the file draws them."""
        drawn: list[_Letter | None] = []
        for letter in self._letters():
            last = next((each for each in reversed(drawn) if each), None)
            if letter and last and not _follows(last, letter):
                yield from _piece(drawn)
                drawn = []
            if letter or drawn:
                drawn.append(letter)
        yield from _piece(drawn)

    def _letters(self) -> Iterator[_Letter | None]:
        """Each letter that somebody can see and read; None for a blank."""
        raw = self._text.raw
        for index in range(self._text.count_chars()):
            code = pdfium.FPDFText_GetUnicode(raw, index)
            if 0 < code <= 32 or code == 0xA0 or (code == 0 and pdfium.FPDFText_IsGenerated(raw, index)):
                yield None
                continue
            if is_letterless(code) or pdfium.FPDFText_HasUnicodeMapError(raw, index) == 1:
                self._not["letters"] += 1
                yield None
                continue
            letter = self._letter(raw, index, code)
            if letter is not None:
                yield letter

    def _letter(self, raw: Any, index: int, code: int) -> _Letter | None:
        matrix, loose = pdfium.FS_MATRIX(), pdfium.FS_RECTF()
        x, y = ctypes.c_double(), ctypes.c_double()
        pdfium.FPDFText_GetMatrix(raw, index, matrix)
        pdfium.FPDFText_GetLooseCharBox(raw, index, loose)
        pdfium.FPDFText_GetCharOrigin(raw, index, x, y)
        size = pdfium.FPDFText_GetFontSize(raw, index) * math.hypot(matrix.c, matrix.d)
        angle = pdfium.FPDFText_GetCharAngle(raw, index) + self._turn * math.pi / 2
        if abs(math.remainder(angle, 2 * math.pi)) > _UPRIGHT:
            self._not["turned"] += 1
            return None
        left, top, right, bottom = self._turned(loose.left, loose.bottom, loose.right, loose.top)
        _, base, _, _ = self._turned(x.value, y.value, x.value, y.value)
        if right < 0 or left > self._width or bottom < 0 or top > self._height:
            self._not["outside"] += 1
            return None
        if not math.isfinite(size) or size < _SMALLEST:
            self._not["tiny"] += 1
            return None
        if self._is_invisible(raw, index):
            self._not["unseen"] += 1
        return _Letter(code, left, top, right, bottom, base, size, self._is_bold(raw, index))

    def _turned(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """A box of the file's own measure as it lies on the page that people see, from its upper left corner."""
        at_left, at_bottom, at_right, at_top = self._box
        if self._turn == 1:
            return bottom - at_bottom, left - at_left, top - at_bottom, right - at_left
        if self._turn == 2:
            return at_right - right, bottom - at_bottom, at_right - left, top - at_bottom
        if self._turn == 3:
            return at_top - top, at_right - right, at_top - bottom, at_right - left
        return left - at_left, at_top - top, right - at_left, at_top - bottom

    def _is_invisible(self, raw: Any, index: int) -> bool:
        drawn = pdfium.FPDFText_GetTextObject(raw, index)
        return bool(drawn) and pdfium.FPDFTextObj_GetTextRenderMode(drawn) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE

    def _is_bold(self, raw: Any, index: int) -> bool:
        if pdfium.FPDFText_GetFontWeight(raw, index) >= _BOLD:
            return True
        name = ctypes.create_string_buffer(128)
        flags = ctypes.c_int()
        pdfium.FPDFText_GetFontInfo(raw, index, name, 128, flags)
        return b"bold" in name.value.lower() or b"black" in name.value.lower()


def _follows(last: _Letter, letter: _Letter) -> bool:
    """Whether a letter goes on where the last one ended."""
    size = max(last.size, letter.size)
    # Neither right nor left of it by more than a gap: letters of a ligature share one place, others run leftwards.
    apart = max(letter.left - last.right, last.left - letter.right)
    return apart <= _IN_A_PIECE * size and abs(letter.base - last.base) <= 0.35 * size


def _piece(drawn: list[_Letter | None]) -> Iterator[Piece]:
    letters = [each for each in drawn if each]
    if not letters:
        return
    text, last = "", None
    for each in drawn:
        if each is None:
            text += " "
            continue
        if last is not None and each.left - last.right > _IN_A_WORD * each.size and not text.endswith(" "):
            text += " "
        text += chr(each.code)
        last = each
    yield Piece(
        text=text.strip(),
        left=min(each.left for each in letters),
        top=min(each.top for each in letters),
        right=max(each.right for each in letters),
        bottom=max(each.bottom for each in letters),
        base=letters[0].base,
        size=max(each.size for each in letters),
        bold=sum(each.bold for each in letters) * 2 > len(letters),
    )


def _share(length: float, whole: float) -> float:
    return round(min(max(length / whole, 0.0), 1.0), 4) if whole > 0 else 0.0

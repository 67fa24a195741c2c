"""A text processor's file into rows: headers, text, tables and text boxes in the order in which they stand there.

python-docx opens it and knows its styles. The elements are walked here: its own lists leave out text boxes, content
controls and tables within tables. Such a file has no pages before a program lays it out, so that all is on page 1.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any, Final

import docx
from docx.oxml.ns import qn

from djudge.web.resumes.reading import unpacking
from djudge.web.resumes.reading.parts import MOST_CHARACTERS, MOST_ROWS, Gap, Read, Row, UnreadableError
from djudge.web.resumes.reading.texts import CELL, cleaned

_PARAGRAPH, _TABLE, _ROW, _CELL = (qn(f"w:{name}") for name in ("p", "tbl", "tr", "tc"))
_TEXT, _TAB, _BREAK, _RETURN, _RUN = (qn(f"w:{name}") for name in ("t", "tab", "br", "cr", "r"))
_BOX: Final = qn("w:txbxContent")
#: Alternative text boxes for old programs, what was deleted while changes were tracked, and notes of reviewers.
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LEFT_OUT: Final = (_FALLBACK, qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr"))
_PICTURES: Final = (qn("pic:pic"), "{urn:schemas-microsoft-com:vml}imagedata")
_FEW_LETTERS: Final = 200
_HEADINGS: Final = ("heading", "überschrift")
#: Where neither run nor style says a size.
_SIZE: Final = 11.0


def read(content: bytes) -> Read:
    """The whole file as one page; raises UnreadableError for what is no such file, locked, broken, or a bomb."""
    unpacking.inspect(content)
    try:
        opened = docx.Document(io.BytesIO(content))
        parts = list(_parts(opened))
    except (KeyError, ValueError, AttributeError, IndexError, LookupError) as error:
        raise UnreadableError("broken") from error
    except Exception as error:  # python-docx and lxml have no error in common
        if type(error).__module__.partition(".")[0] in ("docx", "lxml", "zipfile"):
            raise UnreadableError("broken") from error
        raise
    styles = _Styles(opened)
    found = Read(pages=1)
    letters = 0
    for part in parts:
        for row in _rows(part, styles):
            letters += len(row.text)
            if letters > MOST_CHARACTERS or len(found.rows) >= MOST_ROWS:
                found.gaps.append(Gap("long", 1))
                return found
            found.rows.append(row)
    pictures = sum(1 for part in parts for each in part.iter(*_PICTURES))
    if letters < _FEW_LETTERS and pictures:
        found.gaps.append(Gap("partly" if letters else "picture", 1))
    return found


def _parts(opened: Any) -> Iterator[Any]:
    """Headers, then the text, then footers; each once, however many sections use it."""
    sections = list(opened.sections)
    yield from _once(section.header for section in sections)
    yield opened.element.body
    yield from _once(section.footer for section in sections)


def _once(some: Iterator[Any]) -> Iterator[Any]:
    for each in some:
        if not each.is_linked_to_previous:
            yield each._element


def _rows(part: Any, styles: _Styles) -> Iterator[Row]:
    """Every block below an element, in order; tables row for row."""
    for child in part.iterchildren():
        if child.tag == _PARAGRAPH:
            yield from _paragraph(child, styles)
        elif child.tag == _TABLE:
            yield from _table(child, styles)
        elif child.tag not in _LEFT_OUT and isinstance(child.tag, str):
            yield from _rows(child, styles)


def _table(table: Any, styles: _Styles) -> Iterator[Row]:
    """A row of short cells is one row; cells with several paragraphs are columns of a layout, read one after the
    other."""
    for row in table.iter(_ROW):
        if next(row.iterancestors(_TABLE)) is not table:
            continue
        cells = [list(_rows(cell, styles)) for cell in row.iterchildren(_CELL, qn("w:sdt"))]
        cells = [cell for cell in cells if cell]
        if cells and all(len(cell) == 1 for cell in cells):
            first = cells[0][0]
            text = CELL.join(cell[0].text for cell in cells)
            yield Row(text=text, size=first.size, bold=all(cell[0].bold for cell in cells))
        else:
            for cell in cells:
                yield from cell


def _paragraph(paragraph: Any, styles: _Styles) -> Iterator[Row]:
    """Its lines, as breaks part them; then what stands in text boxes that hang on it."""
    runs, boxes = list(_runs(paragraph)), [each for each in paragraph.iter(_BOX) if _is_ours(each, paragraph)]
    is_bold, size, is_marked = styles.of(paragraph, [run for run, text in runs if text.strip()])
    for line in "".join(text for _, text in runs).split("\n"):
        if text := cleaned(line):
            yield Row(text=text, size=size, bold=is_bold, is_marked=is_marked)
    for box in boxes:
        yield from _rows(box, styles)


def _is_ours(box: Any, paragraph: Any) -> bool:
    """Hanging on this very paragraph, and not a copy for old programs."""
    above = list(box.iterancestors(_PARAGRAPH, _FALLBACK))
    return bool(above) and above[0] is paragraph


def _runs(element: Any) -> Iterator[tuple[Any, str]]:
    """Each run of a paragraph with its text; neither what was deleted nor what is hidden nor text boxes."""
    for child in element.iterchildren():
        if child.tag in _LEFT_OUT or child.tag == _BOX:
            continue
        if child.tag == _RUN:
            if child.find(f"{qn('w:rPr')}/{qn('w:vanish')}") is None:
                yield child, "".join(_letters(child))
        else:
            yield from _runs(child)


def _letters(run: Any) -> Iterator[str]:
    for child in run.iterchildren():
        if child.tag == _TEXT:
            yield child.text or ""
        elif child.tag == _TAB:
            yield "\t"
        elif child.tag in (_BREAK, _RETURN):
            yield "\n"


class _Styles:
    """How paragraphs look, as far as headings are told by it."""

    def __init__(self, opened: Any) -> None:
        self._by_id = {style.style_id: style for style in opened.styles}

    def of(self, paragraph: Any, runs: Sequence[Any]) -> tuple[bool, float, bool]:
        """Whether all of it is bold, its size in points, and whether its style is one of headings."""
        style = self._by_id.get(paragraph.style) if paragraph.style else None
        name = (style.name or "").casefold() if style is not None else ""
        is_bold = bool(runs) and all(_is_on(run, "w:b") for run in runs)
        sizes = [size for run in runs if (size := _size(run))]
        inherited = self._inherited(style)
        return is_bold, max(sizes) if sizes else inherited, name.startswith(_HEADINGS)

    def _inherited(self, style: Any) -> float:
        for _ in range(10):
            if style is None:
                break
            font = getattr(style, "font", None)
            if font is not None and font.size is not None:
                return float(font.size.pt)
            style = style.base_style
        return _SIZE


def _is_on(run: Any, name: str) -> bool:
    found = run.find(f"{qn('w:rPr')}/{qn(name)}")
    return found is not None and found.get(qn("w:val"), "true") not in ("0", "false", "off")


def _size(run: Any) -> float | None:
    found = run.find(f"{qn('w:rPr')}/{qn('w:sz')}")
    halves = found.get(qn("w:val"), "") if found is not None else ""
    return int(halves) / 2 if halves.isascii() and halves.isdigit() and len(halves) < 5 else None

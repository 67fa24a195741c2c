"""The labelled résumés as the files that people send: PDF by typst in several layouts, and DOCX."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import docx
import typst
from docx.document import Document as Opened

from tests.web.resumes.labelled_set import CELL, Labelled, Written

_SOURCE: Final = Path(__file__).with_name("layouts.typ").read_bytes()
#: What people put into a side bar.
_SIDE: Final = ("skills", "contact", "languages", "education", "stack", "toolbox", "kenntnisse", "focus", "personal")
#: A side bar and a first column begin with it in most résumés; it shows nothing.
_CONTACT: Final = tuple(
    Written(text, "heading" if text == "Contact" else "text", "Contact")
    for text in ("Contact", "1 Example Street", "00000 Exampleton", "+00 000 000 000", "me@example.test")
)
#: A picture where there should be text, of sixteen grey points.
_GREY: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000040000000408000000008c9a"
    "c1a20000000e49444154789c63685040863834000c7b1401a19c35b30000000049454e44ae426082"
)


def rendered(resume: Labelled) -> bytes:
    """The file, whose kind its first bytes tell."""
    return _docx(resume) if resume.layout.startswith("docx") else _pdf(resume)


def _pdf(resume: Labelled) -> bytes:
    top, side, main = _parted(resume)
    data = {
        "layout": resume.layout,
        "lang": "de" if any("ü" in line.text or "ä" in line.text for line in resume.lines) else "en",
        "picture": bool(resume.unread),
        "top": _told(top),
        "side": _told(side),
        "main": _told(main),
    }
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    made = typst.compile(_SOURCE, format="pdf", sys_inputs=inputs, ignore_system_fonts=True)
    assert isinstance(made, bytes)
    return made


def _parted(resume: Labelled) -> tuple[Sequence[Written], Sequence[Written], Sequence[Written]]:
    """What stands above the first heading, on the left, and on the right."""
    top = [line for line in resume.lines if not line.section]
    aside = _aside(resume)
    contact = [] if "Contact" in aside or resume.layout not in ("columns", "sidebar") else _CONTACT
    side = [line for line in resume.lines if line.section and line.section in aside]
    main = [line for line in resume.lines if line.section and line.section not in aside]
    return top, [*contact, *side], main


def _aside(resume: Labelled) -> Sequence[str]:
    """The sections of the first column, or of the side bar."""
    sections = list(dict.fromkeys(line.section for line in resume.lines if line.section))
    if resume.layout == "columns":
        return sections[: (len(sections) + 1) // 2]
    return [each for each in sections if resume.layout == "sidebar" and each.casefold() in _SIDE]


def _told(lines: Sequence[Written]) -> list[dict[str, str]]:
    return [{"style": line.style, "key": _cells(line)[0], "text": _cells(line)[1]} for line in lines]


def _cells(line: Written) -> tuple[str, str]:
    if line.style == "row":
        key, _, text = line.text.partition(CELL)
        return key, text
    return "", line.text[2:] if line.style == "item" else line.text


def _docx(resume: Labelled) -> bytes:
    opened = docx.Document()
    run: list[Written] = []
    for line in resume.lines:
        if line.style == "row":
            run.append(line)
            continue
        _add_rows(opened, run)
        run = []
        _add(opened, line)
    _add_rows(opened, run)
    if resume.unread:
        opened.add_picture(io.BytesIO(_GREY))
    written = io.BytesIO()
    opened.save(written)
    return written.getvalue()


def _add(opened: Opened, line: Written) -> None:
    if line.style in ("name", "heading", "title"):
        opened.add_heading(line.text, {"name": 0, "heading": 1, "title": 2}[line.style])
    elif line.style == "item":
        opened.add_paragraph(_cells(line)[1], style="List Bullet")
    else:
        opened.add_paragraph(line.text)


def _add_rows(opened: Opened, lines: Sequence[Written]) -> None:
    if not lines:
        return
    table = opened.add_table(rows=0, cols=2)
    for line in lines:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = _cells(line)

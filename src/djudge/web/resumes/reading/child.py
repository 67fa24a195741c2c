"""The process that reads: bytes come on stdin, a document as JSON goes to stdout. Run as
`python -I -m djudge.web.resumes.reading.child`, by `running`.

Nothing of what it says is believed beyond its shape: whoever sent the file may have taken it over.
"""

from __future__ import annotations

import encodings.cp437
import encodings.idna
import encodings.utf_16
import encodings.utf_16_le
import json
import sys
from dataclasses import replace
from importlib.metadata import version

import pypdfium2  # noqa: F401 (imported before nothing can be opened any more)

from djudge.web.resumes.reading import confining, headings, pdf
from djudge.web.resumes.reading import docx as text_processors
from djudge.web.resumes.reading.parts import (
    LONGEST_ROW,
    MOST_BYTES,
    MOST_ROWS,
    Gap,
    Read,
    UnreadableError,
    written,
)

__all__ = ("encodings",)


def main() -> None:
    """Read, and say what was found."""
    content = sys.stdin.buffer.read(MOST_BYTES + 1)
    libraries = [f"{name}-{version(name)}" for name in ("pypdfium2", "python-docx")]
    confining.confine()
    read = found_in(content)
    told = json.dumps(written(read, headings.sections(read.rows), libraries), ensure_ascii=False)
    sys.stdout.buffer.write(told.encode("utf-8", "replace"))
    sys.stdout.flush()


def found_in(content: bytes) -> Read:
    """By what the file is and not by what it is called. Whatever it lacks is a gap and no error."""
    try:
        read = _read(content)
    except UnreadableError as error:
        return Read(gaps=[error.gap])
    except (MemoryError, RecursionError):
        return Read(gaps=[Gap("memory")])
    if any(len(row.text) > LONGEST_ROW for row in read.rows) or len(read.rows) > MOST_ROWS:
        return _shortened(read)
    return read


def _read(content: bytes) -> Read:
    if len(content) > MOST_BYTES:
        raise UnreadableError("large")
    if b"%PDF-" in content[:1024]:
        return pdf.read(content)
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return text_processors.read(content)
    raise UnreadableError("kind")


def _shortened(read: Read) -> Read:
    """Rows that nobody would read to their end are parted, and too many are cut off."""
    rows = [
        replace(row, text=row.text[start : start + LONGEST_ROW])
        for row in read.rows
        for start in range(0, len(row.text), LONGEST_ROW)
    ]
    gaps = [*read.gaps, Gap("long")] if len(rows) > MOST_ROWS and Gap("long") not in read.gaps else read.gaps
    return Read(pages=read.pages, rows=rows[:MOST_ROWS], gaps=gaps)


if __name__ == "__main__":
    main()

"""Résumés as people send them, and as nobody should: made here, each with what it is about."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
import typst

ONE_COLUMN = """
#set page(paper: "a4", margin: 2cm)
#set text(size: 10pt, font: "Libertinus Serif")
#show heading: set text(size: 13pt)
#text(size: 22pt, weight: "bold")[Ada Applicant]

Cologne · ada\\@example.org · +49 221 5550123 · github.com/ada

= Experience
*Developer, Acme* #h(1fr) 2019 – 2023 \\
Built the shop's catalogue with Django and PostgreSQL. \\
Reduced query time by 80 % with select_related.

*Junior developer, Beta* #h(1fr) 2016 – 2019 \\
Wrote an API with Django REST Framework and Celery. \\
Moved reports into tasks beside the requests.

= Education
BSc Computer Science, University of Cologne #h(1fr) 2016

= Skills
Python, Django, Celery, Redis
"""

TWO_COLUMNS = """
#set page(paper: "a4", margin: 2cm)
#set text(size: 10pt)
#show heading: set text(size: 13pt)
#align(center)[#text(size: 22pt)[Ada Applicant] \\ ada\\@example.org, a line of contact that goes across the whole page]
#columns(2)[
= Experience
#for n in range(1, 15) [left line number #n of the first column \\ ]
#colbreak()
= Projects
#for n in range(1, 12) [right line number #n of the second one \\ ]
= Skills
Python and Django
]
"""

SIDE_BAR = """
#set page(paper: "a4", margin: 1.5cm)
#set text(size: 10pt)
#grid(columns: (28%, 1fr), gutter: 8mm,
  [
    #set text(size: 9pt)
    == Contact
    ada\\@example.org \\ +49 221 5550123 \\ Cologne
    == Skills
    Python \\ Django \\ Celery \\ Redis \\ PostgreSQL
    == Languages
    German \\ English
  ],
  [
    #text(size: 22pt)[Ada Applicant]
    == Experience
    #for n in range(1, 13) [Main text line #n tells of work that was done at some length \\ ]
    == Education
    BSc Computer Science, University of Cologne, 2016
  ],
)
"""

TABLE = """
#set page(paper: "a4", margin: 2cm)
#set text(size: 10pt)
= Skills
#table(columns: (30%, 1fr), stroke: none,
  [Languages], [Python, SQL, JavaScript],
  [Frameworks], [Django, Django REST Framework],
  [Databases], [PostgreSQL, Redis],
  [Tools], [Git, Docker, Celery],
  [Years], [Since 2016 in production],
)
"""

ICONS = """
#set page(paper: "a4")
= Skills
Python and Django #str.from-unicode(0xE00A)
"""

#: What a worker stores of a reading.
READ = {
    "lines": [
        [1, "Ada Applicant", "", 0.1, 0.05, 0.4, 0.03],
        [1, "Experience", "Experience", 0.1, 0.2, 0.2, 0.02],
        [1, "Built a shop with Django.", "Experience", 0.1, 0.23, 0.5, 0.02],
    ],
    "pages": 2,
    "gaps": [["picture", 2, 0]],
    "reader": "1 a-reader",
}


def pdf(source: str, pages: str = "") -> bytes:
    """Compiled, always to the same bytes."""
    made = typst.compile((source + pages).encode(), format="pdf", ignore_system_fonts=True)
    assert isinstance(made, bytes)
    return made


def word(*blocks: Any) -> bytes:
    """A DOCX: a text is a paragraph, a pair a heading, a list of lists a table."""
    document = docx.Document()
    for block in blocks:
        if isinstance(block, tuple):
            document.add_heading(block[0], level=1)
        elif isinstance(block, list):
            table = document.add_table(rows=0, cols=len(block[0]))
            for row in block:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
        else:
            document.add_paragraph(block)
    return saved(document)


def saved(document: Any) -> bytes:
    """As bytes."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def repacked(content: bytes, **parts: bytes) -> bytes:
    """The same DOCX with other parts: `word__document_xml` is `word/document.xml`."""
    out = io.BytesIO()
    changed = {name.replace("__", "/").replace("_xml", ".xml"): value for name, value in parts.items()}
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename not in changed:
                new.writestr(entry, old.read(entry))
        for name, value in changed.items():
            new.writestr(name, value)
    return out.getvalue()

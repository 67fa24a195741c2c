"""Résumés as people send them, and as nobody should: made here, each with what it is about."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from typing import Any

import docx
import pypdf
import typst

from tests.web.resumes.labelled_set import Labelled, Written

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


def side_bar(*, at_the_right: bool = False, pages: int = 1) -> str:
    """A narrow column of facts beside the rest, on each page."""
    bar = """[
    #set text(size: 9pt)
    == Contact
    ada\\@example.org \\ +49 221 5550123 \\ Cologne
    == Skills
    Python \\ Django \\ Celery \\ Redis \\ PostgreSQL
    == Languages
    German \\ English
  ]"""
    text = """[
    #text(size: 22pt)[Ada Applicant]
    == Experience
    #for n in range(1, 13) [Main text line #n tells of work that was done at some length \\ ]
    == Education
    BSc Computer Science, University of Cologne, 2016
  ]"""
    more_bar = "[#set text(size: 9pt)\n== Skills\nFlask \\ Django \\ Vue \\ Git \\ Docker]"
    more = "[== Experience\n#for n in range(13, 25) [Main text line #n tells of work done at some length \\ ]]"
    columns, both = ("(1fr, 28%)", f"{text}, {bar}") if at_the_right else ("(28%, 1fr)", f"{bar}, {text}")
    begin = f'#set page(paper: "a4", margin: 1.5cm)\n#set text(size: 10pt)\n#grid(columns: {columns}, gutter: 8mm, '
    source = f"{begin}{both})"
    for _ in range(pages - 1):
        source += f"\n#pagebreak()\n#grid(columns: (28%, 1fr), gutter: 8mm, {more_bar}, {more})"
    return source


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

THREE_COLUMNS = """
#set page(paper: "a4", margin: 2cm)
#set text(size: 10pt)
#grid(columns: (1fr, 1fr, 1fr), gutter: 8mm,
  [#for n in range(8) [one line of some length, #n \\ ]],
  [#for n in range(8) [two line of some length, #n \\ ]],
  [#for n in range(8) [three line of some length #n \\ ]],
)
"""

GERMAN = """
#set page(paper: "a4", margin: 2cm)
#set text(size: 10pt)
Ada Applicant

#text(size: 14pt)[Berufserfahrung]

Entwicklerin bei Acme, seit 2019. Baute den Katalog mit Django und PostgreSQL.

#text(size: 10pt)[A U S B I L D U N G]

B. Sc. Informatik, Universität zu Köln

#text(weight: "bold")[Kenntnisse & Sprachen:]

Python, Django, Deutsch, Englisch
"""

OWN_HEADINGS = """
#set page(paper: "a4", margin: 2cm)
#set text(size: 10pt)
#show heading: set text(size: 14pt)
= Experience
*Lead developer*

Built the shop's catalogue with Django and PostgreSQL for many years, and looked after it.

= Things I am proud of
The release that nobody noticed.
"""

#: Its content is turned to the left; with the page turned to the right it is upright.
TURNED_PAGE = """
#set page(width: 297mm, height: 297mm, margin: 2cm)
#rotate(-90deg, reflow: true)[
= Experience
Built the shop's catalogue with Django.
]
"""

ICONS = """
#set page(paper: "a4")
= Skills
Python and Django #str.from-unicode(0xE00A)
"""

UPRIGHT_NAME = """
#set page(paper: "a4")
#rotate(-90deg, reflow: true)[Ada Applicant]
= Experience
Django
"""

BEYOND = """
#set page(paper: "a4")
= Experience
Django
#place(dx: 900pt, dy: 0pt)[Kubernetes]
"""

TINY = """
#set page(paper: "a4")
= Experience
Django #text(size: 1pt)[Kubernetes]
"""


def png() -> bytes:
    """A grey dot."""
    packed = zlib.compress(b"\0\x80")
    parts = ((b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), (b"IDAT", packed), (b"IEND", b""))
    found = b"\x89PNG\r\n\x1a\n"
    for name, content in parts:
        found += struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
    return found


_DOT = "bytes((" + ", ".join(map(str, png())) + "))"

PICTURE = f"""
#set page(paper: "a4")
= Experience
Django
#pagebreak()
#image({_DOT}, width: 100%)
"""

PARTLY = f"""
#set page(paper: "a4")
A line beside it.
#image({_DOT}, width: 100%, height: 80%, fit: "stretch")
"""

TEXT_BOX = (
    '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml"><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><w:txbxContent>'
    "<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>"
    "<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict></mc:Fallback>"
    "</mc:AlternateContent></w:r>"
)

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


# --- Labelled ones, laid out as their authors meant

_BEGIN = """
#set page(paper: "a4", margin: 2cm)
#set text(size: 10pt)
#show heading: set text(size: 13pt)
"""
#: What stands in a side bar.
_ASIDE = ("skill", "language", "kenntn", "sprach", "contact", "kontakt", "interest", "tools", "technolog")


def laid_out(resume: Labelled) -> bytes:
    """One of the labelled résumés as a file."""
    if resume.layout.startswith("docx"):
        return word(*[_block(line) for line in resume.lines])
    above = "".join(_source(line) for line in resume.lines if not line.section)
    below = [line for line in resume.lines if line.section]
    if resume.layout == "columns":
        return pdf(f"{_BEGIN}{above}#columns(2)[{''.join(map(_source, below))}]")
    if resume.layout == "sidebar":
        aside = "".join(_source(line) for line in below if _is_aside(line))
        rest = "".join(_source(line) for line in below if not _is_aside(line))
        return pdf(f"{_BEGIN}#grid(columns: (28%, 1fr), gutter: 8mm, [{aside}], [{above}{rest}])")
    return pdf(_BEGIN + above + "".join(map(_source, below)))


def _is_aside(line: Written) -> bool:
    return any(word in line.section.lower() for word in _ASIDE)


def _block(line: Written) -> Any:
    cells = line.text.split("  ")
    return {"heading": (line.text,), "row": [cells]}.get(line.style, line.text)


def _source(line: Written) -> str:
    text = f"#{json.dumps(line.text, ensure_ascii=False)}"
    if line.style == "row":
        cells = ", ".join(f"[#{json.dumps(cell, ensure_ascii=False)}]" for cell in line.text.split("  "))
        return f"#grid(columns: (30%, 1fr), {cells})\n\n"
    as_style = {"name": "#text(size: 20pt)[{}]\n\n", "heading": "= {}\n", "title": "*{}*\n\n", "item": "- {}\n"}
    return as_style.get(line.style, "{}\n\n").format(text)


# --- PDFs as no program makes them


def locked() -> bytes:
    """With a password."""
    writer = pypdf.PdfWriter(io.BytesIO(pdf(ONE_COLUMN)))
    writer.encrypt("a password")
    # What follows from chance is left as it came, once: the same bytes whenever a test asks.
    out = io.BytesIO()
    writer.write(out)
    return _LOCKED.setdefault("", out.getvalue())


_LOCKED: dict[str, bytes] = {}


def pages(count: int) -> bytes:
    """So many, with a line on each."""
    return pdf(f"#for n in range({count}) [Page number #n of many \\ #pagebreak(weak: true)]")


def raw(*objects: bytes) -> bytes:
    """A file of these objects; the first one is its root."""
    out = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return out + end + b"trailer <</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))


def _stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<</Length %d %s>>\nstream\n%s\nendstream" % (len(content), more, content)


_ROOT = b"<</Type /Catalog /Pages 2 0 R>>"
_PAGES = b"<</Type /Pages /Kids [3 0 R] /Count 1>>"
_FONT = b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>"
_PAGE = (
    b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
    b"/Resources <</Font <</F 5 0 R>> /XObject <</X 6 0 R>>>>>>"
)


def invisible() -> bytes:
    """Text of which nothing is drawn."""
    drawn = b"BT /F 12 Tf 50 700 Td (Experience) Tj 0 -20 Td 3 Tr (Kubernetes for machines) Tj ET"
    return raw(_ROOT, _PAGES, _PAGE, _stream(drawn), _FONT)


def form() -> bytes:
    """One with a field in which something was typed."""
    root = b"<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [6 0 R]>>>>"
    field = b"<</FT /Tx /T (name) /V (Ada) /Subtype /Widget /Rect [50 600 200 620] /P 3 0 R /Type /Annot>>"
    return raw(root, _PAGES, _PAGE, _stream(b"BT /F 12 Tf 50 700 Td (Experience) Tj ET"), _FONT, field)


def deep_pdf() -> bytes:
    """Lists within lists, where a page's box should be."""
    nested = b"[" * 200_000 + b"]" * 200_000
    page = _PAGE.replace(b"[0 0 595 842]", nested)
    return raw(_ROOT, _PAGES, page, _stream(b"BT /F 12 Tf 50 700 Td (Django) Tj ET"), _FONT)


def page_loop() -> bytes:
    """Pages that are their own children, and say that there are a billion."""
    return raw(_ROOT, b"<</Type /Pages /Kids [2 0 R 2 0 R] /Count 1000000000>>")


def inflating_pdf() -> bytes:
    """What is drawn on the page unpacks to half a gigabyte of text."""
    packer = zlib.compressobj(9)
    chunk = b"BT /F 12 Tf 50 700 Td (Django) Tj ET " * 40_000
    packed = b"".join(packer.compress(chunk) for _ in range(350)) + packer.flush()
    return raw(_ROOT, _PAGES, _PAGE, _stream(packed, b"/Filter /FlateDecode"), _FONT)


def nested_forms() -> bytes:
    """Each drawing draws another ten times, through twelve of them."""
    count = 12
    forms = []
    for number in range(count):
        below = b"<</XObject <</X %d 0 R>>>>" % (number + 7) if number + 1 < count else b"<</Font <</F 5 0 R>>>>"
        drawn = b"/X Do " * 10 if number + 1 < count else b"BT /F 12 Tf 50 700 Td (Django) Tj ET"
        more = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources " + below
        forms.append(_stream(drawn, more))
    return raw(_ROOT, _PAGES, _PAGE, _stream(b"/X Do " * 10), _FONT, *forms)


# --- Text processors' files as no text processor makes them

_XML = b'<?xml version="1.0"?>'
_WORD = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def zip_bomb() -> bytes:
    """Some kilobytes that unpack to gigabytes of blanks in the text itself."""
    out = io.BytesIO(word("Django"))
    with (
        zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("word/media/image1.png", "w", force_zip64=True) as part,
    ):
        for _ in range(1000):
            part.write(b"\0" * (1 << 20))
    return out.getvalue()


def many_entries() -> bytes:
    """More parts than anybody has."""
    out = io.BytesIO(word("Django"))
    with zipfile.ZipFile(out, "a") as archive:
        for number in range(20_000):
            archive.writestr(f"word/media/{number}.png", b"")
    return out.getvalue()


def lying_bomb() -> bytes:
    """A part of 100 MB that says of itself that it has ten bytes."""
    out = io.BytesIO(word("Django"))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/image1.png", b"\0" * 100_000_000)
    content = out.getvalue()
    return content.replace(struct.pack("<I", 100_000_000), struct.pack("<I", 10))


def deep_xml() -> bytes:
    """A hundred thousand elements within each other."""
    nested = b"<w:p>" * 100_000 + b"</w:p>" * 100_000
    text = _XML + b"<w:document " + _WORD + b"><w:body>" + nested + b"</w:body></w:document>"
    return repacked(word("Django"), word__document_xml=text)


def laughs() -> bytes:
    """Entities that unfold to a billion words."""
    steps = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 10))
    head = _XML + b'<!DOCTYPE w [<!ENTITY e0 "Django ">' + steps + b"]>"
    text = head + b"<w:document " + _WORD + b"><w:body><w:p><w:r><w:t>&e9;</w:t></w:r></w:p></w:body></w:document>"
    return repacked(word("Django"), word__document_xml=text)

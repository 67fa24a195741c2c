"""Files are read as people read them, alike each time, and in a process that nothing of theirs gets out of."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
from docx.enum.section import WD_SECTION
from docx.oxml import parse_xml
from docx.shared import Pt

from djudge.web.resumes.documents import read_of
from djudge.web.resumes.models import Reading
from djudge.web.resumes.reading import layout, running
from djudge.web.resumes.reading.parts import MOST_PAGES, Piece
from djudge.web.resumes.sentences import sentence
from djudge.web.resumes.signals import find
from tests.web import resume_files as files
from tests.web.resumes.labelled_set import labelled


def texts(found: dict[str, Any]) -> list[str]:
    return [line[1] for line in found["lines"]]


def sections(found: dict[str, Any]) -> dict[str, list[str]]:
    """What stands below each heading, without it."""
    below: dict[str, list[str]] = {}
    for _page, text, section, *_box in found["lines"]:
        below.setdefault(section, [])
        if text != section:
            below[section].append(text)
    return below


def gaps(found: dict[str, Any]) -> list[str]:
    return [gap[0] for gap in found["gaps"]]


# --- As people read


def test_one_column_is_read_from_top_to_bottom_with_dates_on_their_lines() -> None:
    found = running.read(files.pdf(files.ONE_COLUMN))
    below = sections(found)
    assert list(below) == ["", "Experience", "Education", "Skills"]
    assert below[""][0] == "Ada Applicant"
    assert "Developer, Acme  2019 – 2023" in below["Experience"]
    assert below["Skills"] == ["Python, Django, Celery, Redis"]
    assert found["gaps"] == []


def test_two_columns_are_read_one_after_the_other_below_what_lies_across() -> None:
    read = texts(running.read(files.pdf(files.TWO_COLUMNS)))
    assert read[:2] == ["Ada Applicant", "ada@example.org, a line of contact that goes across the whole page"]
    left = [f"left line number {n} of the first column" for n in range(1, 15)]
    right = [f"right line number {n} of the second one" for n in range(1, 12)]
    assert read[2:] == ["Experience", *left, "Projects", *right, "Skills", "Python and Django"]


@pytest.mark.parametrize("turned", [False, True], ids=["at the left", "at the right"])
def test_a_side_bar_is_read_by_itself_and_its_headings_end_with_it(turned: bool) -> None:
    below = sections(running.read(files.pdf(files.side_bar(at_the_right=turned))))
    assert below["Languages"] == ["German", "English"]
    assert below["Skills"] == ["Python", "Django", "Celery", "Redis", "PostgreSQL"]
    assert [text for text in below["Experience"] if not text.startswith("Main text")] == []
    assert below[""] == ["Ada Applicant"], "it stands in the main column and belongs to no heading of the side bar"


def test_a_side_bar_and_the_rest_each_go_on_over_pages() -> None:
    below = sections(running.read(files.pdf(files.side_bar(pages=2))))
    assert sum(text.startswith("Main text") for text in below["Experience"]) == 24
    assert below["Skills"].count("Django") == 2


def test_three_columns_of_skills_are_read_column_by_column() -> None:
    read = texts(running.read(files.pdf(files.THREE_COLUMNS)))
    assert [text.split()[0] for text in read] == ["one"] * 8 + ["two"] * 8 + ["three"] * 8


def test_a_table_is_read_row_by_row() -> None:
    assert sections(running.read(files.pdf(files.TABLE)))["Skills"] == [
        "Languages  Python, SQL, JavaScript",
        "Frameworks  Django, Django REST Framework",
        "Databases  PostgreSQL, Redis",
        "Tools  Git, Docker, Celery",
        "Years  Since 2016 in production",
    ]


def test_places_are_fractions_of_the_page_as_people_see_it() -> None:
    upright = running.read(files.pdf(files.ONE_COLUMN))
    name = upright["lines"][0]
    assert name[0] == 1
    assert 0.05 < name[3] < 0.15
    assert 0.03 < name[4] < 0.1
    reader = pypdf.PdfReader(io.BytesIO(files.pdf(files.TURNED_PAGE)))
    writer = pypdf.PdfWriter()
    writer.add_page(reader.pages[0])
    writer.pages[0].rotate(90)
    out = io.BytesIO()
    writer.write(out)
    turned = running.read(out.getvalue())
    assert "Experience" in texts(turned), "it is upright where people look at it"
    assert "turned" not in gaps(turned)


def test_headings_in_german_and_spaced_out_ones_are_headings() -> None:
    below = sections(running.read(files.pdf(files.GERMAN)))
    assert list(below) == ["", "Berufserfahrung", "AUSBILDUNG", "Kenntnisse & Sprachen"]


def test_a_bold_job_title_is_no_heading_and_a_heading_of_their_own_in_the_same_look_is_one() -> None:
    below = sections(running.read(files.pdf(files.OWN_HEADINGS)))
    assert "Things I am proud of" in below
    assert "Lead developer" in below["Experience"]


def test_a_text_processors_file_is_read_with_headers_tables_and_text_boxes_in_order() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Ada Applicant, ada@example.org"
    document.add_heading("Experience", level=1)
    document.add_paragraph("Built a shop with Django.")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        [cell for row in table.rows for cell in row.cells], ["Languages", "Python", "Tools", "Celery"], strict=True
    ):
        cell.text = text
    table.rows[1].cells[1].add_table(rows=1, cols=1).rows[0].cells[0].text = "within the table"
    box = document.add_paragraph("Beside it: ")
    box._p.append(parse_xml(files.TEXT_BOX.format(text="Speaks at conferences")))
    document.add_heading("Education", level=1)
    document.add_paragraph("BSc Computer Science")
    found = running.read(files.saved(document))
    read = texts(found)
    assert read == [
        "Ada Applicant, ada@example.org", "Experience", "Built a shop with Django.", "Languages  Python", "Tools",
        "Celery", "within the table", "Beside it:", "Speaks at conferences", "Education", "BSc Computer Science",
    ]  # fmt: skip
    assert sections(found)["Education"] == ["BSc Computer Science"]
    assert {line[0] for line in found["lines"]} == {1}
    assert found["pages"] == 1


def test_a_header_that_several_sections_share_is_read_once_and_hidden_text_not_at_all() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Ada Applicant"
    document.add_section(WD_SECTION.NEW_PAGE)
    shown = document.add_paragraph("Django")
    shown.add_run(" nobody sees this").font.hidden = True
    assert texts(running.read(files.saved(document))) == ["Ada Applicant", "Django"]


def test_a_heading_in_a_text_processor_is_told_by_its_words_and_look_too() -> None:
    document = docx.Document()
    run = document.add_paragraph().add_run("What I built")
    run.bold, run.font.size = True, Pt(16)
    known = document.add_paragraph().add_run("Experience")
    known.bold, known.font.size = True, Pt(16)
    document.add_paragraph("Something with Django, at some length so that most of the text is of this size.")
    found = running.read(files.saved(document))
    assert [line[2] for line in found["lines"]] == ["What I built", "Experience", "Experience"]


# --- Alike each time

KINDS: dict[str, Callable[[], bytes]] = {
    "one column": lambda: files.pdf(files.ONE_COLUMN),
    "two columns": lambda: files.pdf(files.TWO_COLUMNS),
    "a side bar": lambda: files.pdf(files.side_bar()),
    "a table": lambda: files.pdf(files.TABLE),
    "German": lambda: files.pdf(files.GERMAN),
    "a picture": lambda: files.pdf(files.PICTURE),
    "many pages": lambda: files.pages(500),
    "a text processor's": lambda: files.word(("Experience",), "Django", [["a", "b"], ["c", "d"]]),
    "a broken one": lambda: b"%PDF-1.7 nothing",
    "a locked one": lambda: files.locked(),
}


@pytest.mark.parametrize("name", KINDS)
def test_the_same_bytes_give_the_same_document(name: str) -> None:
    content = KINDS[name]()
    assert running.read(content) == running.read(content)


# --- What could not be read is said


@pytest.mark.parametrize(
    ("content", "what", "says"),
    [
        (lambda: files.pdf(files.PICTURE), "picture", "Page 2 is a picture or drawn"),
        (lambda: files.pdf(files.PARTLY), "partly", "Most of page 1 is a picture"),
        (lambda: files.pdf(files.ICONS), "letters", "Page 1 has 1 sign that does not say which letter it is"),
        (lambda: files.pdf(files.UPRIGHT_NAME), "turned", "Page 1 has text that is turned"),
        (lambda: files.pdf(files.BEYOND), "outside", "Page 1 has text beyond its edge"),
        (lambda: files.pdf(files.TINY), "tiny", "Page 1 has text too small to be seen"),
        (lambda: files.invisible(), "unseen", "Page 1 has text that nobody sees on it"),
        (lambda: files.pages(500), "pages", f"This file has 500 pages. The first {MOST_PAGES} were read."),
        (lambda: files.locked(), "locked", "locked with a password"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "locked", "locked with a password"),
        (lambda: b"%PDF-1.7 nothing", "broken", "This file is broken"),
        (lambda: files.pdf(files.ONE_COLUMN)[:2000], "broken", "This file is broken"),
        (lambda: files.word("text")[:-60], "broken", "This file is broken"),
        (lambda: b"PK\x03\x04 and nothing", "broken", "This file is broken"),
        (lambda: files.repacked(files.word("x"), **{"word__document_xml": b"<not>xml"}), "broken", "is broken"),
        (lambda: b"GIF89a", "kind", "neither a PDF nor a DOCX"),
        (lambda: b"", "kind", "neither a PDF nor a DOCX"),
        (lambda: b"%PDF-" + b"x" * 6_000_000, "large", "larger than 5 MB"),
        (lambda: files.form(), "form", "This file is a form"),
        (lambda: files.word(*["Django " * 100] * 400), "long", "more text than a résumé"),
    ],
)  # fmt: skip
def test_what_could_not_be_read_is_said_in_a_sentence(content: Callable[[], bytes], what: str, says: str) -> None:
    found = running.read(content())
    assert what in gaps(found), found
    told = [sentence(*gap) for gap in found["gaps"]]
    assert any(says in each for each in told), told


def test_what_can_be_read_beside_it_is_read() -> None:
    assert "Experience" in texts(running.read(files.pdf(files.PICTURE)))
    assert texts(running.read(files.pdf(files.ICONS))) == ["Skills", "Python and Django"]
    found = running.read(files.pages(500))
    assert found["pages"] == 500
    assert {line[0] for line in found["lines"]} == set(range(1, MOST_PAGES + 1))


def test_a_picture_alone_in_a_text_processors_file_is_said() -> None:
    document = docx.Document()
    document.add_picture(io.BytesIO(files.png()))
    found = running.read(files.saved(document))
    assert (texts(found), gaps(found)) == ([], ["picture"])


# --- What was made to do harm


@pytest.mark.parametrize("bomb", [files.zip_bomb, files.many_entries, files.lying_bomb, files.deep_xml, files.laughs])
def test_a_bomb_in_a_text_processors_file_is_refused_with_a_sentence_and_soon(bomb: Callable[[], bytes]) -> None:
    content = bomb()
    assert len(content) < 5_000_000, "it would be taken"
    began = time.monotonic()
    found = running.read(content)
    assert time.monotonic() - began < 20
    assert texts(found) == []
    assert set(gaps(found)) & {"bomb", "broken", "declares"}, found


@pytest.mark.parametrize("make", [files.deep_pdf, files.page_loop, files.inflating_pdf, files.nested_forms])
def test_a_pdf_that_nests_loops_or_inflates_without_end_costs_its_own_process_alone(make: Callable[[], bytes]) -> None:
    found = running.read(make())
    assert len(texts(found)) < 5000
    assert found["lines"] or found["gaps"], "it says why there is nothing"


CONFINED = "from djudge.web.resumes.reading import confining; held = confining.confine()\n"


def child(code: str) -> tuple[str, ...]:
    """A process that confines itself as the reader does, and then does this."""
    return ("-I", "-c", CONFINED + code)


def test_a_parser_that_never_ends_is_ended_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 3))\nwhile True: pass"
    assert gaps(running.read(b"x", child(code))) == ["slow"]


def test_the_reader_itself_has_twenty_seconds_of_its_processor_and_no_more() -> None:
    code = "import resource, sys; sys.stdout.write(str(resource.getrlimit(resource.RLIMIT_CPU)))"
    said = subprocess.run([sys.executable, *child(code)], capture_output=True, text=True, check=True, stdin=None)
    assert said.stdout == "(20, 25)"


def test_a_parser_that_sleeps_is_ended_with_all_that_it_started_and_tried_again() -> None:
    before = time.monotonic()
    with pytest.raises(running.ReadingFailedError, match="did not end"):
        running.read(b"x", child("import time; time.sleep(600)"), seconds=1.5)
    assert time.monotonic() - before < 10
    assert is_gone("time.sleep(600)")


def test_a_child_of_the_parser_does_not_outlive_it() -> None:
    code = "import os, time\nif os.fork() == 0: time.sleep(601)\nos._exit(0)"
    with pytest.raises(running.ReadingFailedError):
        running.read(b"x", ("-I", "-c", code))
    assert is_gone("time.sleep(601)")


def is_gone(word: str) -> bool:
    """Whether no process with this in its command runs any more; one that was just killed may take a moment."""
    for _ in range(100):
        if word not in everything_that_runs():
            return True
        time.sleep(0.05)
    return False


def everything_that_runs() -> str:
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(place.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
        except OSError:
            continue
    return "\n".join(found)


def test_a_parser_that_eats_memory_gets_no_more_than_its_share() -> None:
    code = (
        "found = []\ntry:\n    while True: found.append(bytearray(1 << 24))\n"
        "except MemoryError:\n    eaten = len(found); found.clear(); print(eaten * 16)"
    )
    said = subprocess.run([sys.executable, *child(code)], capture_output=True, text=True, check=True, stdin=None)
    assert 100 < int(said.stdout) < 800


@pytest.mark.parametrize(
    "deed",
    [
        "open('/etc/passwd')", "open('/tmp/djudge-made-by-a-parser', 'w')", "os.mkdir('/tmp/djudge-made-by-a-parser')",
        "os.unlink(TARGET)", "socket.socket(socket.AF_INET)", "socket.socket(socket.AF_UNIX)", "os.pipe()",
        "os.listdir('/')",
    ],
)  # fmt: skip
def test_a_parser_that_was_taken_over_opens_makes_and_removes_nothing(deed: str, tmp_path: Path) -> None:
    target = tmp_path / "kept"
    target.write_text("kept")
    code = f"import os, socket\ntry:\n    {deed.replace('TARGET', repr(str(target)))}\nexcept OSError: print('refused')"
    program = ("-I", "-c", "import os, socket\n" + CONFINED + code)
    said = subprocess.run([sys.executable, *program], capture_output=True, text=True, check=True, stdin=None)
    if "unlink" in deed or "mkdir" in deed:
        holds = subprocess.run([sys.executable, *child("print(held['no files'])")], capture_output=True, text=True)
        if holds.stdout.strip() != "True":
            pytest.skip("This machine has no Landlock.")
    assert said.stdout.strip() == "refused"
    assert target.exists()
    assert not Path("/tmp/djudge-made-by-a-parser").exists()


def test_the_same_deeds_succeed_where_nothing_is_tied_down() -> None:
    code = "import os, socket; open('/etc/passwd').close(); socket.socket(socket.AF_INET).close(); print('done')"
    said = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "done"


def test_a_parser_that_writes_without_end_fills_nothing() -> None:
    found = running.read(b"x", child("import sys\nwhile True: sys.stdout.write('x' * 65536)"))
    assert gaps(found) == ["long"]


def test_a_parser_that_dies_is_the_files_doing_and_one_that_was_killed_is_not() -> None:
    for name in ("SIGSEGV", "SIGABRT", "SIGILL"):
        code = f"import os, signal; signal.signal(signal.{name}, signal.SIG_DFL); os.kill(os.getpid(), signal.{name})"
        assert gaps(running.read(b"x", ("-I", "-c", code))) == ["crash"]
    with pytest.raises(running.ReadingFailedError):
        running.read(b"x", ("-I", "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"))
    with pytest.raises(running.ReadingFailedError, match="our own mistake"):
        running.read(b"x", ("-I", "-c", "raise ValueError('our own mistake')"))


@pytest.mark.parametrize(
    "told",
    [
        "", "{", "[]", "null", '{"lines": 1}', '{"lines": [[1, 2]], "pages": 1, "gaps": [], "reader": ""}',
        '{"lines": [[1, "x", "", 0, 0, 0, 7]], "pages": 1, "gaps": [], "reader": ""}',
        '{"lines": [[-1, "x", "", 0, 0, 0, 0]], "pages": 1, "gaps": [], "reader": ""}',
        '{"lines": [], "pages": "many", "gaps": [], "reader": ""}',
        '{"lines": [[1, "x", "", NaN, 0, 0, 0]], "pages": 1, "gaps": [], "reader": ""}',
        "[" * 100_000,
    ],
)  # fmt: skip
def test_what_a_parser_says_without_shape_is_not_believed(told: str) -> None:
    with pytest.raises(running.ReadingFailedError):
        running.read(b"x", ("-I", "-c", f"import sys; sys.stdout.write({told[:20]!r} * {max(len(told) // 20, 1)})"))


def test_letters_that_steer_terminals_or_hide_are_left_out_and_no_nul_comes_through() -> None:
    found = running.read(files.word("Dja\u202engo\u200b \x7fand\u00adPython\u0085", "\ufb01t"))
    assert texts(found) == ["Django andPython", "fit"]


def test_the_process_knows_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "a secret of ours")
    code = (
        "import json, os, sys\n"
        "told = [[1, f'{k}={v}', '', 0, 0, 0, 0] for k, v in os.environ.items()]\n"
        "told += [[1, name, '', 0, 0, 0, 0] for name in sys.modules if name.startswith('django')]\n"
        "import djudge.web.resumes.reading.child\n"
        "told += [[1, name, '', 0, 0, 0, 0] for name in sys.modules if name.split('.')[0] in ('django', 'celery')]\n"
        "print(json.dumps({'lines': told, 'pages': 1, 'gaps': [], 'reader': ''}))"
    )
    assert texts(running.read(b"x", ("-I", "-c", code))) == ["LC_ALL=C.UTF-8"]


# --- The order of reading by itself


def piece(text: str, left: float, base: float, width: float = 0) -> Piece:
    return Piece(
        text=text, left=left, top=base - 8, right=left + (width or 5 * len(text)), bottom=base + 2, base=base, size=10
    )


def test_a_short_page_and_an_empty_one_have_one_column() -> None:
    assert layout.in_order([]) == []
    assert [each.text for each in layout.in_order([piece("b", 50, 20), piece("a", 50, 10)])] == ["a", "b"]


def test_pieces_of_a_row_stand_from_left_to_right_however_they_were_drawn() -> None:
    laid = layout.in_order([piece("2019", 400, 10), piece("Developer", 50, 10), piece("Acme", 98, 10.5)])
    assert [each.text for each in laid] == ["Developer Acme  2019"]


def test_dates_at_the_edge_stay_on_their_lines_however_many_there_are() -> None:
    rows = [(f"Something that was done in year {n} and told at length", f"{2000 + n}") for n in range(12)]
    pieces = [piece(text, 50, 20 + 12 * n) for n, (text, _) in enumerate(rows)]
    pieces += [piece(year, 500, 20 + 12 * n) for n, (_, year) in enumerate(rows)]
    assert [each.text for each in layout.in_order(pieces)] == [f"{text}  {year}" for text, year in rows]


def test_many_pieces_are_laid_out_in_time() -> None:
    pieces = [piece(f"w{n}", 10 + (n * 37) % 500, 10 + (n // 8) * 3) for n in range(3000)]
    began = time.process_time()
    assert sum(len(each.pieces) for each in layout.in_order(pieces)) == 3000
    assert time.process_time() - began < 15


# --- Many of them


@pytest.mark.parametrize("part", range(2))
def test_labelled_resumes_say_the_same_by_the_way_of_a_file_as_without(part: int) -> None:
    """A quarter of them, laid out as their authors meant: nearly all headings are found, and what the signals say of a
    file that was laid out and read is what they say of the text itself."""
    same = signals_ = found = headings = 0
    for resume in [each for each in labelled() if not each.unread][part * 4 :: 8]:
        read = read_of(Reading(content=running.read(files.laid_out(resume))))
        expected, got = ({each.signal: each.state for each in find(text)} for text in (resume.document, read))
        same += sum(got[signal] == state for signal, state in expected.items())
        signals_ += len(expected)
        wanted = [line.text.rstrip(" :") for line in resume.lines if line.style == "heading"]
        found += sum(heading in {line.section for line in read.lines} for heading in wanted)
        headings += len(wanted)
    assert signals_ > 200
    assert same / signals_ >= 0.98, f"{same} of {signals_} signals"
    assert found / headings >= 0.9, f"{found} of {headings} headings"

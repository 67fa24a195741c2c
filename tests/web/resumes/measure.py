"""Writes the figures of the signals into their documentation: `python -m tests.web.resumes.measure`.

From the written texts it takes a second (`… measure texts` does that alone). From real files every résumé is rendered
and read in a process of its own, which takes some minutes.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from djudge.web.resumes.document import Document, Line
from djudge.web.resumes.reading import running
from djudge.web.resumes.signals import SIGNALS
from tests.web.resumes.figures import Count, counted
from tests.web.resumes.labelled_set import Labelled, labelled
from tests.web.resumes.rendering import rendered

PAGE: Final = Path(__file__).parents[3] / "docs/reference/resume-signals.md"
HALVES: Final = ("tune", "test", "late")


def main() -> None:
    """Both tables anew, or those that are named."""
    for name in sys.argv[1:] or SOURCES:
        made = table(counted_by_half(SOURCES[name]))
        PAGE.write_text(with_table(PAGE.read_text("utf-8"), name, made), "utf-8")
        print(made)


def counted_by_half(read: Callable[[Labelled], Document]) -> Mapping[str, Mapping[str, Count]]:
    """By half, then by signal."""
    return {half: counted([each for each in labelled() if each.half == half], read) for half in HALVES}


def read_from_a_file(resume: Labelled) -> Document:
    """Rendered, and read as the platform reads what people send."""
    content = running.read(rendered(resume))
    lines = tuple(
        Line(page=page, text=text, section=section, left=left, top=top, width=width, height=height)
        for page, text, section, left, top, width, height in content["lines"]
    )
    return Document(lines=lines, pages=content["pages"], unread=tuple(str(gap) for gap in content["gaps"]))


def table(counts: Mapping[str, Mapping[str, Count]]) -> str:
    """As Markdown: a row for each signal; precision, recall and how many there are, for each half."""
    return "\n".join(_rows(counts))


def _rows(counts: Mapping[str, Mapping[str, Count]]) -> Iterator[str]:
    sizes = {half: sum(each.half == half for each in labelled()) for half in HALVES}
    yield "| line | signal |" + "".join(f" {half} ({sizes[half]}): there | precision | recall |" for half in HALVES)
    yield "|---|---|" + "---|---|---|" * len(HALVES)
    for signal in SIGNALS.values():
        cells = "".join(f" {_cells(counts[half][signal.id])} |" for half in HALVES)
        yield f"| {signal.guide_line} | `{signal.id}` |{cells}"
    quotes = "".join(f" | {_quotes(list(counts[half].values()))} | |" for half in HALVES)
    yield f"| | quotes that touch a marked line |{quotes}"


def _cells(count: Count) -> str:
    return f"{count.right + count.missed} | {count.precision:.2f} | {count.recall:.2f}"


def _quotes(counts: Sequence[Count]) -> str:
    return f"{sum(count.quotes_right for count in counts) / sum(count.quotes for count in counts):.2f}"


def with_table(page: str, name: str, made: str) -> str:
    """The page with a table between its two marks."""
    marks = rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)"
    changed, times = re.subn(marks, lambda match: f"{match[1]}{made}\n{match[2]}", page, flags=re.DOTALL)
    assert times == 1, f"the page has no place for {name}"
    return changed


#: Where documents come from, by the name of their table.
SOURCES: Final[Mapping[str, Callable[[Labelled], Document]]] = {
    "texts": lambda each: each.document,
    "files": read_from_a_file,
}

if __name__ == "__main__":
    main()

"""What all documents on a terminal are made of: marks, indentation, and text for consoles that can't show it all."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Final

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from djudge.engine.reports.words import Mark

STYLES: Final = {
    "shown": "green",
    "partly": "yellow",
    "not-shown": "red",
    "not-tested": "bright_black",
    "our-fault": "magenta",
}


def print_drawn(draw: Callable[[bool], RenderableType], console: Console) -> None:
    """Print what is drawn with Unicode, or with the nearest plain characters where the console has no others."""
    if console.encoding.lower().replace("-", "").startswith("utf"):
        console.print(draw(True))
        return
    text = as_text(draw(False), width=console.width)
    encoding = console.encoding or "ascii"
    plain = text.encode(encoding, "replace").decode(encoding)
    console.print(Text(plain), soft_wrap=True)


def as_text(drawn: RenderableType, *, width: int) -> str:
    """The same without colours."""
    console = Console(file=io.StringIO(), width=width, no_color=True, force_terminal=False, legacy_windows=False)
    with console.capture() as capture:
        console.print(drawn)
    return "\n".join(each.rstrip() for each in capture.get().splitlines()) + "\n"


def mark(mark: Mark, *, unicode: bool) -> tuple[str, str]:
    """The shape and the word of an outcome."""
    return (f"{mark.shape if unicode else mark.plain} {mark.word}", f"bold {STYLES[mark.style]}")


def hanging(label: str, text: str, style: str = "") -> Table:
    """A label with text beside it, which stays there when it wraps."""
    table = Table.grid()
    table.add_row(Text(label, style), Text(text))
    return table


def indented(what: RenderableType, by: int = 2) -> Padding:
    """Moved to the right."""
    return Padding(what, (0, 0, 0, by))

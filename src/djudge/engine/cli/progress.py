"""Long work shows what it is doing: a line that is rewritten on a terminal, a line a phase elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.text import Text


class Progress:
    """Tells phases on standard error. No thread of its own: the judge forks, so it draws only when it is told."""

    def __init__(self, title: str = "", *, quiet: bool = False) -> None:
        self._console = Console(stderr=True, quiet=quiet, highlight=False)
        self._title = title
        self._live = Live(console=self._console, auto_refresh=False, transient=True)
        self._phase = ""

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._console.is_terminal:
            self._live.stop()

    def __call__(self, phase: str, what: str) -> None:
        """Show the phase that begins or goes on."""
        if self._console.is_terminal:
            line = Text.assemble((f"{self._title} ", "bold"), (f"{phase} ", "cyan"), what, overflow="ellipsis")
            line.no_wrap = True
            self._live.update(line, refresh=True)
        elif phase != self._phase:
            self._console.print(escape(f"{self._title} {phase} {what}".strip()), soft_wrap=True)
        self._phase = phase

"""Long work shows what it is doing: a line that is rewritten on a terminal, a line a phase elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.text import Text

from djudge.engine.cli.ending import raise_lost_interrupt
from djudge.engine.reports.safe_text import line


class Progress:
    """Tells phases on standard error. No thread of its own: the judge forks, so it draws only when it is told."""

    def __init__(self, title: str = "", *, quiet: bool = False) -> None:
        self._console = Console(stderr=True, quiet=quiet, highlight=False)
        self._title = line(title, 80)
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
        """Show the phase that begins or goes on, and what is being done in it."""
        raise_lost_interrupt()
        said = f"{phase}: {line(what, 200)}" if what else phase
        if self._console.is_terminal:
            text = Text.assemble((f"{self._title} ", "bold"), (said, "cyan"), no_wrap=True, overflow="ellipsis")
            self._live.update(text, refresh=True)
        elif phase != self._phase:
            self._console.print(f"{self._title} · {said}" if self._title else said, markup=False, soft_wrap=True)
        self._phase = phase

"""Says at the end of a run which tasks changed since they were proved."""

from datetime import UTC, datetime

import pytest

from djudge.engine.cli.library import library
from djudge.engine.verify.committed import due


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A line a task that is verified here, with the reason."""
    for task, reason in due(library().tasks, datetime.now(UTC).date()).items():
        terminalreporter.write_line(f"{task} {reason}: verified under one seed (all of it: make prove).")

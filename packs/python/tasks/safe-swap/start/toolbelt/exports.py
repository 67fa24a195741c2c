"""How the nightly lists are written today."""

from __future__ import annotations

from collections.abc import Iterable


def export(path: str, lines: Iterable[str]) -> None:
    """Write the lines, first beside the file. When a line can't be had, both files are what they are."""
    with open(path + ".tmp", "wb") as draft, open(path, "wb") as file:
        for line in lines:
            draft.write(line.encode())
            file.write(line.encode())

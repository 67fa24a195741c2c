"""What a folder or an archive may bring in: files under plain names, few enough and small enough, each once.

Folders and archives hand every entry to an `Intake`, so that both keep the same rules. It refuses with
`SubmissionRefused`; where a pack's own folder is read, the caller turns that into the author's fault.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from djudge.engine.errors import SubmissionRefused
from djudge.engine.packs.names import collision_key, fault_of_path, is_ignored, normal, show

#: A complete system with its tasks' files has some hundred files and less than a megabyte.
ENTRIES: Final = 3_000
FILE_BYTES: Final = 1024 * 1024
TOTAL_BYTES: Final = 8 * 1024 * 1024


@dataclass(slots=True)
class Intake:
    """Gathers files and keeps count. `files` is what came in so far; a refusal leaves it useless."""

    files: dict[str, bytes] = field(default_factory=dict)
    entries: int = 0
    total: int = 0
    _spellings: dict[str, str] = field(default_factory=dict)

    def count_entry(self) -> None:
        """One more entry of any kind, read or not."""
        self.entries += 1
        if self.entries > ENTRIES:
            raise SubmissionRefused(
                f"There are more than {ENTRIES} files and folders.",
                "Hand in the project alone, without installed packages or data.",
                kind="too_many_files",
            )

    def admit(self, path: str) -> str | None:
        """The name under which an entry comes in, or None for one that is left alone. Refuses a bad name."""
        if is_ignored(path):
            return None
        fault = fault_of_path(path)
        if fault:
            raise SubmissionRefused(
                f"The name of {show(path)} {fault}.",
                "Rename it or leave it out.",
                kind="name",
                file=show(path),
            )
        path = normal(path)
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            self._refuse_other_spelling("/".join(parts[:depth]))
        return path

    def _refuse_other_spelling(self, path: str) -> None:
        known = self._spellings.setdefault(collision_key(path), path)
        if known != path:
            raise SubmissionRefused(
                f"{show(path)} and {show(known)} differ only in upper and lower case.",
                "Keep one of the two.",
                kind="case_collision",
                file=show(path),
            )

    def room(self) -> int:
        """How many bytes the next file may have."""
        return min(FILE_BYTES, TOTAL_BYTES - self.total)

    def add(self, path: str, content: bytes) -> None:
        """Take a file in. `content` may hold one byte more than `room()` to say that there was more."""
        if len(content) > self.room():
            self._refuse_size(path, whole=len(content) <= FILE_BYTES)
        if path in self.files:
            raise SubmissionRefused(
                f"{show(path)} is there twice.", "Pack it again.", kind="duplicate", file=show(path)
            )
        self.files[path] = content
        self.total += len(content)

    def _refuse_size(self, path: str, *, whole: bool) -> None:
        size, limit = ("All files together are", TOTAL_BYTES) if whole else (f"{show(path)} is", FILE_BYTES)
        raise SubmissionRefused(
            f"{size} larger than {limit // 1024**2} MB.",
            "Hand in source text only, without data, media and installed packages.",
            kind="too_large",
            file=show(path),
        )

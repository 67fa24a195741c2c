"""An exhibit is a folder below a pack's `museum/`: a scene, slow code, hints, the mend, and what was measured of both.

There is no list of them: a folder with an `exhibit.toml` is one. What is broken is named and stops no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from djudge.engine.packs.diagnostics import Diagnostics
from djudge.engine.packs.loading import discover_packs
from djudge.engine.packs.manifests import Line, Manifest
from djudge.engine.packs.model import Pack
from djudge.engine.packs.reading import check_python, read_manifest, read_text
from djudge.engine.packs.tree import digest_of, read_pack_folder

#: Beside the files that it was made from, and no part of what it says of them.
FIGURES_FILE: Final = "figures.json"

type Paragraph = Annotated[str, Field(min_length=40, max_length=900)]
type Function = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,60}$")]
#: What a mend makes smaller, as `figures` counts it.
type Watched = Literal["statements", "sent", "read", "blocks", "spilled"]


class ExhibitFile(Manifest):
    """`exhibit.toml`, as its author writes it."""

    format: Literal[1] = Field(description="The version of this format.")
    title: Line = Field(description="The page or the job that is slow, as people call it at work.")
    scene: Paragraph = Field(description="How somebody meets it, in two sentences. It names no cause.")
    minutes: int = Field(ge=2, le=30, description="How long people talk about it.")
    level: int = Field(ge=1, le=3, description="The guide's level of who should find it.")
    call: Function = Field(description="The function of `slow.py` and `fast.py` that is measured.")
    watch: Watched = Field(description="The figure that tells both apart.")
    cause: Line = Field(description="Why it is slow, in one line; it stands beside the mend.")
    hints: tuple[Paragraph, ...] = Field(min_length=3, max_length=5, description="From a nudge to nearly the answer.")
    why: Paragraph = Field(description="Why the mend helps.")
    cost: Paragraph = Field(description="What it costs.")
    not_when: Paragraph = Field(description="When it would not help.")
    listen: tuple[Line, ...] = Field(min_length=3, max_length=6, description="What an interviewer listens for.")
    follow_ups: tuple[Line, ...] = Field(min_length=1, max_length=4, description="What to ask next.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One exhibit with the texts of its files. `migration` is the mend's change of the schema; most have none."""

    pack: Pack
    folder: Path
    slug: str
    file: ExhibitFile
    slow: str
    fast: str
    migration: str

    @property
    def name(self) -> str:
        """By which commands name it."""
        return f"{self.pack.name}/{self.slug}"

    @property
    def beside(self) -> Path | None:
        """What both sides are given and how their effect is looked at, where they need such a thing."""
        file = self.folder / "beside.py"
        return file if file.is_file() else None


def discover_exhibits(root: Path, diagnostics: Diagnostics) -> tuple[Exhibit, ...]:
    """All exhibits of all packs below a folder, in the order of their names. Some milliseconds."""
    packs = discover_packs(root, diagnostics)
    return tuple(exhibit for pack in packs for exhibit in exhibits_of(pack, diagnostics))


def exhibits_of(pack: Pack, diagnostics: Diagnostics) -> Sequence[Exhibit]:
    """The usable exhibits of one pack."""
    folders = sorted(file.parent for file in pack.museum_folder.glob("*/exhibit.toml"))
    return [exhibit for folder in folders if (exhibit := load_exhibit(pack, folder, diagnostics))]


def load_exhibit(pack: Pack, folder: Path, diagnostics: Diagnostics) -> Exhibit | None:
    """One exhibit, or None and the reasons. Nothing of it is run."""
    known = len(diagnostics.errors)
    read = read_manifest(ExhibitFile, folder / "exhibit.toml", diagnostics)
    texts = {name: _text(folder / f"{name}.py", diagnostics) for name in ("slow", "fast")}
    migration = folder / "migration.py"
    if migration.is_file():
        check_python(migration, {}, diagnostics)
    if read is None or len(diagnostics.errors) > known:
        return None
    for name, text in texts.items():
        if f"def {read[0].call}(" not in text:
            cure = "Define it at the top level: it is what is called."
            diagnostics.error(folder / f"{name}.py", None, f"No function `{read[0].call}` is defined here.", cure)
            return None
    return Exhibit(
        pack=pack,
        folder=folder,
        slug=folder.name,
        file=read[0],
        slow=texts["slow"],
        fast=texts["fast"],
        migration=migration.read_text(encoding="utf-8") if migration.is_file() else "",
    )


def exhibit_digest(exhibit: Exhibit) -> str:
    """Names exactly this text of an exhibit, without what was measured of it."""
    files = read_pack_folder(exhibit.folder)
    return digest_of({path: content for path, content in files.items() if path != FIGURES_FILE})


def _text(file: Path, diagnostics: Diagnostics) -> str:
    check_python(file, {}, diagnostics)
    return (read_text(file, Diagnostics()) or "").strip() + "\n"

"""The question bank, read from the files beside this: the guide's questions with anchors, boxes and recorded answers.

The ends of each scale mean what the guide says, the middle is ours. It comes with the code and changes with it.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from djudge.web.grading.library import BULLETS
from djudge.web.hiring.models import UseCase

FOLDER: Final = Path(__file__).parent / "bank"

#: From the lowest to the highest.
ANCHORS: Final = ("junior", "middle", "senior")
AUDIENCES: Final = ("recruiter", "developer", "architect", "all")
_ID: Final = re.compile(r"[a-z][a-z0-9-]{2,39}")


@dataclass(frozen=True, slots=True)
class Box:
    """One thing to listen for; ticked when it was said."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A recorded answer and the anchor where it belongs, for people who practise rating."""

    anchor: str
    answer: str

    @property
    def key(self) -> str:
        """What stands for it in forms and rows; another wording has another one."""
        return hashlib.sha256(self.answer.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of the guide. `text` may hold a gap such as {domain}, which a kit fills from the job. `bullet` is
    what a rated answer is evidence for; empty where it is none of the guide's bullets."""

    id: str
    guide_line: int
    audience: str
    minutes: int
    text: str
    anchors: Mapping[str, str]
    boxes: Sequence[Box]
    needs: Mapping[str, frozenset[str]]
    follow_ups: Sequence[str]
    samples: Sequence[Sample]
    red_flag: str
    use_case: str
    bullet: str
    glossary: Mapping[str, str]

    @property
    def plain_text(self) -> str:
        """With each gap as what it waits for."""
        return re.sub(r"\{(\w+)\}", r"[your \1]", self.text)

    def missing(self, anchor: str, ticked: Collection[str]) -> list[Box]:
        """What has to be heard as well before an answer may be put at this anchor."""
        return [box for box in self.boxes if box.id in self.needs[anchor] and box.id not in ticked]

    def reached(self, ticked: Collection[str]) -> str:
        """The highest anchor whose boxes were all ticked: what a rating can rest on."""
        heard = frozenset(ticked)
        return next((anchor for anchor in reversed(ANCHORS) if self.needs[anchor] <= heard), ANCHORS[0])


class BankError(ValueError):
    """A question that can't be right; the message names the file and what is missing. The author's fault."""


@cache
def questions() -> Mapping[str, Question]:
    """Every question by its id, in the order of the guide's lines. Read once."""
    found = [question for file in sorted(FOLDER.glob("*.toml")) for question in read(file)]
    if len({question.id for question in found}) != len(found):
        raise BankError("Two questions have the same id.")
    return {question.id: question for question in sorted(found, key=lambda each: each.guide_line)}


def read(file: Path) -> list[Question]:
    """The questions of one file; raises BankError."""
    with file.open("rb") as opened:
        table = tomllib.load(opened)
    return [_question(file.name, row, table.get("glossary", {})) for row in table.get("question", [])]


def _question(file: str, row: Mapping[str, Any], glossary: Mapping[str, str]) -> Question:
    try:
        question = Question(
            id=row["id"],
            guide_line=row["guide_line"],
            audience=row["audience"],
            minutes=row["minutes"],
            text=row["text"],
            anchors={anchor: row[anchor] for anchor in ANCHORS},
            boxes=tuple(Box(each["id"], each["label"]) for each in row["boxes"]),
            needs={
                anchor: frozenset(row["senior_needs"] if anchor == "senior" else row.get(f"{anchor}_needs", ()))
                for anchor in ANCHORS
            },
            follow_ups=tuple(row["follow_ups"]),
            samples=tuple(Sample(each["anchor"], each["answer"]) for each in row["samples"]),
            red_flag=row.get("red_flag", ""),
            use_case=row.get("use_case", ""),
            bullet=row.get("bullet", ""),
            glossary=_said(row, glossary),
        )
    except KeyError as error:
        raise BankError(f"{file}: a question without {error.args[0]}.") from error
    if fault := _fault(question):
        raise BankError(f"{file}: {question.id}: {fault}")
    return question


def _said(row: Mapping[str, Any], glossary: Mapping[str, str]) -> dict[str, str]:
    """The words of the glossary that this question uses."""
    text = " ".join(str(value) for value in row.values()).casefold()
    return {word: meaning for word, meaning in glossary.items() if word.casefold() in text}


def _fault(question: Question) -> str:
    boxes = {box.id for box in question.boxes}
    needed = frozenset().union(*question.needs.values())
    checks = {
        "its id is no short word.": not _ID.fullmatch(question.id),
        "nobody knows this audience.": question.audience not in AUDIENCES,
        "the guide has no such bullet.": bool(question.bullet) and question.bullet not in BULLETS,
        "nobody knows this use case.": bool(question.use_case) and question.use_case not in UseCase.values,
        "two boxes have the same id.": len(boxes) != len(question.boxes),
        "an anchor needs a box that is not there.": not needed <= boxes,
        "the highest anchor asks for less than the middle one.": not question.needs["middle"]
        < question.needs["senior"],
        "each anchor needs one recorded answer at least.": {each.anchor for each in question.samples} != set(ANCHORS),
    }
    return next((says for says, is_so in checks.items() if is_so), "")

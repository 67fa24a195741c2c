"""Where the data, names and twists of a run come from: a secret, the assessment and the task, and nothing
else.

Packs are public, so what a check will ask must not follow from their text. On the command line the secret is
public as well: whoever grades there sees everything anyway, and two machines come to the same report.
"""

from __future__ import annotations

import hashlib
import hmac
import random
from dataclasses import dataclass
from typing import Final

from djudge.engine.packs.model import Task

#: The assessment of the command line, unless `--seed` names another.
LOCAL: Final = "local"

_PUBLIC_SECRET: Final = b"djudge on a command line: no secret"


@dataclass(frozen=True, slots=True)
class Seed:
    """The root of all that is drawn in a run. `hex` is in the report and repeats it."""

    hex: str
    assessment: str

    def random(self, label: str) -> random.Random:
        """A generator of its own for each label: one more draw in one place moves nothing elsewhere."""
        return random.Random(self.number(label))  # noqa: S311 (repeatable by design)

    def number(self, label: str) -> int:
        """256 bits for a label: for whoever needs a number and no generator."""
        return int.from_bytes(hmac.digest(bytes.fromhex(self.hex), _encoded(label), "sha256"))


def seed_for(secret: bytes, assessment: str, task: Task) -> Seed:
    """The seed of a task within an assessment of a deployment."""
    message = b"".join(_framed(_encoded(part)) for part in (assessment, task.pack.name, task.id))
    return Seed(hmac.new(secret, message, hashlib.sha256).hexdigest(), assessment)


def local_seed(task: Task, words: str | None = None) -> Seed:
    """The seed of the command line: of the assessment `local`, or of the words given with `--seed`."""
    return seed_for(_PUBLIC_SECRET, LOCAL if words is None else words, task)


def _encoded(text: str) -> bytes:
    """Any text: what a terminal sent in no known encoding comes in as lone surrogates."""
    return text.encode("utf-8", "surrogatepass")


def _framed(part: bytes) -> bytes:
    """With its length before it, so that ("ab", "c") and ("a", "bc") differ."""
    return len(part).to_bytes(8) + part

"""Access: who sees and who changes what, for each person, each object and each door to it.

A door is a way to an object: its page in a list, its own page, a form that changes it, an export, a file, a filter, a
number in a summary. Every door is tried by every person, through the same requests that their browsers would send.
What an answer told is found by words that stand nowhere but in that object, drawn from the seed; what it changed is
read from the database by the judge. A status alone proves nothing: a page may say 404 and hold the object.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter

from djudge.engine.postgres.connections import Connection
from djudge.engine.probes.patience import arranging
from djudge.engine.probes.visitor import Visitor, location
from djudge.engine.sandbox.contract import Request
from djudge.engine.serving import RunningGuest
from djudge.engine.values import Json

#: More of an answer than this is not searched for words.
_SEARCHED: Final = 2 * 1024 * 1024

#: What one person may do through a door: nothing, only see, or change as well.
type Look = Callable[[Connection], Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One person at one door of one object. `words` stand in that object and nowhere else.

    `request` makes the request from the person, so that it has their cookies and token.
    """

    door: str
    person: str
    whose: str
    request: Callable[[Visitor], Request]
    words: Sequence[str] = ()


class Tried(BaseModel):
    """What came of an attempt: the status, where it led, which words it told (by their place), and what changed."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    door: str
    person: str
    whose: str
    status: int
    leads: str
    told: tuple[int, ...]
    changed: bool


class AccessReading(BaseModel):
    """An access matrix, parsed."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    attempts: tuple[Tried, ...]

    @classmethod
    def parse(cls, observation: Json) -> AccessReading:
        """From the stored form; raises ValueError when it is not one (the task author's fault)."""
        return TypeAdapter(cls).validate_python(observation)

    def at(self, door: str) -> tuple[Tried, ...]:
        """All attempts at a door."""
        return tuple(one for one in self.attempts if one.door == door)

    @property
    def doors(self) -> tuple[str, ...]:
        """The doors, in the order in which they were first tried."""
        return tuple(dict.fromkeys(one.door for one in self.attempts))


def observe(guest: RunningGuest, people: Mapping[str, Visitor], attempts: Iterable[Attempt], look: Look) -> Json:
    """Try every door, and look at the database after each: an observation of kind `access`.

    `look` reads, as a member of the owner, what nobody may change unseen; equal looks mean that nothing changed. Costs
    a request and a read an attempt (10 ms). Raises CandidateFault where no answer comes.
    """
    tried: list[Json] = []
    before = _look(guest, look)
    for attempt in attempts:
        person = people[attempt.person]
        answer = person.finish(guest, attempt.request(person)).answer
        after = _look(guest, look)
        body = answer.body[:_SEARCHED]
        tried.append(
            {
                "door": attempt.door,
                "person": attempt.person,
                "whose": attempt.whose,
                "status": answer.status,
                "leads": (location(answer) or "")[:200],
                "told": [place for place, word in enumerate(attempt.words) if word.encode() in body],
                "changed": after != before,
            }
        )
        before = after
    return {"kind": "access", "attempts": tried}


def _look(guest: RunningGuest, look: Look) -> Json:
    with arranging(guest) as connection:
        return look(connection)

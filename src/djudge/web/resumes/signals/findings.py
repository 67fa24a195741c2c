"""What a rule says about a résumé: a state, quotes with their places, and a question to ask; never a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """There is no fourth: what a résumé does not say is not held against anybody."""

    FOUND = "found"
    NOT_FOUND = "not found"
    COULD_NOT_READ = "could not read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of the résumé: `text` is exactly `Document.text[start:end]`, with line breaks where it goes over lines.

    `line` is the index of the line in which it begins, `page` that line's page.
    """

    text: str
    page: int
    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One signal's state. `signal` is an id of `SIGNALS`; `question` is what to ask about it, whatever the state.

    `weaker` is said of what was found: a tool that stands in a skills list only (green), or a doubt with something
    against it (red: "Python" in a skills list, a good reason for building anew). A weaker red one is no red sign.
    """

    signal: str
    state: State
    quotes: Sequence[Quote]
    weaker: bool
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One of the guide's nine signs. `bank` holds ids of the interviews' question bank that lead on from it.

    A red one is a doubt to be asked about: `title` and `meaning` say what the paper says and never what somebody knows.
    """

    id: str
    guide_line: int
    is_green: bool
    title: str
    meaning: str
    ask_when_found: str
    ask_when_weaker: str
    ask_otherwise: str
    bank: Sequence[str] = ()

    def question(self, state: State, *, weaker: bool = False) -> str:
        """What to ask."""
        if state != State.FOUND:
            return self.ask_otherwise
        return self.ask_when_weaker if weaker else self.ask_when_found

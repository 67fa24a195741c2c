"""From sentences to findings: quotes in order, and what is said where parts of a document could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from djudge.web.resumes.signals.findings import Finding, State
from djudge.web.resumes.signals.passages import Passages, Sentence
from djudge.web.resumes.signals.table import SIGNALS

#: More is no better evidence.
MOST_QUOTES: Final = 6


def finding(signal: str, passages: Passages, strong: Sequence[Sentence], weak: Sequence[Sentence] = ()) -> Finding:
    """Found with quotes from strong sentences, weaker with those of weak ones, otherwise absent."""
    if strong:
        return _found(signal, passages, strong, weaker=False)
    if weak:
        return _found(signal, passages, weak, weaker=True)
    return absent(signal, passages)


def absent(signal: str, passages: Passages) -> Finding:
    """Not found; where something could not be read, it might stand there."""
    state = State.COULD_NOT_READ if is_incomplete(passages) else State.NOT_FOUND
    return Finding(signal=signal, state=state, quotes=(), weaker=False, question=SIGNALS[signal].question(state))


def not_there(signal: str) -> Finding:
    """What was read rules it out, whatever else there may be."""
    state = State.NOT_FOUND
    return Finding(signal=signal, state=state, quotes=(), weaker=False, question=SIGNALS[signal].question(state))


def is_incomplete(passages: Passages) -> bool:
    """Whether something could not be read, or nothing could."""
    return bool(passages.document.unread) or not passages.sentences or passages.is_cut


def _found(signal: str, passages: Passages, sentences: Sequence[Sentence], *, weaker: bool) -> Finding:
    ordered = sorted(set(sentences), key=lambda each: each.places[0])[:MOST_QUOTES]
    return Finding(
        signal=signal,
        state=State.FOUND,
        quotes=tuple(sentence.quote(passages.text) for sentence in ordered),
        weaker=weaker,
        question=SIGNALS[signal].question(State.FOUND, weaker=weaker),
    )

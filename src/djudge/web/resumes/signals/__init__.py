"""The nine signs of a résumé: `find` reads a document and says what it says. No database, no clock, no chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from djudge.web.resumes.document import Document
from djudge.web.resumes.signals.findings import Finding, Quote, Signal, State
from djudge.web.resumes.signals.table import SIGNALS

__all__ = ["SIGNALS", "Finding", "Quote", "Signal", "State", "find"]

#: A signal's id and the rule that looks for it.
_RULES: Final[Mapping[str, Callable[[Document], Finding]]] = {}


def find(document: Document) -> Sequence[Finding]:
    """A finding for every signal that has a rule, in the guide's order; the same document gives the same findings."""
    return tuple(rule(document) for rule in _RULES.values())

"""The nine signs of a résumé: `find` reads a document and says what it says. No database, no clock, no chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from djudge.web.resumes.document import Document
from djudge.web.resumes.signals.batteries import find_batteries
from djudge.web.resumes.signals.expert import find_expert
from djudge.web.resumes.signals.findings import Finding, Quote, Signal, State
from djudge.web.resumes.signals.orm import find_orm
from djudge.web.resumes.signals.own_projects import find_own_projects
from djudge.web.resumes.signals.passages import Passages
from djudge.web.resumes.signals.performance import find_performance
from djudge.web.resumes.signals.production import find_production
from djudge.web.resumes.signals.python_context import find_python
from djudge.web.resumes.signals.relations import find_relations
from djudge.web.resumes.signals.table import SIGNALS
from djudge.web.resumes.signals.tools import find_tools

__all__ = ["SIGNALS", "Finding", "Quote", "Signal", "State", "find"]

#: The rule that looks for each.
_RULES: Final[Mapping[str, Callable[[Passages], Finding]]] = {
    "own-projects": find_own_projects,
    "tools": find_tools,
    "performance": find_performance,
    "relations": find_relations,
    "production": find_production,
    "python": find_python,
    "orm": find_orm,
    "expert": find_expert,
    "batteries": find_batteries,
}


def find(document: Document) -> Sequence[Finding]:
    """A finding for every signal, in the guide's order; the same document gives the same findings."""
    passages = Passages(document)
    return tuple(_RULES[signal](passages) for signal in SIGNALS)

"""Which bullets of the guide show others as well, with the reason for each.

A row saves the candidate an hour: who was asked for the higher bullet and showed it need not be asked for the lower.
It holds only where a basic developer fails the higher one, so a test proves each row that is used by what junior
solutions are declared to earn. Nothing implies admin or forms: people who build APIs for years may never have written
either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Implication:
    """Who shows `higher` has shown `lower`, because of `reason`."""

    higher: str
    lower: str
    reason: str


IMPLICATIONS: Final = (
    Implication(
        higher="drf-apis",
        lower="models-views-urls",
        reason="An API that keeps its contract is models reached through views at URLs; only the output is no page.",
    ),
    Implication(
        higher="auth-permissions",
        lower="models-views-urls",
        reason="Rights that hold on every door need views that fetch models by URL, for the right person only.",
    ),
)

#: No row may imply these; a test holds it.
NEVER_IMPLIED: Final = frozenset({"admin", "forms"})


def implying(lower: str) -> tuple[str, ...]:
    """The bullets that show this one as well."""
    return tuple(row.higher for row in IMPLICATIONS if row.lower == lower)

"""Interviews in templates: figures with a sign, and whose scorecards a job waits for."""

from __future__ import annotations

from typing import Any, Final

from django import template

from djudge.web.hiring.models import Job
from djudge.web.interviews.selectors import awaited_in

register = template.Library()

#: So many are named on a job's page.
_MOST: Final = 20


@register.filter
def signed(value: float) -> str:
    """Two decimals with their sign; what rounds to nothing has none."""
    told = f"{value:+.2f}"
    return told[1:] if float(told) == 0 else told.replace("-", "\N{MINUS SIGN}")


@register.inclusion_tag("interviews/_awaited.html")
def awaited_scorecards(job: Job) -> dict[str, Any]:
    """Who has not filed what they heard, and since when. One statement.

    A tag, because the job's page belongs to an app that knows nothing of interviews.
    """
    found = list(awaited_in(job)[: _MOST + 1])
    return {"awaited": found[:_MOST], "are_more": len(found) > _MOST}

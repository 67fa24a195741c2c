"""The headline: counts with their coverage, in words.

One task is a piece of evidence and places no level; the headline says how much of the guide it asked about,
and names the rest, so that "not tested" can't be read as "not shown".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from djudge.engine.scoring.model import MERIT, BulletScore, Headline
from djudge.engine.values import BULLETS, Outcome

#: The guide's bullets in words for people.
NAMES: Final = {
    "models-views-urls": "models, views, URLs",
    "mvt": "model-view-template",
    "admin": "admin",
    "forms": "forms",
    "orm-queries": "ORM queries",
    "drf-apis": "REST APIs with DRF",
    "migrations-design": "migrations and database design",
    "auth-permissions": "authentication and permissions",
    "tests": "tests",
    "query-optimization": "query optimisation",
    "scalable-architecture": "scalable architecture",
    "caching": "caching",
    "middleware-commands": "middleware and commands",
    "internals": "Django internals",
    "decorators": "decorators",
    "context-managers": "context managers",
    "async": "async",
}


def headline(bullets: Sequence[BulletScore], *, ran: bool = True) -> Headline:
    """The counts of a set of bullets, and what was left out, as a sentence each."""
    counts = {outcome: sum(one.outcome == outcome for one in bullets) for outcome in Outcome}
    tested = sum(counts[outcome] for outcome in MERIT)
    return Headline(
        shown=counts[Outcome.SHOWN],
        partly=counts[Outcome.PARTLY],
        not_shown=counts[Outcome.NOT_SHOWN],
        tested=tested,
        text=_text(counts[Outcome.SHOWN], counts[Outcome.PARTLY], tested) if ran or not tested else "It did not run",
        not_tested=_listed(untested(bullets)),
    )


def untested(bullets: Iterable[BulletScore]) -> tuple[str, ...]:
    """The guide's bullets about which nothing was learned, in the guide's order."""
    told = {one.bullet for one in bullets if one.outcome in MERIT}
    return tuple(name for name in BULLETS if name not in told)


def _text(shown: int, partly: int, tested: int) -> str:
    if not tested:
        return "Nothing could be measured"
    parts = [f"{shown} of {tested} {'bullet' if tested == 1 else 'bullets'} shown"]
    if partly:
        parts.append(f"{partly} partly")
    return ", ".join(parts)


def _listed(bullets: Sequence[str]) -> str:
    return ", ".join(NAMES[name] for name in bullets) if bullets else "every bullet of the guide was tested"

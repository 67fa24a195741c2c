"""Decides from observations alone. Pure: no files, no clock, no chance; an old run can be judged again.

A score is raised by evidence only: `shown` and `partly` name what they rest on. `candidate` explains the
principle and never the solution; `recruiter` is for a person who does not program.
"""

import json

from djudge.engine.values import (
    Answered,
    Budget,
    Finding,
    Integrity,
    Json,
    Judgement,
    Observations,
    Seen,
    Words,
    not_shown,
    shown,
)

#: Rows that counting may fetch beyond what the reference solution does.
SLACK = 1


def judge(observations: Observations, budget: Budget) -> Judgement:
    """A finding for each check of task.toml, and what does not fit an honest run."""
    brands, work = observations.saw("brands"), observations.saw("work")
    answers = _said("answers", observations.answer("first"), brands, "before")
    fresh = _said("fresh", observations.answer("second"), brands, "after")
    allowed = _number(Seen(budget["expert"].seen["work"]), "rows") + SLACK
    findings = (answers, fresh, _counted(answers, work, allowed), _kept(observations.answer("products")))
    return Judgement(findings, tuple(_doubts(answers, work)))


def _said(check: str, answered: Answered[Json], brands: Seen[Json], when: str) -> Finding:
    wanted = _number(brands, when)
    said = answered.read(_figure)
    words = Words(
        measured=f"the page said {said.value}",
        expected=f"{wanted} brands",
        candidate="A page that reports a figure asks the database for it at each request, unless the ticket "
        "allows the figure to be old.",
        recruiter="Whether the page says the right number.",
        evidence=("brands",),
    )
    return shown(check, words, said) if said.value == wanted else not_shown(check, words)


def _counted(answers: Finding, work: Seen[Json], allowed: int) -> Finding:
    rows = _number(work, "rows")
    words = Words(
        measured=f"{rows} rows fetched",
        expected=f"at most {allowed} rows",
        candidate="A database counts without sending the rows. Fetching them to count them costs more with each brand.",
        recruiter="Whether the work is left to the part of the system that does it best.",
        evidence=("work",),
    )
    right = answers.outcome == "shown" and _number(work, "statements") > 0 and rows <= allowed
    return shown("counted", words, work) if right else not_shown("counted", words)


def _kept(status: Answered[Json]) -> Finding:
    words = Words(
        measured=f"the product list answered with {status.value}",
        expected="200",
        candidate="A new page must not break another one.",
        recruiter="Whether the rest of the shop still works.",
    )
    return shown("kept", words, status) if status.value == 200 else not_shown("kept", words)


def _doubts(answers: Finding, work: Seen[Json]) -> list[Integrity]:
    """Facts that an honest run does not show. Never a verdict, and each with its innocent explanation."""
    if _number(work, "statements"):
        return []
    if answers.measured.endswith("nothing"):
        return []
    return [
        Integrity(
            kind="answers-without-reading",
            what="The page named a number although its request asked the database nothing.",
            innocent="A cache that is filled before the first request does this.",
        )
    ]


def _figure(answer: Json) -> int | str:
    """The number in `{"brands": n}`, or "nothing" for anything else."""
    try:
        body = json.loads(str(answer["body"])) if isinstance(answer, dict) else None
    except (ValueError, RecursionError):
        return "nothing"
    figure = body.get("brands") if isinstance(body, dict) else None
    return figure if isinstance(figure, int) and not isinstance(figure, bool) else "nothing"


def _number(evidence: Seen[Json], name: str) -> int:
    value = evidence.value[name] if isinstance(evidence.value, dict) else None
    return value if isinstance(value, int) else 0

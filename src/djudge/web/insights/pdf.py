"""The recruiter's report as PDF: what the page says, on paper."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import unescape
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import typst
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from djudge.web.grading.library import NAMES
from djudge.web.grading.plain_words import InPlainWords
from djudge.web.grading.reports import AssessedBulletFacts, AssessmentReport, by_people, lacks_a_second_rater
from djudge.web.hiring.models import Application
from djudge.web.interviews.models import Rating
from djudge.web.ui.templatetags.djudge import outcome_word, up_to_not_tested

_SOURCE: Final = Path(__file__).with_name("report.typ").read_bytes()


def report(
    application: Application,
    assessment: str,
    placed: AssessmentReport,
    plain: InPlainWords,
    raised: Iterable[Rating] = (),
) -> bytes:
    """The document; `raised` are warning signs that people raised. Some tens of milliseconds in this process: the
    compiler is in the wheel, and so are its fonts; those of the system come after them. Texts are data of our own
    source and can't become part of it.
    """
    data = json.dumps(_told(application, assessment, placed, plain, raised))
    made = typst.compile(_SOURCE, format="pdf", sys_inputs={"data": data})
    assert isinstance(made, bytes)
    return made


def _told(
    application: Application,
    assessment: str,
    placed: AssessmentReport,
    plain: InPlainWords,
    raised: Iterable[Rating],
) -> dict[str, Any]:
    name, job = application.candidate.name, application.job.title
    shown = up_to_not_tested(placed.headline.text)
    return {
        "title": f"{name}: {shown}",
        "name": name,
        "job": job,
        "assessment": assessment,
        "shown": shown,
        "not_tested": placed.headline.not_tested or "–",
        "minimum": unescape(render_to_string("workspace/_minimum.html", {"minimum": placed.minimum})).strip(),
        "findings": [_finding(outcome, found) for outcome, found in plain.findings],
        "questions": [
            {"text": each.text, "because": each.because, "task": each.task, "listen_for": each.listen_for}
            for each in plain.questions
        ],
        "levels": _levels(placed),
        "notes": [section for section in _notes(placed, raised) if section["found"]],
        "words": _words(),
        "footer": _("Djudge, %(day)s. Measured by running the code; people decide.")
        % {"day": date_format(timezone.localtime(), "j M Y, H:i e")},
    }


def _words() -> dict[str, str]:
    return {
        "shown": _("Shown"),
        "not_tested": _("Not tested"),
        "plain": _("In plain words"),
        "plain_help": _("Each line says what was looked at; the mark before its heading says what came of it."),
        "ask": _("To ask next"),
        "because": _("Because"),
        "listen": _("Listen for"),
        "bullets": _("The guide's bullets"),
    }


def _finding(outcome: str, found: Iterable[Any]) -> dict[str, Any]:
    return {
        "outcome": outcome,
        "word": outcome_word(outcome),
        "found": [{"says": each.says, "bullet": _(NAMES.get(each.bullet, each.bullet)), "task": each.task}
                  for each in found],
    }  # fmt: skip


def _levels(placed: AssessmentReport) -> Sequence[dict[str, Any]]:
    return [
        {
            "title": _("Level %(n)s") % {"n": level} if level else _("Python"),
            "bullets": [
                {
                    "name": _(NAMES.get(each.bullet, each.bullet)),
                    "outcome": str(each.outcome.value),
                    "word": outcome_word(each.outcome),
                    "rated": _rated(each),
                }
                for each in bullets
            ],
        }
        for level, bullets in groupby(placed.bullets, key=lambda each: each.level)
    ]


def _rated(facts: AssessedBulletFacts) -> list[str]:
    """What people rated, and what their ratings come to, a line each."""
    lines = [
        _("rated by %(rater)s: %(word)s") % {"rater": each.source, "word": outcome_word(each.outcome).lower()}
        for each in by_people(facts)
    ]
    if lines and facts.independent:
        lines.append(_("confirmed: two independent pieces of evidence"))
    if lacks_a_second_rater(facts):
        lines.append(_("One person has rated it. It counts once a second one has, and they agree."))
    return lines


def _raised(rating: Rating) -> tuple[str, str, str]:
    rated = _("rated by %(rater)s") % {"rater": rating.scorecard.rater or "–"}
    what = _("Could not say what Django is for, or why one would use it.")
    return what, rated, f"{rating.anchor_text} “{rating.quote}”"


def _notes(placed: AssessmentReport, raised: Iterable[Rating]) -> Sequence[dict[str, Any]]:
    flags = [(each.flag.what, each.task, each.flag.innocent) for each in placed.red_flags]
    flags += [_raised(rating) for rating in raised]
    others = [(each.integrity.what, each.task, each.integrity.innocent) for each in placed.integrity]
    titles = ((_("Warning signs"), flags), (_("What did not fit"), others))
    return [
        {"title": title, "found": [{"what": what, "task": task, "innocent": why} for what, task, why in found]}
        for title, found in titles
    ]

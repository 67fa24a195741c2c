"""Reading pads: what has changed, for those who look every two seconds, and what was measured."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Literal

from django.contrib.humanize.templatetags.humanize import apnumber
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from djudge.web.grading import library, reports
from djudge.web.grading.changes import Change, SourceLine, changes, shown_name, source
from djudge.web.grading.library import TaskCard
from djudge.web.grading.measured import measured
from djudge.web.hiring.models import ENDED, Application
from djudge.web.pads.models import Pad, PadRun
from djudge.web.workspace import editing
from djudge.web.workspace.models import Sitting, Work

#: Who looks: both sides see the same facts, and the interviewer sees the text and who is there as well.
type Side = Literal["interviewer", "candidate"]

#: As many runs are kept; a conversation that asks for more forgets its first ones.
MOST_RUNS: Final = 12

#: What was ended waits for so long, and is then erased.
KEPT: Final = timedelta(days=1)

_PARTS: Final[Mapping[Side, Sequence[str]]] = {
    "interviewer": ("presence", "text", "results"),
    "candidate": ("results",),
}


def pads() -> QuerySet[Pad]:
    """Pads with sitting, interview and application, and beside them what tells whether anything has changed: the
    version of the files, the state of the latest trial and of the runs. No statement yet; one for all of it."""
    work = Work.objects.filter(sitting=OuterRef("sitting"))
    runs = PadRun.objects.filter(pad=OuterRef("pk")).order_by("-created_at")
    return Pad.objects.select_related("sitting", "interview__application").annotate(
        version=Subquery(work.values("version")[:1]),
        trial=Subquery(work.values(told=_told(Cast("trial", TextField()), "trial__state", "trial__phase"))[:1]),
        asked=ArraySubquery(runs.values(told=_told("what", "submission__state", "submission__phase"))),
    )


def _told(*names: Any) -> Concat:
    return Concat(*names, Value(""), output_field=TextField())


def parts(pad: Pad, side: Side) -> dict[str, str]:
    """Each part of a side's page, with a word that is another one once the part has changed. Pure, for a pad that came
    through `pads`."""
    told: Any = pad
    seen = "here" if pad.is_here else f"{pad.seen_at:%H:%M}" if pad.seen_at else "never"
    facts = {
        "presence": (seen, pad.file, pad.sitting.started_at is not None),
        "text": (told.version, pad.file),
        "results": (told.trial, told.asked),
    }
    return {name: hashlib.sha256(repr(facts[name]).encode()).hexdigest()[:10] for name in _PARTS[side]}


def work_of(pad: Pad) -> Work:
    """The one work of its sitting, with the latest trial. One statement."""
    found = pad.sitting.works.select_related("trial").get(position=1)
    found.sitting = pad.sitting
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What the candidate has before them: the file that they are in, its lines as they were last saved, and all that
    is changed."""

    name: str
    lines: Sequence[SourceLine]
    left_out: int
    changed: Sequence[Change]


def live(pad: Pad, work: Work) -> Live:
    """Of the files as they were last saved. Pure; some milliseconds, whatever the texts are."""
    changed = changes(work.task, work.files)
    path = pad.file if editing.text_of(work, pad.file) is not None else _first(work)
    touched = next((each.touched for each in changed if each.path == path and not each.is_new), frozenset[int]())
    lines, left_out = source(editing.text_of(work, path) or "", touched)
    return Live(name=shown_name(path), lines=lines, left_out=left_out, changed=changed)


def _first(work: Work) -> str:
    """What was changed, where nobody has opened a file yet."""
    return next((path for path, text in work.files.items() if text is not None), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A run, as its button is called, with what was measured, rendered; empty before there is anything."""

    run: PadRun
    label: str
    says: SafeString


def runs_of(pad: Pad, card: TaskCard) -> list[Asked]:
    """The runs, the newest first, with what came of them. One statement, and one for each that nobody has seen yet."""
    found = pad.runs.select_related("submission__result").defer("submission__files", "submission__result__document")
    labels = {button.what: button.label for button in buttons(card)}
    newest = found.order_by("-created_at")[:MOST_RUNS]
    return [Asked(run=run, label=labels.get(run.what, run.get_what_display()), says=_says(run)) for run in newest]


def _says(run: PadRun) -> SafeString:
    result = getattr(run.submission, "result", None)
    if result is None:
        return SafeString()

    def render() -> str:
        return render_to_string("pads/_measured.html", {"it": measured(result, run.what), "what": run.what})

    # A template of ours has escaped whatever is in it.
    return mark_safe(reports.kept(result, run.what, render))  # noqa: S308


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Something that a task can be asked; `says` names what is truly measured."""

    what: str
    label: str
    says: str


def buttons(card: TaskCard) -> list[Button]:
    """What a task can be asked, in the order of the page. Pure."""
    found = []
    if card.scene.grows:
        says = _("Each thing on the page is made more, one at a time; the sizes stand beside the curve.")
        found.append(Button(what=PadRun.What.GROWTH, label=_("About ten times the data"), says=says))
    if card.scene.at_once:
        number = str(apnumber(card.scene.at_once))
        label = _("%(number)s at the same moment") % {"number": number.capitalize()}
        says = _("As many do the same at once, forced by a lock that the judge holds.")
        found.append(Button(what=PadRun.What.RACE, label=label, says=says))
    everything = _("All that the task asks, in a line each.")
    return [*found, Button(what=PadRun.What.REPORT, label=_("Everything"), says=everything)]


def scenes() -> dict[str, TaskCard]:
    """The tasks with which there is something to be tried live, by name. Microseconds."""
    return {name: card for name, card in library.cards().items() if card.scene.is_one}


def still_assessed(application: Application) -> frozenset[str]:
    """Tasks that this candidate has still to hand in: a pad shows everything that is measured, and would give it away.
    What was handed in they have a report of. Two statements."""
    sitting = Sitting.objects.filter(application=application).select_related("assessment", "application").first()
    if sitting is None:
        assessment = application.job.assessment_for(application.lane)
        return frozenset(assessment.tasks if assessment else ())
    if sitting.is_over:
        again = sitting.works.filter(position=sitting.redo_of or 0) if sitting.may_redo else sitting.works.none()
        return frozenset(again.values_list("task", flat=True))
    return frozenset(sitting.works.filter(submission=None).values_list("task", flat=True))


def without_a_talk() -> list[uuid.UUID]:
    """Pads that are open though their interview was cancelled or the application has ended. One statement."""
    stopped = Q(interview__cancelled_at__isnull=False) | Q(interview__application__stage__in=ENDED)
    return list(Pad.objects.filter(stopped, sitting__shared_until__gt=timezone.now()).values_list("pk", flat=True))


def to_be_erased() -> list[uuid.UUID]:
    """Sittings of conversations that ended a day ago. One statement, by an index."""
    old = Sitting.objects.filter(shared_until__lt=timezone.now() - KEPT)
    return list(old.order_by("shared_until").values_list("pk", flat=True)[:200])

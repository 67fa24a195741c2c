"""What we keep about a candidate: a copy of all of it, and its end (GDPR, articles 15 and 17)."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet

from djudge.web.accounts.models import User
from djudge.web.grading import reports
from djudge.web.grading.models import Result, Submission, Trial
from djudge.web.hiring.models import Application, Candidate
from djudge.web.interviews.models import Rating, Scorecard
from djudge.web.mail import actions as mail
from djudge.web.mail.models import Message
from djudge.web.organizations import audit
from djudge.web.organizations.models import AuditEvent
from djudge.web.resumes.models import Answer, Correction, Reading
from djudge.web.webhooks import actions as webhooks
from djudge.web.webhooks import selectors as webhook_log
from djudge.web.webhooks.models import Event
from djudge.web.workspace.models import Appeal, Sitting, Work


def copy_of(candidate: Candidate) -> bytes:
    """A zip archive of everything that a team keeps about somebody, their files and reports with it.

    Colleagues of the team are named by what they did and not by name. About sixteen statements, some milliseconds a
    report.
    """
    applications = list(candidate.applications.select_related("job"))
    works = _works(applications)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("about-you.json", json.dumps(_facts(candidate, applications), indent=2, default=str))
        for number, application in enumerate(applications, 1):
            if application.resume:
                ending = PurePosixPath(str(application.resume.name)).suffix
                with application.resume.open("rb") as file:
                    archive.writestr(f"{number}/resume{ending}", file.read())
        for path, content in (*_handed_in(works), *_looked_at_together(applications)):
            archive.writestr(path, content)
    return packed.getvalue()


def _works(applications: Iterable[Application]) -> list[Work]:
    found = Work.objects.filter(sitting__application__in=list(applications))
    return list(found.select_related("sitting", "submission__result").order_by("sitting_id", "position"))


def _handed_in(works: Iterable[Work]) -> Iterator[tuple[str, str]]:
    """Each task with the files as they were saved last, and the report. Names of files are such as a task allows."""
    for work in works:
        place = f"work/{work.sitting_id}/{work.position}"
        for path, text in work.files.items():
            if text is not None:
                yield f"{place}/{path}", text
        result = getattr(work.submission, "result", None)
        if result is not None:
            yield f"{place}/report.json", reports.for_candidate(result)
            yield f"{place}/report.html", reports.page(result, "candidate")


def _looked_at_together(applications: Iterable[Application]) -> Iterator[tuple[str, str]]:
    """What is left of conversations over code, as it was saved last, with what was measured of it."""
    mine = Sitting.objects.filter(pad__interview__application__in=list(applications))
    for work in Work.objects.filter(sitting__in=mine).order_by("sitting_id"):
        for path, text in work.files.items():
            if text is not None:
                yield f"pads/{work.sitting_id}/files/{path}", text
    for result in Result.objects.filter(submission__pad_run__pad__sitting__in=mine).select_related("submission"):
        yield f"pads/reports/{result.submission_id}.html", reports.page(result, "practice")


def _facts(candidate: Candidate, applications: list[Application]) -> dict[str, Any]:
    keys = [application.pk for application in applications]
    entries = AuditEvent.objects.filter(team=candidate.team_id, subject_id__in=keys)
    mails = Message.objects.filter(team=candidate.team_id).filter(Q(to__iexact=candidate.email))
    return {
        "name": candidate.name,
        "email": candidate.email,
        "kept since": candidate.created_at,
        "applications": [_application(application) for application in applications],
        "sittings": list(_values(Sitting.objects.filter(application__in=keys), _SITTING)),
        "conversations over code": list(_values(_talks(keys), _TALK)),
        "what was measured in them": list(_values(_measured_in_talks(keys), _RUN)),
        "what you asked": list(_values(Appeal.objects.filter(work__sitting__application__in=keys), _APPEAL)),
        "what was read of your résumé": list(_values(Reading.objects.filter(application__in=keys), _READING)),
        "what you corrected in it": list(
            _values(Correction.objects.filter(reading__application__in=keys), ("created_at", "sections"))
        ),
        "what was answered about it": list(
            _values(Answer.objects.filter(reading__application__in=keys), ("created_at", "signal", *_ANSWER))
        ),
        "what your work shares with others'": list(_shared(keys)),
        "mails": list(_values(mails, ("created_at", "sent_at", "subject", "body", "calendar"))),
        "what other systems were told": webhook_log.told_about(candidate.team, keys),
        "what was done": list(_values(entries, ("created_at", "verb", "details"))),
    }


def _shared(keys: list[Any]) -> Iterator[dict[str, Any]]:
    """That there is something, how much and where it stands in their files; the other's part is another's."""
    submissions = Submission.objects.filter(work__sitting__application__in=keys)
    for side in ("one", "other"):
        names = ("task", f"like_as_{side}__created_at", f"like_as_{side}__lines", f"like_as_{side}__passages")
        for task, at, lines, passages in submissions.exclude(**{f"like_as_{side}": None}).values_list(*names):
            places = [[each[side], each[f"{side}_from"], each[f"{side}_to"]] for each in passages]
            yield {"task": task, "compared": at, "lines": lines, "places": places}


def _talks(keys: list[Any]) -> QuerySet[Sitting]:
    return Sitting.objects.filter(pad__interview__application__in=keys)


def _measured_in_talks(keys: list[Any]) -> QuerySet[Submission]:
    return Submission.objects.filter(pad_run__pad__interview__application__in=keys)


_TALK = ("created_at", "works__task", "started_at", "shared_until", "pad__seen_at", "pad__file")
_RUN = ("created_at", "task", "pad_run__what", "pad_run__asked_by", "pad_run__version", "finished_at", "state")
_SITTING = ("id", "assessment__title", "invited_at", "agreed_at", "started_at", "stopped", "handed_in_at", "redo_of")
_READING = ("created_at", "finished_at", "state", "reader", "sha256", "content")
_ANSWER = ("said", "verdict", "note")
_APPEAL = ("created_at", "kind", "title", "text", "answered_at", "answer", "granted_redo")


def _values(found: Any, names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for row in found.order_by("created_at").values(*names):
        yield {name.replace("__", " "): value for name, value in row.items()}


def _application(application: Application) -> dict[str, Any]:
    return {
        "job": application.job.title,
        "applied": application.created_at,
        "lane": application.get_lane_display(),
        "stage": application.get_stage_display(),
        "since": application.stage_since,
        "extra time": application.extra_time,
        "notes": list(_values(application.notes, ("created_at", "text", "rating"))),
        "stages": list(_values(application.stage_changes, ("at", "before", "after", "promised_for"))),
        "interviews": list(_values(application.interviews, _INTERVIEW)),
        "what was heard in them": list(_values(_rated(application), _RATING)),
        "what else was remarked": list(_values(_cards(application), ("created_at", "filed_at", "remarks"))),
        "sent from other systems": list(_values(application.orders, _ORDER)),
        "what these complained of": list(_values(application.orders.exclude(complaints=None), _COMPLAINT)),
        "decisions": list(_values(application.decisions, ("created_at", "outcome", "reason", "message"))),
    }


_ORDER = ("created_at", "system", "callback", "told", "ended_at", "cancelled_at")
_COMPLAINT = ("system", "complaints__created_at", "complaints__about", "complaints__text")
_INTERVIEW = ("created_at", "kit", "minutes", "domain", "at", "zone", "place", "cancelled_at")
_RATING = ("created_at", "text", "because", "was_asked", "ticked", "anchor", "anchor_text", "quote")


def _cards(application: Application) -> QuerySet[Scorecard]:
    return Scorecard.objects.filter(interview__application=application)


def _rated(application: Application) -> QuerySet[Rating]:
    return Rating.objects.filter(scorecard__interview__application=application)


@transaction.atomic
def erase(candidate: Candidate, *, actor: User | None = None) -> None:
    """Everything about somebody, for good: what they sent, did and got, what was written about and to them.

    In the audit log who, what and when stay, without of whom. About twenty-five statements; files go after the commit.
    """
    applications = list(candidate.applications.all())
    keys = [application.pk for application in applications]
    entries = audit.erase(candidate.team, [candidate.pk, *keys])
    as_ = "" if actor else "candidate"
    audit.note(candidate.team, "erased a candidate", candidate.team, actor=actor, as_=as_, entries=entries)
    mail.forget(team=candidate.team_id, to=candidate.email, about=keys)
    gone = {"candidate": str(candidate.pk), "applications": [str(key) for key in keys]}
    mine = (
        Q(work__sitting__application__in=keys)
        | Q(former__work__sitting__application__in=keys)
        | Q(regrade__work__sitting__application__in=keys)
        | Q(pad_run__pad__interview__application__in=keys)
    )
    submissions = list(Submission.objects.filter(mine).values_list("pk", flat=True))
    reports.forget(Result.objects.filter(submission__in=submissions).only("pk", "canonical_sha256"))
    talks = list(_talks(keys).values_list("pk", flat=True))
    Trial.objects.filter(Q(work__sitting__application__in=keys) | Q(work__sitting__in=talks)).delete()
    Sitting.objects.filter(pk__in=talks).delete()
    candidate.delete()
    Submission.objects.filter(pk__in=submissions).delete()
    # Last: whoever announced something meanwhile held one of the rows above until it was committed.
    webhooks.forget(team=candidate.team, about=keys)
    webhooks.announce(candidate.team, Event.CANDIDATE_ERASED, gone)
    for name in [str(application.resume.name) for application in applications if application.resume]:
        transaction.on_commit(partial(default_storage.delete, name), robust=True)

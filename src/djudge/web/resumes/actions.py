"""The way of a file through the states of a reading, and what candidates and colleagues write about it."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from celery import current_app
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from djudge.web.accounts.models import User
from djudge.web.hiring import actions as hiring
from djudge.web.hiring.models import ENDED, Application
from djudge.web.organizations import audit
from djudge.web.resumes import selectors
from djudge.web.resumes.documents import Section
from djudge.web.resumes.models import Answer, Correction, Reading, State
from djudge.web.resumes.reading import running
from djudge.web.resumes.reading.parts import MOST_BYTES, VERSION

#: By its name, because the task calls this module.
READ: Final = "djudge.web.resumes.tasks.read"

#: So often a file is tried when the fault is ours.
MOST_ATTEMPTS: Final = 4

#: A candidate's link is all that it takes to send files and words: so many of an application, and no more.
MOST_FILES: Final = 10
MOST_CORRECTIONS: Final = 50


class RefusedError(ValueError):
    """It can't be done now; the message says why, and what to do."""


@transaction.atomic
def read_soon(application: Application) -> Reading | None:
    """See to it that the application's file is read, after the caller's transaction; None without a file, and where it
    is read or waits already. Four statements. What calls nobody here is found by beat."""
    _locked(application)
    if not application.resume or selectors.reading_of(application) is not None:
        return None
    return _begin(application)


def _locked(application: Application) -> Application:
    """Two who do this at once come one after the other."""
    return Application.objects.select_for_update(of=("self",)).get(pk=application.pk)


def _begin(application: Application) -> Reading:
    reading = Reading.objects.create(application=application, file=str(application.resume.name))
    transaction.on_commit(partial(current_app.send_task, READ, [str(reading.pk)]), robust=True)
    return reading


@transaction.atomic
def read_again(*, actor: User, application: Application) -> Reading:
    """Once more, where it was our fault, or where another version read it; raises RefusedError where neither is so."""
    _locked(application)
    before = selectors.reading_of(application)
    if before is None or not may_be_read_again(before):
        raise RefusedError(_("This file was read by the present reader already: it would read the same."))
    audit.note(application.job.team, "had the résumé read again of", application, actor=actor)
    return _begin(application)


def may_be_read_again(reading: Reading) -> bool:
    """Whether another reading could say anything else."""
    is_older = reading.reader.split(" ")[0] != str(VERSION)
    return reading.state == State.OUR_FAULT or (reading.state == State.READ and is_older)


def read(reading_id: uuid.UUID) -> None:
    """Read a file that nobody else is at; does nothing for one that is read or held by a living run.

    What a file does to its process is the file's, and told. What keeps us from reading is ours: tried again by beat.
    """
    reading = _take(reading_id)
    if reading is None:
        return
    try:
        with default_storage.open(reading.file, "rb") as file:
            content = file.read(MOST_BYTES + 1)
        found = running.read(content)
    except (running.ReadingFailedError, OSError) as failure:
        _give_back(reading, str(failure))
        return
    _mine(reading).update(
        state=State.READ,
        sha256=hashlib.sha256(content).hexdigest(),
        reader=found["reader"],
        content=found,
        finished_at=timezone.now(),
        run=None,
        trouble="",
    )


def _take(reading_id: uuid.UUID) -> Reading | None:
    """Hold a reading for a run of ours, or None where there is nothing to do. Who fell silent so often is ours, too."""
    now, run = timezone.now(), uuid.uuid4()
    silent = Reading.objects.filter(pk=reading_id, state=State.READING, alive_at__lt=now - selectors.SILENCE)
    silent.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=State.OUR_FAULT, run=None, finished_at=now, trouble="Each run of it fell silent."
    )
    open_ = Q(state=State.WAITING) | Q(state=State.READING, alive_at__lt=now - selectors.SILENCE)
    taken = Reading.objects.filter(open_, pk=reading_id).update(
        state=State.READING, run=run, alive_at=now, attempts=F("attempts") + 1
    )
    return Reading.objects.filter(pk=reading_id, run=run).first() if taken else None


def _mine(reading: Reading) -> Any:
    return Reading.objects.filter(pk=reading.pk, run=reading.run, state=State.READING)


def _give_back(reading: Reading, trouble: str) -> None:
    over = reading.attempts >= MOST_ATTEMPTS
    _mine(reading).update(
        state=State.OUR_FAULT if over else State.WAITING,
        run=None,
        trouble=trouble[:2000],
        finished_at=timezone.now() if over else None,
    )


@transaction.atomic
def send(*, application: Application, resume: UploadedFile[Any]) -> None:
    """The candidate adds or replaces the file. What was read of the former one stays with what people answered about
    it; the file itself goes. Raises RefusedError after the end, and after too many."""
    locked = _locked(application)
    if locked.stage in ENDED:
        raise RefusedError(_("This application has ended: nobody would read it."))
    if Reading.objects.filter(application=application).values("file").distinct().count() >= MOST_FILES:
        raise RefusedError(_("You have sent this many files already. Please correct the text instead."))
    hiring.replace_resume(application=application, resume=resume)
    read_soon(application)


@transaction.atomic
def correct(*, reading: Reading, sections: Sequence[Section], against: uuid.UUID) -> Correction | None:
    """The candidate's own words hold from now on; None where they changed nothing.

    Raises RefusedError where the text is not any more the one `against` which they wrote (the id of a reading, or of a
    correction), after the end, and after too many. Seven statements.
    """
    application = _locked(reading.application)
    former = selectors.correction_of(reading)
    if against != (former or reading).pk:
        raise RefusedError(_("This text was changed meanwhile, perhaps by you in another window. Yours stands below."))
    if application.stage in ENDED:
        raise RefusedError(_("This application has ended: nobody would read it."))
    if former is not None and [tuple(each) for each in former.sections] == list(sections):
        return None
    if Correction.objects.filter(reading__application=application).count() >= MOST_CORRECTIONS:
        raise RefusedError(_("You have corrected this so often. Please write to the team."))
    made = Correction.objects.create(reading=reading, sections=[list(each) for each in sections])
    audit.note(reading.application.job.team, "corrected what was read", reading.application, as_="candidate")
    return made


@transaction.atomic
def answer(
    *, actor: User, reading: Reading, about: uuid.UUID, signal: str, said: str, verdict: str, note: str
) -> Answer:
    """Somebody confirms or dismisses what a signal says.

    Raises RefusedError where the text is not any more the one that they saw (`about`, as in `correct`). Seven
    statements.
    """
    _locked(reading.application)
    correction = selectors.correction_of(reading)
    if about != (correction or reading).pk:
        raise RefusedError(_("The candidate has corrected the text meanwhile. Please look at it again."))
    made = Answer.objects.create(
        reading=reading, correction=correction, signal=signal, said=said, verdict=verdict, note=note, by=actor
    )
    team = reading.application.job.team
    audit.note(team, "answered about the résumé of", reading.application, actor=actor, signal=signal, verdict=verdict)
    return made


@transaction.atomic
def switch_blind(*, actor: User, application: Application, blind: bool) -> None:
    """Somebody hides or shows who the person is, for themselves; it is noted. Three statements."""
    verb = "hid the person in the résumé of" if blind else "saw the person in the résumé of"
    audit.note(application.job.team, verb, application, actor=actor)

"""Two people work together on a pad: both see the same facts, nobody is graded, and nothing is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from djudge.web.grading import actions as grading
from djudge.web.grading import library
from djudge.web.grading.models import Result, State, Submission, Trial
from djudge.web.hiring.models import Application, Stage
from djudge.web.interviews import actions as interviews
from djudge.web.pads import access, actions, selectors
from djudge.web.pads.models import Pad, PadRun
from djudge.web.workspace import actions as workspace
from djudge.web.workspace import editing
from djudge.web.workspace.access import token_of, work_of
from djudge.web.workspace.models import Sitting, Work
from tests.reports import sample_reports
from tests.web.browsing import BACKEND
from tests.web.cast import Cast, planned

SLOW = "shop/slow-product-list"
TICKETS = "shop/last-ten-tickets"
VIEWS = "catalogue/views.py"


def opened(cast: Cast, task: str = SLOW) -> Pad:
    """A pad in an interview of Ines's."""
    talk = planned(cast, cast.application, cast.ines)
    return actions.open_pad(actor=cast.ines, interview=talk, task=task)


def begun(cast: Cast, task: str = SLOW) -> Pad:
    """One whose candidate has read the notice."""
    pad = opened(cast, task)
    workspace.begin(pad.sitting)
    return pad


def written(pad: Pad, path: str, text: str) -> Work:
    """The candidate's work with a file saved."""
    work = work_of(Sitting.objects.get(pk=pad.sitting_id), 1)
    editing.save(work, path=path, text=text, version=work.version)
    return work


def theirs(pad: Pad, name: str = "work") -> str:
    """An address of the candidate."""
    return reverse(f"pads:{name}", args=[token_of(pad.sitting)])


def ours(pad: Pad, name: str = "pad") -> str:
    """An address of the interviewer."""
    return reverse(f"pads:{name}", args=[pad.interview_id])


@pytest.fixture
def ines(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.ines, backend=BACKEND)
    return client


def test_smoke(cast: Cast, client: Client, ines: Client) -> None:
    pad = begun(cast)
    written(pad, VIEWS, "x = 1\n")
    run = actions.ask(pad, "growth", "candidate")
    Submission.objects.filter(pk=run.submission_id).update(state="graded", finished_at=timezone.now())
    Result.objects.create(
        submission=run.submission, document=sample_reports.junior().to_json(), canonical_sha256="0", headline="x"
    )
    for one, at in ((client, theirs(pad)), (ines, ours(pad)), (client, theirs(pad, "work-live")), (ines, ours(pad, "live"))):
        answer = one.get(at)
        print(answer.status_code, len(answer.content))
        assert answer.status_code == 200
    print(ines.get(ours(pad)).content.decode()[3000:])

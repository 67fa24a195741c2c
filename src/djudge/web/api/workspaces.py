"""A candidate's workspaces for `djudge submit`: the same files, actions and limits as in the browser.

The link is all that a candidate has, here as there: no token of a team opens these, and these open nothing else. They
are not in the schema, which is for teams; docs/reference/workspaces.md has them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import IO, Any, Final

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from djudge.web.api.endpoints import Guarded
from djudge.web.api.problems import ChangedError, NotNowError, TooLargeError
from djudge.web.grading import library, reports
from djudge.web.grading.models import Submission
from djudge.web.grading.selectors import place_in_queue
from djudge.web.workspace import access, actions, editing, selectors
from djudge.web.workspace.editor_views import UPLOAD_BYTES
from djudge.web.workspace.models import Sitting, Work

_TAG: Final = re.compile(r'"(\d{1,9})"')


class Archive(BaseParser):
    """A zip as the body. Nothing of it is unpacked here."""

    media_type = "application/zip"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Its bytes, under a name. TooLargeError for more than the browser's upload takes."""
        content = stream.read(UPLOAD_BYTES + 1)
        if len(content) > UPLOAD_BYTES:
            raise TooLargeError(_("This file is too large. Please pack the changed files alone."))
        return {"archive": content}


class ByLink(Guarded):
    """Opened by a candidate's link alone: who is signed in besides makes no difference. Counted as guests are."""

    schema = None
    authentication_classes = ()
    permission_classes = (AllowAny,)


class Tasks(ByLink):
    """The tasks of a link."""

    def get(self, request: Request, token: str) -> Response:
        """Each with its place and state. Three statements for any number."""
        sitting = access.sitting_by(token)
        return Response({"tasks": [_state_of(work, sitting) for work in selectors.works_of(sitting)]})


class Workspace(ByLink):
    """One task."""

    def get(self, request: Request, token: str, position: int) -> Response:
        """How it stands: the version that was saved last as its ETag, and what came of the grading."""
        return _told(_work(token, position))


class Files(ByLink):
    """What was saved."""

    parser_classes = (Archive,)

    def put(self, request: Request, token: str, position: int) -> Response:
        """Keep what an archive changed, the whole project or the changed files, in place of what was saved.

        `If-Match` says from which version it was made; `*` replaces whatever is there. 412 where another was saved
        since.
        """
        work = _work(token, position)
        try:
            editing.take_upload(work, _archive(request), version=_seen(request))
        except editing.ConflictError as error:
            raise ChangedError(str(error)) from error
        except editing.OverError as error:
            raise NotNowError(str(error)) from error
        except editing.NotAllowedError as error:
            raise ValidationError(str(error)) from error
        return _told(_work(token, position), changed=sorted(work.files))


class HandIn(ByLink):
    """The end of the work on a task."""

    parser_classes = ()

    def post(self, request: Request, token: str, position: int) -> Response:
        """Hand in what was saved last; twice is once. `If-Match` as for the files."""
        work = _work(token, position)
        try:
            actions.hand_in(work, version=_seen(request))
        except editing.ConflictError as error:
            raise ChangedError(str(error)) from error
        except editing.OverError as error:
            raise NotNowError(str(error)) from error
        return _told(_work(token, position))


def _work(token: str, position: int) -> Work:
    return access.work_of(access.sitting_by(token), position)


def _archive(request: Request) -> bytes:
    """What was sent; nothing at all is no archive, and refused as such."""
    found = request.data.get("archive", b"") if isinstance(request.data, Mapping) else b""
    return found if isinstance(found, bytes) else b""


def _seen(request: Request) -> int | None:
    """The version that somebody started from; None for `*`. ValidationError where they do not say."""
    said = request.headers.get("If-Match", "").strip()
    if said == "*":
        return None
    found = _TAG.fullmatch(said)
    if found is None:
        raise ValidationError(_("Say by If-Match from which version this was made, or “*”."))
    return int(found[1])


def _told(work: Work, **more: Any) -> Response:
    facts = {**_state_of(work, work.sitting), **_result_of(work.submission), **more}
    return Response(facts, headers={"ETag": f'"{work.version}"'})


def _state_of(work: Work, sitting: Sitting) -> dict[str, Any]:
    work.sitting = sitting
    closed = _closed(work)
    return {
        "position": work.position,
        "task": work.task,
        "title": work.card.title,
        "state": work.submission.state if work.submission else "closed" if closed else "open",
        "says": "" if work.submission else closed,
        "version": work.version,
        "saved_at": work.saved_at,
        "ends_at": sitting.ends_at,
    }


def _closed(work: Work) -> str:
    """Why nothing is taken any more, or not yet; empty where it is."""
    try:
        editing.require_open(work)
    except editing.OverError as error:
        return str(error)
    return ""


def _result_of(submission: Submission | None) -> dict[str, Any]:
    if submission is None:
        return {}
    found: dict[str, Any] = {"phase": submission.phase}
    if submission.state == "queued":
        found["place"] = place_in_queue(submission)
    result = getattr(submission, "result", None)
    if result is not None:
        report = json.loads(reports.for_candidate(result))
        found["headline"] = report["headline"]["text"]
        found["bullets"] = [
            {"bullet": each["bullet"], "name": library.NAMES.get(each["bullet"], ""), "outcome": each["outcome"]}
            for each in report["bullets"]
        ]
    return found

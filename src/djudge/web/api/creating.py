"""Creations that may be sent twice: with an `Idempotency-Key` the second one gets the first one's answer."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from djudge.web.api.models import Creation
from djudge.web.api.problems import KeyReusedError, QueryError
from djudge.web.organizations.models import Membership

#: So long an answer is kept.
KEPT: Final = timedelta(days=1)

HEADER: Final = "Idempotency-Key"

_KEY: Final = re.compile(r"[!-~]{0,200}")


@dataclass(frozen=True, slots=True)
class Created:
    """What a creation answers with. `status` is 200 where it was there already; `candidate` is whom it tells of."""

    body: Mapping[str, Any]
    location: str = ""
    status: int = 201
    candidate: uuid.UUID | None = None


def create(request: Request, membership: Membership, make: Callable[[], Created]) -> Response:
    """Make something in one transaction, once for each key of a person in a team. Five statements more with a key.

    Of two at the same moment the second one waits for the first, at the unique key, and is then told what it said. What
    failed is forgotten with its transaction, and may be sent again under the same key. KeyReusedError for another
    request under the same key.
    """
    key = _key(request)
    with transaction.atomic():
        if not key:
            return _answer(make())
        mine = {"team": membership.team, "user": membership.user, "key": key}
        Creation.objects.filter(**mine, created_at__lt=timezone.now() - KEPT).delete()
        kept, is_new = Creation.objects.get_or_create(**mine, defaults={"digest": _digest(request)})
        if not is_new:
            return _repeated(kept, request)
        made = make()
        kept.status, kept.location, kept.candidate_id = made.status, made.location, made.candidate
        kept.body = json.dumps(made.body, cls=JSONEncoder)
        kept.save(update_fields=["status", "location", "candidate", "body"])
        return _answer(made)


def forget_old() -> int:
    """Forget what is older than a day; how much it was. One statement."""
    return Creation.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]


def _repeated(kept: Creation, request: Request) -> Response:
    if kept.digest != _digest(request):
        raise KeyReusedError(_("Another request came with this key before."))
    response = _answer(Created(json.loads(kept.body), kept.location, kept.status))
    response["Idempotent-Replayed"] = "true"
    return response


def _answer(made: Created) -> Response:
    return Response(made.body, status=made.status, headers={"Location": made.location} if made.location else None)


def _key(request: Request) -> str:
    key: str = request.headers.get(HEADER, "")
    if not _KEY.fullmatch(key):
        raise QueryError(_("A key has at most 200 visible ASCII characters."), HEADER)
    return key


def _digest(request: Request) -> str:
    said = json.dumps([request.method, request.path, request.data], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()

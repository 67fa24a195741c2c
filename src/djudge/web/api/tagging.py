"""ETags: whoever changes something may say which state they have seen, and is told where it is another by now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from djudge.web.api.problems import ChangedError


def tag_of(body: Mapping[str, Any]) -> str:
    """A digest of what is shown, so that there is no version to keep."""
    shown = json.dumps(body, cls=JSONEncoder, sort_keys=True)
    return f'"{hashlib.sha256(shown.encode()).hexdigest()[:32]}"'


def tagged(request: Request, body: Mapping[str, Any]) -> Response:
    """An answer with its ETag; 304 for whoever has it."""
    tag = tag_of(body)
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        return Response(status=304, headers={"ETag": tag})
    return Response(body, headers={"ETag": tag})


def require_match(request: Request, body: Mapping[str, Any]) -> None:
    """ChangedError where `If-Match` names another state than this one; the row has to be locked."""
    wanted = request.headers.get("If-Match")
    if wanted is not None and wanted.strip() != "*" and tag_of(body) not in parse_etags(wanted):
        raise ChangedError(_("It is no longer as you have seen it."))

"""Errors in one shape, RFC 9457's problem details: what happened, whose fault it is, and what to do."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.signals import got_request_exception
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from rest_framework import exceptions
from rest_framework.response import Response

from djudge.web.api.scopes import Scope
from djudge.web.grading.actions import RefusedError
from djudge.web.hiring.actions import NoReasonError, NotYetError

if TYPE_CHECKING:  # comes with the type checker alone
    from django_stubs_ext import StrOrPromise

log = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its status, what it is called, whose fault it is, and what to do."""

    status: int
    title: StrOrPromise
    cure: StrOrPromise
    fault: str = "caller"


#: By the word at the end of its `type`, under which the API's page explains it.
KINDS: Final[Mapping[str, Kind]] = {
    "malformed": Kind(400, _l("The request can't be read"), _l("Send JSON as the schema describes it.")),
    "query": Kind(400, _l("The address asks for something unknown"), _l("Correct the parameters that are named.")),
    "unauthenticated": Kind(
        401, _l("Nobody is signed in"), _l("Send a token that works as “Authorization: Bearer …”.")
    ),
    "forbidden": Kind(
        403, _l("Your role does not allow this"), _l("Ask whoever owns the team for another role, or to do it.")
    ),
    "scope": Kind(403, _l("The token was not made for this"), _l("Make a token with the scope that is named.")),
    "second-factor": Kind(
        403, _l("Two-factor sign-in is missing"), _l("Set it up on your account's page; the token works from then on.")
    ),
    "csrf": Kind(
        403, _l("The CSRF token is missing"), _l("Send the cookie csrftoken as X-CSRFToken, or come with a token.")
    ),
    "no-team": Kind(403, _l("You belong to no team"), _l("Make a team on its page, or be asked into one.")),
    "not-found": Kind(404, _l("There is nothing here"), _l("Check the address; what others own is nothing to you.")),
    "method": Kind(405, _l("This can't be done here"), _l("Use one of the methods that the header Allow names.")),
    "not-acceptable": Kind(406, _l("Answers are JSON"), _l("Accept application/json.")),
    "not-now": Kind(409, _l("Something else has to happen before"), _l("Do what the detail says; then ask again.")),
    "changed": Kind(
        412, _l("Somebody changed it meanwhile"), _l("Fetch it anew, look at it, and send its new ETag as If-Match.")
    ),
    "too-large": Kind(413, _l("The request is too large"), _l("Send less at once.")),
    "media-type": Kind(415, _l("Only JSON is read"), _l("Send Content-Type: application/json.")),
    "invalid": Kind(422, _l("The request has mistakes"), _l("Correct the fields that are named, and send it again.")),
    "key-reused": Kind(
        422, _l("This Idempotency-Key was used for something else"), _l("Use a new key for each thing to be created.")
    ),
    "too-often": Kind(429, _l("Too many requests"), _l("Wait as many seconds as Retry-After says.")),
    "ours": Kind(
        500, _l("Something broke on our side"),
        _l("Nothing was changed. Try again later; if it stays, tell whoever runs this installation."), "djudge",
    ),
}  # fmt: skip


class ProblemError(exceptions.APIException):
    """A problem of a kind, said in a sentence."""

    kind = "ours"

    def __init__(self, detail: str = "", field: str = "") -> None:
        self.status_code = KINDS[self.kind].status
        self.field = field
        super().__init__(detail)


class QueryError(ProblemError):
    """A parameter of the address that is unknown or makes no sense; `field` names it."""

    kind = "query"


class NoTeamError(ProblemError):
    """Somebody signed in who has no team."""

    kind = "no-team"


class SecondFactorError(ProblemError):
    """The team asks for two-factor sign-in that the owner of the token or session lacks."""

    kind = "second-factor"


class ScopeError(ProblemError):
    """The token was not made for this."""

    kind = "scope"

    def __init__(self, needed: Scope) -> None:
        super().__init__(_("This needs the scope “%(scope)s”.") % {"scope": needed.value})
        self.auth_header = f'Bearer realm="Djudge", error="insufficient_scope", scope="{needed.value}"'


class CSRFError(ProblemError):
    """Somebody signed in, or a page that is none of ours, sent something without the CSRF token."""

    kind = "csrf"


class NotNowError(ProblemError):
    """What is asked for does not fit how things stand."""

    kind = "not-now"


class ChangedError(ProblemError):
    """The caller has seen another state than the present one."""

    kind = "changed"


class TooLargeError(ProblemError):
    """More than we read."""

    kind = "too-large"


class KeyReusedError(ProblemError):
    """The same key came with another request."""

    kind = "key-reused"


def answer(error: Exception, context: Mapping[str, Any]) -> Response:
    """DRF's handler of exceptions: every one becomes a problem.

    One that nobody foresaw is logged and announced as Django does it, and says nothing of itself.
    """
    kind = _kind(error)
    if kind == "ours":
        log.error("The API failed", exc_info=error)
        got_request_exception.send(sender=answer, request=context["request"]._request)
        return problem(kind, _("The request could not be answered."))
    errors = _errors(error)
    told = _told(errors) if errors else str(getattr(error, "detail", "") or error) or str(KINDS[kind].title)
    response = problem(kind, told, errors)
    for name, value in _headers(error):
        response[name] = value
    return response


def problem(kind: str, detail: str, errors: list[dict[str, str]] | None = None) -> Response:
    """A problem as an answer. `type` leads to the API's page, where people read about it."""
    known = KINDS[kind]
    body: dict[str, Any] = {
        "type": f"{settings.SITE_ADDRESS}{reverse('api:about')}#{kind}",
        "title": str(known.title),
        "status": known.status,
        "detail": sendable(detail),
        "fault": known.fault,
        "cure": str(known.cure),
    }
    if errors:
        body["errors"] = [{name: sendable(text) for name, text in each.items()} for each in errors]
    return Response(body, status=known.status, content_type=MEDIA_TYPE)


def sendable(text: str) -> str:
    """Half of a surrogate pair can be named in JSON and not be written in UTF-8."""
    return text.encode("utf-8", "replace").decode()


#: By class, the first that fits. Where the class of DRF says too little the problem is told by its own.
_BY_CLASS: Final[tuple[tuple[type[Exception], str], ...]] = (
    (Http404, "not-found"),
    (PermissionDenied, "forbidden"),
    (RequestDataTooBig, "too-large"),
    (NotYetError, "not-now"),
    (NoReasonError, "invalid"),
    (RefusedError, "invalid"),
    (exceptions.ValidationError, "invalid"),
    (exceptions.ParseError, "malformed"),
    (exceptions.NotAuthenticated, "unauthenticated"),
    (exceptions.AuthenticationFailed, "unauthenticated"),
    (exceptions.PermissionDenied, "forbidden"),
    (exceptions.NotFound, "not-found"),
    (exceptions.MethodNotAllowed, "method"),
    (exceptions.NotAcceptable, "not-acceptable"),
    (exceptions.UnsupportedMediaType, "media-type"),
    (exceptions.Throttled, "too-often"),
)


def _kind(error: Exception) -> str:
    if isinstance(error, ProblemError):
        return error.kind
    return next((kind for each, kind in _BY_CLASS if isinstance(error, each)), "ours")


def _headers(error: Exception) -> Iterator[tuple[str, str]]:
    if header := getattr(error, "auth_header", None):
        yield "WWW-Authenticate", header
    wait = getattr(error, "wait", None)
    if wait is not None:
        yield "Retry-After", str(max(1, int(wait)))


def _errors(error: Exception) -> list[dict[str, str]]:
    """Each mistake with the field that it is about; the path of a nested one is written with dots."""
    if field := getattr(error, "field", ""):
        return [{"field": field, "says": str(error)}]
    if isinstance(error, exceptions.ValidationError):
        return [{"field": name, "says": says} for name, says in _flat(error.detail, "")]
    return []


def _flat(detail: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(detail, Mapping):
        for name, each in detail.items():
            below = path if name == "non_field_errors" else f"{path}.{name}" if path else str(name)
            yield from _flat(each, below)
    elif isinstance(detail, list | tuple):
        for number, each in enumerate(detail):
            yield from _flat(each, path if isinstance(each, str) else f"{path}.{number}" if path else str(number))
    else:
        yield path, str(detail)


def _told(errors: list[dict[str, str]]) -> str:
    return " ".join(f"{each['field']}: {each['says']}" if each["field"] else each["says"] for each in errors)

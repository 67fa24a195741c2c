"""Greenhouse's assessment contract: what it asks of us, and the PATCH by which it is told that something is done."""

from __future__ import annotations

from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from djudge.web.api.endpoints import Endpoint
from djudge.web.api.fields import Address, Line, Text
from djudge.web.api.scopes import Scope
from djudge.web.ats import access, actions, sealing
from djudge.web.ats.authentication import BasicTokens, secret_of
from djudge.web.ats.models import Order, System
from djudge.web.ats.outcomes import COMPLETE, outcome_of, page_of
from djudge.web.webhooks import networks, sending
from djudge.web.webhooks.sending import Answer

SYSTEM: Final = System.GREENHOUSE


class Person(serializers.Serializer[Any]):
    """Whom it is sent to. What else comes is not read: their contract may grow."""

    first_name = Line(max_length=59)
    last_name = Line(max_length=60, allow_blank=True)
    email = Address(max_length=254)


class SendTest(serializers.Serializer[Any]):
    """Which test, to whom, and where they want to be told."""

    partner_test_id = Text(max_length=100)
    candidate = Person()
    url = Text(max_length=500)

    def validate_url(self, url: str) -> str:
        """An address that we would call, by https alone. ValidationError says why not."""
        try:
            networks.checked(url)
        except networks.RefusedAddressError as refused:
            raise ValidationError(str(refused)) from refused
        if urlsplit(url).scheme != "https":
            raise ValidationError(_("The address has to begin with https://: your key is sent there."))
        return url


class ResponseError(serializers.Serializer[Any]):
    """What they did not like. Ids come as strings and as numbers."""

    api_call = Line(max_length=100)
    # The metaclass takes fields off the class: the property of this name stays what it is.
    errors = serializers.ListField(  # type: ignore[assignment]
        child=Text(allow_blank=True, max_length=1000), max_length=50
    )
    partner_interview_id = serializers.JSONField(required=False, allow_null=True)


class Greenhouse(Endpoint):
    """The four addresses that an assessment partner has."""

    authentication_classes = (BasicTokens,)
    schema = None
    scopes: ClassVar = dict.fromkeys(
        ("list_tests", "send_test", "test_status", "response_error"), Scope.SEND_ASSESSMENTS
    )
    queryset = Order.objects.none()

    def list_tests(self, request: Request) -> Response:
        """Each open job with an assessment. One statement."""
        return Response(
            [
                {"partner_test_id": str(job.pk), "partner_test_name": title_of(job)}
                for job in access.tests_for(self.membership)
            ]
        )

    def send_test(self, request: Request) -> Response:
        """Send it, once, whoever asks how often."""
        said = self.read(SendTest)
        job, person = access.test_for(self.membership, said["partner_test_id"]), said["candidate"]
        order = actions.send(
            actor=self.membership.user, job=job, system=SYSTEM, email=person["email"], callback=said["url"],
            name=f"{person['first_name']} {person['last_name']}".strip(), key=secret_of(request),
        )  # fmt: skip
        return Response({"partner_interview_id": str(order.pk)})

    def test_status(self, request: Request) -> Response:
        """Where it is, and when it is complete what was shown. Never a score. About six statements."""
        order = access.order_for(self.membership, request.query_params.get("partner_interview_id", ""), SYSTEM)
        found = outcome_of(order)
        if found.status != COMPLETE or found.handed_in_at is None:
            return Response({"partner_status": found.status})
        told = {
            "Shown": found.shown,
            "Not tested": found.not_tested,
            "Handed in": timezone.localtime(found.handed_in_at).isoformat(timespec="minutes"),
        }
        return Response({"partner_status": COMPLETE, "partner_profile_url": page_of(order), "metadata": told})

    def response_error(self, request: Request) -> Response:
        """Kept for the owners. Two statements."""
        said = self.read(ResponseError)
        actions.complain(
            membership=self.membership, system=SYSTEM, about=said["api_call"], texts=said["errors"],
            order=self._order(str(said.get("partner_interview_id") or "")),
        )  # fmt: skip
        return Response({})

    def _order(self, name: str) -> Order | None:
        try:
            return access.order_for(self.membership, name, SYSTEM)
        except Http404:
            return None


def title_of(job: Any) -> str:
    """How a test is called in lists of theirs. No statement where the assessment is there."""
    return _("%(job)s: %(assessment)s, %(minutes)s minutes") % {
        "job": job.title, "assessment": job.assessment.title, "minutes": job.assessment.minutes,
    }  # fmt: skip


def tell(order: Order) -> Answer:
    """Tell them to ask for the status, with their own key, as their contract wants it. Raises UnreadableKeyError."""
    headers = {"user-agent": "Djudge/1", **sealing.basic(order.key)}
    return sending.send("PATCH", order.callback, b"{}", headers)

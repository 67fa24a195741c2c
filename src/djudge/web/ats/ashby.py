"""Ashby's assessment contract: what it asks of us, and `assessment.update`, by which it is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from djudge.web.api import problems
from djudge.web.api.endpoints import Endpoint
from djudge.web.api.fields import Text
from djudge.web.api.scopes import Scope
from djudge.web.ats import access, actions, sealing
from djudge.web.ats.authentication import BasicTokens
from djudge.web.ats.greenhouse import Person, title_of
from djudge.web.ats.models import Order, System
from djudge.web.ats.outcomes import COMPLETE, Outcome, page_of
from djudge.web.webhooks import sending
from djudge.web.webhooks.sending import Answer

SYSTEM: Final = System.ASHBY


class Start(serializers.Serializer[Any]):
    """Which assessment, and to whom."""

    assessment_type_id = Text(max_length=100)
    candidate = Person()


class Cancel(serializers.Serializer[Any]):
    """Which one."""

    assessment_id = Text(max_length=100)


class Ashby(Endpoint):
    """The three calls that an assessment partner takes; every answer is in an envelope."""

    authentication_classes = (BasicTokens,)
    schema = None
    scopes: ClassVar = dict.fromkeys(("types", "start", "cancel"), Scope.SEND_ASSESSMENTS)
    queryset = Order.objects.none()

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Response | None]:
        """Problems in their envelope, with the status that they have elsewhere."""
        return _failed

    def types(self, request: Request) -> Response:
        """`assessment.list`: each open job with an assessment. One statement."""
        return _well(
            [
                {"assessment_type_id": str(job.pk), "name": title_of(job), "description": _DESCRIPTION}
                for job in access.tests_for(self.membership)
            ]
        )

    def start(self, request: Request) -> Response:
        """`assessment.start`: send it, once, whoever asks how often."""
        said = self.read(Start)
        job, person = access.test_for(self.membership, said["assessment_type_id"]), said["candidate"]
        order = actions.send(
            actor=self.membership.user, job=job, system=SYSTEM, email=person["email"],
            name=f"{person['first_name']} {person['last_name']}".strip(),
        )  # fmt: skip
        return _well({"assessment_id": str(order.pk)})

    def cancel(self, request: Request) -> Response:
        """`assessment.cancel`: nothing more is told; people of the team read that in a note."""
        order = access.order_for(self.membership, self.read(Cancel)["assessment_id"], SYSTEM)
        actions.cancel(actor=self.membership.user, order=order)
        return _well({"assessment_id": str(order.pk)})


_DESCRIPTION: Final = "Work in a real project, measured by running it."


def _well(results: Any) -> Response:
    return Response({"success": True, "results": results})


def _failed(error: Exception, context: dict[str, Any]) -> Response | None:
    response = problems.answer(error, context)
    if response is not None:
        response.data = {"success": False, "errors": [response.data["detail"]]}
        response.content_type = "application/json"
    return response


def tell(order: Order, outcome: Outcome) -> Answer:
    """Tell them where it is, by the team's own key. Raises UnreadableKeyError."""
    kept = order.application.job.team.ashby_key.key
    headers = {"user-agent": "Djudge/1", "accept": "application/json; version=1", **sealing.basic(kept)}
    answer = sending.post(settings.ASHBY_ADDRESS, json.dumps(update_of(order, outcome)).encode(), headers)
    if answer.is_yes and _says_no(answer.text):
        return replace(answer, trouble=_("Ashby did not take it: %(why)s") % {"why": answer.text[:200]})
    return answer


def _says_no(text: str) -> bool:
    """Whether an envelope says that nothing was done, whatever the status."""
    try:
        said = json.loads(text)
    except ValueError:
        return False
    return isinstance(said, Mapping) and said.get("success") is False


def update_of(order: Order, outcome: Outcome) -> dict[str, Any]:
    """The body of `assessment.update`. That there is a result says to them that it is complete; it is a text."""
    body: dict[str, Any] = {
        "assessment_id": str(order.pk),
        "timestamp": int(timezone.now().timestamp() * 1000),
        "assessment_profile_url": _field("page", "Page", "url", page_of(order)),
    }
    if outcome.status != COMPLETE:
        return body | {"assessment_status": _field("status", "Status", "string", "Started")}
    return body | {
        "assessment_status": _field("status", "Status", "string", "Complete"),
        "assessment_result": _field("shown", "Shown", "string", outcome.shown),
        "metadata": [_field("not_tested", "Not tested", "string", outcome.not_tested or "–")],
    }


def _field(identifier: str, label: str, kind: str, value: str) -> dict[str, str]:
    return {"identifier": identifier, "label": label, "type": kind, "value": value}

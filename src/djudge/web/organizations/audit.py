"""The audit log: who did what, when. Written with the change itself, never altered, each entry sealed onto the one
before."""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any, Final

from django.db import models, transaction
from django.db.models import QuerySet

from djudge.web.accounts.models import User
from djudge.web.common.paging import Order
from djudge.web.organizations.models import AuditEvent, Team

#: Numbers have no gap, and are unique in a team.
LATEST: Final = Order(("number",), descending=True)


def note(
    team: Team, verb: str, subject: models.Model, *, actor: User | None = None, as_: str = "", **details: Any
) -> AuditEvent:
    """Write an entry into the caller's transaction, which has to be open: no change without it, and no entry alone.

    `as_` names who acted where it was no user ("candidate", "system"). Three statements. Entries of one team queue up
    behind each other until the transaction ends, so that numbers have no gap.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit entry belongs into the transaction of the change that it tells of.")
    Team.objects.select_for_update(no_key=True).only("pk").get(pk=team.pk)
    last = AuditEvent.objects.filter(team=team).order_by("-number").only("number", "seal").first()
    event = AuditEvent(
        team=team,
        number=last.number + 1 if last else 1,
        actor=actor,
        actor_name=(actor.name or actor.email) if actor else as_,
        verb=verb,
        subject=str(subject)[:300],
        subject_id=subject.pk if isinstance(subject.pk, uuid.UUID) else None,
        details=details,
    )
    event.seal = sealed(event, last.seal if last else "")
    event.save(force_insert=True)
    return event


def sealed(event: AuditEvent, before: str) -> str:
    """The seal of an entry after another."""
    facts = [
        before, str(event.pk), str(event.team_id), event.number, event.actor_name, event.verb, event.subject,
        str(event.subject_id), event.details, event.created_at.isoformat(),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()


def events_of(team: Team) -> QuerySet[AuditEvent]:
    """The team's entries, the newest first. One statement for a page of them."""
    return AuditEvent.objects.filter(team=team)


def first_broken(team: Team) -> AuditEvent | None:
    """The first entry whose seal does not hold, or before which one is missing; None for a sound log.

    Reads the whole log in portions, one statement.
    """
    before, number = "", 0
    for event in AuditEvent.objects.filter(team=team).order_by("number").iterator(chunk_size=500):
        if event.number != number + 1 or event.seal != sealed(event, before):
            return event
        before, number = event.seal, event.number
    return None

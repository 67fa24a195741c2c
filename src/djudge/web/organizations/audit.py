"""The audit log: who did what, when. Written with the change itself, never altered, each entry sealed onto the one
before."""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from collections.abc import Iterable
from typing import Any, Final

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone

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
        salt=secrets.token_hex(16),
    )
    event.content = content_of(event)
    event.seal = sealed(event, last.seal if last else "")
    event.save(force_insert=True)
    return event


def content_of(event: AuditEvent) -> str:
    """The digest of what an entry says of somebody; without its salt nobody finds out what it was."""
    facts = [event.salt, event.subject, event.details]
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()


def erase(team: Team, subjects: Iterable[uuid.UUID]) -> int:
    """Take subject and details out of all entries about these, for good; how many there were. One statement.

    Who, what and when stay, and so do the seals.
    """
    about = AuditEvent.objects.filter(team=team, subject_id__in=list(subjects), erased_at=None)
    return about.update(subject="", details={}, salt="", erased_at=timezone.now())


def sealed(event: AuditEvent, before: str) -> str:
    """The seal of an entry after another."""
    facts = [
        before, str(event.pk), str(event.team_id), event.number, event.actor_name, event.verb, event.content,
        str(event.subject_id), event.created_at.isoformat(),
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
        said = event.erased_at is not None or event.content == content_of(event)
        if event.number != number + 1 or event.seal != sealed(event, before) or not said:
            return event
        before, number = event.seal, event.number
    return None

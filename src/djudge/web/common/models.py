"""What all our tables have in common."""

from __future__ import annotations

import uuid

import uuid_utils.compat
from django.db import models
from django.utils import timezone


def new_id() -> uuid.UUID:
    """A UUIDv7: it tells nobody how many there are, and new rows lie beside each other in the index (RFC 9562)."""
    return uuid_utils.compat.uuid7()


class Record(models.Model):
    """A row with an id that may stand in an address, and the moment when it was made."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True

"""What an entry says of somebody goes into its seal as a digest with a salt, so that it can be erased.

All seals are made anew, in both directions. Going back, erased entries stay erased.
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from typing import Any

from django.db import migrations, models


def _digest(*facts: Any) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()


def _chain(apps: Any, facts_of: Callable[[Any], list[Any]]) -> None:
    """Seal every team's entries again, one after the other."""
    Event = apps.get_model("organizations", "AuditEvent")
    team, before = None, ""
    for event in Event.objects.order_by("team_id", "number").iterator(chunk_size=500):
        before = before if event.team_id == team else ""
        team = event.team_id
        event.seal = before = _digest(before, str(event.pk), str(event.team_id), event.number, *facts_of(event))
        event.save(update_fields=["seal", "salt", "content"])


def _by_content(event: Any) -> list[Any]:
    event.salt = event.salt or secrets.token_hex(16)
    event.content = event.content or _digest(event.salt, event.subject, event.details)
    return [event.actor_name, event.verb, event.content, str(event.subject_id), event.created_at.isoformat()]


def _by_words(event: Any) -> list[Any]:
    return [
        event.actor_name, event.verb, event.subject, str(event.subject_id), event.details,
        event.created_at.isoformat(),
    ]  # fmt: skip


def seal_contents(apps: Any, schema_editor: Any) -> None:
    _chain(apps, _by_content)


def seal_words(apps: Any, schema_editor: Any) -> None:
    _chain(apps, _by_words)


class Migration(migrations.Migration):
    dependencies = [("organizations", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="auditevent",
            name="salt",
            field=models.CharField(blank=True, editable=False, max_length=32, default="", verbose_name="salt"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="auditevent",
            name="content",
            field=models.CharField(
                editable=False, max_length=64, default="", verbose_name="digest of subject and details"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="auditevent",
            name="erased_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="erased"),
        ),
        migrations.RunPython(seal_contents, seal_words),
    ]

"""Changes of stage from before they had a table, as far as the audit log and the applications know them.

Until when an answer was promised at the time is known nowhere, and stays empty. Done twice it is done once: applications
that have rows are left alone. Nothing is taken back, because going back further takes the table away.
"""

from typing import Any

from django.db import migrations

_PORTION = 1000


def fill(apps: Any, schema_editor: Any) -> None:
    """The log once in order, and a row for each change; two statements and one more for each thousand rows."""
    StageChange = apps.get_model("hiring", "StageChange")
    Application = apps.get_model("hiring", "Application")
    without = {one.pk: one for one in Application.objects.filter(stage_changes=None).only("pk", "stage", "stage_since", "created_at")}
    latest = dict.fromkeys(without, "")
    rows = []
    for event in _events(apps):
        application = without.get(event.subject_id)
        after = _after(event)
        if application is None or after is None:
            continue
        before = event.details.get("before", "")
        if not latest[application.pk] and before:
            rows.append(StageChange(application=application, before="", after=before, at=application.created_at))
        at = event.created_at if before else application.created_at
        rows.append(StageChange(application=application, before=before, after=after, at=at, by_id=event.actor_id))
        latest[application.pk] = after
    for key, stage in latest.items():
        if stage != without[key].stage:
            rows.append(StageChange(application=without[key], before=stage, after=without[key].stage, at=without[key].stage_since))
    StageChange.objects.bulk_create(rows, batch_size=_PORTION)


def _events(apps: Any) -> Any:
    AuditEvent = apps.get_model("organizations", "AuditEvent")
    told = AuditEvent.objects.filter(verb__in=("applied", "moved"), subject_id__isnull=False)
    return told.order_by("team_id", "number").iterator(chunk_size=_PORTION)


def _after(event: Any) -> str | None:
    """The stage that somebody was in afterwards; None where the entry does not say."""
    return "applied" if event.verb == "applied" else event.details.get("after")


class Migration(migrations.Migration):
    dependencies = [
        ("hiring", "0005_stagechange"),
        ("organizations", "0001_initial"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

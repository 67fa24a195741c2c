"""Texts of candidates and colleagues are shown as texts: on every page, in every field."""

from __future__ import annotations

import re

from django.test import Client
from django.urls import reverse

from djudge.web.hiring import actions as hiring
from djudge.web.hiring.access import token_of
from djudge.web.hiring.models import Application
from djudge.web.organizations.models import Team
from djudge.web.workspace import access, editing
from djudge.web.workspace import actions as workspace
from tests.web.cast import Cast

PROBE = "<script>alert('x')</script><img src=x onerror=alert(1)>\"'{{ 7|add:7 }}{% now 'Y' %}"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def test_no_text_of_anybodys_becomes_part_of_a_page(cast: Cast, client: Client) -> None:
    Team.objects.filter(pk=cast.team.pk).update(name=PROBE)
    cast.olga.name = PROBE
    cast.olga.save()
    hiring.change_job(actor=cast.olga, job=cast.job, fields={"title": PROBE, "description": PROBE})
    application = hiring.apply(job=cast.job, name=PROBE, email="probe@example.org", lane="django-ready")
    Application.objects.filter(pk=application.pk).update(resume="x.pdf", resume_name=PROBE)
    hiring.add_note(actor=cast.olga, application=application, text=PROBE, rating=1)
    hiring.decide(actor=cast.olga, application=application, outcome="advance", reason=PROBE, message=PROBE)
    sitting = workspace.begin(workspace.invite(actor=cast.olga, application=application))
    work = access.work_of(sitting, 1)
    editing.save(work, path="toolbelt/retrying.py", text=PROBE, version=0)
    client.force_login(cast.olga, backend=BACKEND)
    token, sitting_token = token_of(application), access.token_of(sitting)
    pages = [
        "/jobs/", reverse("hiring:job", args=[cast.job.pk]), reverse("hiring:job", args=[cast.job.pk]) + "?as=table",
        f"/jobs/{cast.job.pk}/?q={PROBE}", reverse("hiring:change-job", args=[cast.job.pk]),
        reverse("hiring:members", args=[cast.job.pk]), reverse("workspace:application", args=[application.pk]),
        reverse("workspace:invite", args=[application.pk]), "/team/", "/team/outbox/", "/team/audit/", "/team/choose/",
        reverse("workspace:apply", args=[cast.job.pk]), reverse("workspace:status", args=[token]),
        reverse("workspace:sitting", args=[sitting_token]), reverse("workspace:work", args=[sitting_token, 1]),
    ]  # fmt: skip
    shown = 0
    for page in pages:
        answer = client.get(page)
        text = answer.content.decode()
        assert answer.status_code == 200, page
        assert "<script>alert" not in text, page
        assert "<img src=x" not in text, page
        assert "onerror=alert(1)>" not in text.replace("&gt;", ""), page
        shown += "&lt;script&gt;alert" in text
    assert shown >= len(pages) - 1


def test_every_page_forbids_scripts_that_are_not_ours(cast: Cast, client: Client) -> None:
    client.force_login(cast.olga, backend=BACKEND)
    for page in ("/", "/jobs/", "/guide/", "/accounts/login/", "/nothing/"):
        policy = client.get(page, follow=True)["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        scripts = re.search(r"script-src ([^;]*)", policy)
        assert scripts is not None
        assert scripts[1].split()[0] == "'self'"

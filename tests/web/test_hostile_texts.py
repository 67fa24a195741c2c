"""Texts of candidates and colleagues are shown as texts: each text field of each table, on every page that shows it.

The browser is told to leave our policy out of it, so that nothing but the escaping stands between a probe and a script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from djudge.web.organizations.actions import token_of as invitation_token
from tests.reports import sample_reports
from tests.web.browsing import BACKEND, bring_session
from tests.web.cast import Cast
from tests.web.everything import FILE, OUTCOME, Everything
from tests.web.everything import models as tables
from tests.web.test_accessibility import PAGES

#: Says which field it came from, gets out of attributes, titles, fields and scripts, and fits into most columns.
SHORT: Final = "\"'><svg onload=alert({n})>"
LONG: Final = (
    "\"'></title></textarea></script><svg onload=alert({n})><img src onerror=alert({n})>"
    "<script>alert({n})</script>{{{{ 7|add:7 }}}}{{% now 'Y' %}}"
)
#: Text fields that hold no text of anybody's.
NOT_FREE: Final[Mapping[str, str]] = {
    "accounts.User.password": "a digest, never shown",
    "assessments.Assessment.tasks": "names of the packs' tasks: others are left out",
    "workspace.Work.task": "the name of a task of the packs",
    "grading.Submission.task": "the name of a task of the packs",
    "grading.Trial.task": "the name of a task of the packs",
    "insights.Comparison.task": "the name of a task of the packs",
    "hiring.Job.builds": "words of a list, which the form holds to",
    "interviews.Interview.zone": "a name of the table of zones, which the form holds to",
    "interviews.Rating.ticked": "ids of boxes, which the form holds to",
    "interviews.Rating.question_id": "the id of a question of ours",
    "interviews.Rating.bullet": "one of the guide's bullets",
    "resumes.Reading.file": "a path that we make",
    "resumes.Reading.sha256": "a digest",
    "resumes.Answer.signal": "an id of ours: others are left out",
    "interviews.CalibrationRating.question_id": "the id of a question of ours",
    "interviews.CalibrationRating.sample": "the key of a recorded answer of ours",
    "hiring.Application.resume": "a path that we make",
    "organizations.AuditEvent.seal": "a digest",
    "organizations.AuditEvent.content": "a digest",
    "organizations.AuditEvent.salt": "drawn by us, never shown",
    "grading.Submission.announced": "ids and words of ours, never shown",
    "webhooks.Endpoint.events": "words of a list, which the form holds to",
    "webhooks.Endpoint.secret": "encrypted, never shown",
    "webhooks.Endpoint.former_secret": "encrypted, never shown",
    "grading.Result.canonical_sha256": "a digest",
    "api.Token.digest": "a digest",
    "api.Token.prefix": "drawn by us",
    "api.Token.scopes": "words of a list, which the form holds to",
    "api.Client.client_id": "drawn by us",
    "api.Client.client_secret": "a digest, never shown",
    "api.Client.redirect_uris": "addresses, which the form holds to",
    "api.Client.post_logout_redirect_uris": "of the package, and not used",
    "api.Client.allowed_origins": "of the package, and not used",
    "api.Creation.digest": "a digest",
    "api.Creation.location": "an address of ours",
    "ats.Order.key": "encrypted, never shown",
    "ats.AshbyKey.key": "encrypted, never shown",
    "grading.Result.bullets": "words of ours from the report",
}
#: What is filled with something else than the probe itself.
SPECIAL: Final = ("grading.Result.document",)
#: Probed, and on no page at all.
NOWHERE: Final[Mapping[str, str]] = {}


def text_fields() -> Iterator[tuple[str, type[models.Model], models.Field[Any, Any]]]:
    """Every field of ours that can hold a text which is no choice, by its name."""
    for table in tables():
        for field in table._meta.get_fields():
            if isinstance(field, models.CharField | models.TextField | models.JSONField | models.FileField) and not (
                field.choices
            ):
                yield f"{table._meta.label}.{field.name}", table, field


def free_fields() -> list[tuple[str, type[models.Model], models.Field[Any, Any]]]:
    """Those into which somebody could write what they like: a new field of a model is one of them by itself."""
    return [each for each in text_fields() if each[0] not in (*NOT_FREE, *SPECIAL)]


def test_what_is_left_out_is_there() -> None:
    assert {*NOT_FREE, *SPECIAL, *NOWHERE} <= {name for name, _, _ in text_fields()}


def _probe(number: int, field: models.Field[Any, Any], row: int) -> Any:
    if isinstance(field, models.EmailField):
        return f'"{SHORT.format(n=number)}"{row}@example.org'
    if isinstance(field, models.JSONField):
        return _filled(_SHAPES.get(field.name, {"details": "", "why": ""}), LONG.format(n=number))
    long = LONG.format(n=number)
    return long if (field.max_length or 1000) > len(long) else SHORT.format(n=number)


#: How the columns look that hold JSON with a shape.
_SHAPES: Final[Mapping[str, Any]] = {
    "outcome": OUTCOME,
    "files": {FILE: ""},
    "content": {"lines": [[1, "", "", 0.1, 0.1, 0.1, 0.1]], "pages": 1, "gaps": []},
    "sections": [["", ""]],
    "passages": [{"one": "", "one_from": 1, "one_to": 1, "other": "", "other_from": 1, "other_to": 1}],
}


def _filled(shape: Any, text: str) -> Any:
    """The same shape with the text in place of each text, and beside each path."""
    if isinstance(shape, str):
        return text
    if isinstance(shape, list):
        return [_filled(each, text) for each in shape]
    if isinstance(shape, dict):
        return {key: _filled(each, text) for key, each in shape.items()}
    return shape


def write_probes() -> None:
    """Each free field of each row holds its own probe, whatever a form would have said to that."""
    for number, (_, table, field) in enumerate(free_fields()):
        for row, pk in enumerate(table._base_manager.order_by("pk").values_list("pk", flat=True)):
            table._base_manager.filter(pk=pk).update(**{field.name: _probe(number, field, row)})
    for table in tables():
        if table._meta.label == "grading.Result":
            table._base_manager.update(document=sample_reports.hostile().to_json())


def pages(everything: Everything) -> Iterator[tuple[bool, str, str]]:
    """Whether a guest looks, a page's name, its address: all of ours, and each model's in the back office."""
    for name, where in PAGES.items():
        if not where.first:
            yield where.as_guest, name, reverse(name.partition(" ")[0], args=where.args(everything)) + where.query
    for model in tables():
        if model not in admin.site._registry:
            continue
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield False, f"{name}_changelist", reverse(f"{name}_changelist")
        for kind in ("change", "history"):
            yield False, f"{name}_{kind}", reverse(f"{name}_{kind}", args=[model._base_manager.order_by("pk")[0].pk])


@pytest.fixture
def unguarded(browser: Browser) -> Iterator[Page]:
    """A page on which every script runs that gets in."""
    context = browser.new_context(bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def ran(unguarded: Page) -> list[str]:
    """What scripts of probes said."""
    said: list[str] = []

    def hear(dialog: Any) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    unguarded.on("dialog", hear)
    return said


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_no_text_of_anybodys_becomes_part_of_a_page(
    unguarded: Page, ran: list[str], live_server: LiveServer, everything: Everything
) -> None:
    everything.cast.olga.is_staff = everything.cast.olga.is_superuser = True
    everything.cast.olga.save()
    every = sorted(pages(everything), reverse=True)
    write_probes()
    shown: set[int] = set()
    is_guest = True
    for as_guest, name, address in every:
        if is_guest and not as_guest:
            bring_session(unguarded.context, live_server, everything.cast.olga)
            is_guest = False
        answer = unguarded.goto(live_server.url + address)
        assert answer is not None
        assert answer.status < 500, f"{name} answers with {answer.status}"
        assert ran == [], f"On {name} ran the text of {[free_fields()[int(each)][0] for each in ran]}"
        shown |= {int(number) for number in re.findall(r"alert\((\d+)\)", answer.text())}
    unseen = {name for number, (name, _, _) in enumerate(free_fields()) if number not in shown}
    assert unseen == set(NOWHERE)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_probe_that_is_not_escaped_runs(unguarded: Page, ran: list[str], live_server: LiveServer) -> None:
    for number, probe in enumerate((SHORT, LONG)):
        unguarded.goto(live_server.url + reverse("workspace:try"))
        unguarded.set_content(unguarded.content().replace("</h1>", f"{probe.format(n=number)}</h1>"))
        unguarded.wait_for_timeout(100)
    assert set(ran) == {"0", "1"}


def test_what_was_typed_comes_back_as_text_where_a_form_is_refused(cast: Cast, client: Client) -> None:
    asked = invitation_token(Everything.make(cast).asked)
    probe = LONG.format(n=1)
    job = reverse("hiring:job", args=[cast.job.pk])
    echoed = 0
    for as_guest, address in (
        (True, reverse("workspace:apply", args=[cast.job.pk])), (True, reverse("account_login")),
        (True, reverse("account_signup")), (True, reverse("account_reset_password")),
        (True, reverse("organizations:join", args=[asked])), (False, reverse("organizations:team")),
        (False, reverse("assessments:new")), (False, f"{job}change/"), (False, f"{job}candidates/new/"),
        (False, reverse("hiring:new-job")), (False, reverse("webhooks:new")),
        (False, reverse("account_change_password")),
    ):  # fmt: skip
        client.logout()
        if not as_guest:
            client.force_login(cast.olga, backend=BACKEND)
        names = set(re.findall(r'name="([^"]+)"', client.get(address).content.decode())) - {"viewport"}
        answer = client.post(address, dict.fromkeys(names, probe) | {"save": "1"})
        text = answer.content.decode()
        assert answer.status_code in (200, 422), f"{address}: {answer.status_code}"
        assert "<svg onload" not in text, address
        echoed += "&lt;svg onload" in text
    assert echoed >= 8, "all but those that ask for passwords alone"
    client.force_login(cast.olga, backend=BACKEND)
    text = client.get(job, {"q": probe}).content.decode()
    assert "&lt;svg onload" in text
    assert "<svg onload" not in text


def test_every_page_forbids_scripts_that_are_not_ours(cast: Cast, client: Client) -> None:
    client.force_login(cast.olga, backend=BACKEND)
    for page in ("/", "/jobs/", "/guide/", "/accounts/login/", "/nothing/"):
        policy = client.get(page, follow=True)["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        scripts = re.search(r"script-src ([^;]*)", policy)
        assert scripts is not None
        assert scripts[1].split()[0] == "'self'"

"""Who gets in where the views are not ours: allauth's addresses and the back office's, each of them in a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import pytest
from django.apps import apps
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from djudge.web.accounts.models import User
from tests.web import addresses, codes
from tests.web.browsing import just_signed_in
from tests.web.cast import Cast
from tests.web.everything import Everything


class Four(NamedTuple):
    """What a guest and a member who just gave the password get for a GET, and both for a POST with nothing in it."""

    guest: int
    member: int
    guest_posts: int
    member_posts: int


FOR_GUESTS: Final = Four(200, 302, 200, 302)
FOR_MEMBERS: Final = Four(302, 200, 302, 200)
TO_READ: Final = Four(200, 200, 405, 405)
ELSEWHERE: Final = Four(302, 302, 302, 302)

ALLAUTH: Final[Mapping[str, Four]] = {
    "account_login": FOR_GUESTS,
    "account_signup": FOR_GUESTS,
    # Somebody who posts is signed out without more being asked.
    "account_logout": Four(302, 200, 302, 302),
    "account_inactive": TO_READ,
    "account_change_password": FOR_MEMBERS,
    "account_reauthenticate": FOR_MEMBERS,
    "account_email": Four(302, 200, 302, 302),
    "account_email_verification_sent": TO_READ,
    # A key that nobody has: the page says so, and confirms nothing.
    "account_confirm_email": Four(200, 200, 404, 404),
    "account_reset_password": Four(200, 200, 200, 200),
    "account_reset_password_done": TO_READ,
    "account_reset_password_from_key": Four(200, 200, 200, 200),
    "account_reset_password_from_key_done": TO_READ,
    "mfa_index": Four(302, 200, 302, 405),
    # In the middle of a sign-in alone.
    "mfa_authenticate": ELSEWHERE,
    "mfa_activate_totp": FOR_MEMBERS,
    # The member has not set it up: test_second_factor.py has one who has.
    "mfa_reauthenticate": ELSEWHERE,
    "mfa_generate_recovery_codes": FOR_MEMBERS,
    "mfa_deactivate_totp": Four(302, 404, 302, 404),
    "mfa_view_recovery_codes": Four(302, 404, 302, 405),
    "mfa_download_recovery_codes": Four(302, 404, 302, 404),
    # Codes by mail are not used, and everybody has a password.
    "account_set_password": ELSEWHERE,
    "account_confirm_login_code": ELSEWHERE,
    "account_request_reauthentication_code": ELSEWHERE,
    "account_confirm_reauthentication_code": ELSEWHERE,
}
KEYS: Final[Mapping[str, list[str]]] = {
    "account_confirm_email": ["nothing"],
    "account_reset_password_from_key": ["1", "1-1"],
}


def test_no_address_of_allauth_is_left_out() -> None:
    assert sorted(addresses.of_allauth()) == sorted(ALLAUTH)


def test_guests_and_members_get_what_is_theirs_at_every_address_of_allauth(cast: Cast) -> None:
    wrong = []
    for name, expected in ALLAUTH.items():
        address = reverse(name, args=KEYS.get(name, []))
        got = Four(*(_ask(who, method, address).status_code for method in ("get", "post") for who in (None, cast.olga)))
        if got != expected:
            wrong.append(f"{name}: {got}, not {expected}")
    assert not wrong, "\n".join(wrong)


def test_every_page_of_allauth_looks_like_ours(cast: Cast) -> None:
    """Our frame, a title and one heading; a link to somewhere else is none of those."""
    seen = 0
    codes.set_up(cast.rita)
    for name in ALLAUTH:
        for who in (None, cast.olga, cast.rita):
            answer = _ask(who, "get", reverse(name, args=KEYS.get(name, [])))
            if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
                continue
            assert "ui/base.html" in [each.name for each in answer.templates], name  # type: ignore[attr-defined]
            text = answer.content.decode()
            title = text.partition("<title>")[2].partition("</title>")[0].replace("· Djudge", "").strip()
            assert title, f"{name} has no title"
            assert text.count("<h1") == 1, f"{name} has {text.count('<h1')} headings"
            seen += 1
    assert seen > len(ALLAUTH) / 2, "most are shown to somebody"


class Staff(NamedTuple):
    """What somebody of the staff gets for a GET; everybody else is led away, or refused."""

    gets: int
    posts: int


#: Pages of the back office that are about no model.
OFFICE: Final[Mapping[str, Staff]] = {
    "admin:index": Staff(200, 200),
    "admin:login": Staff(302, 200),
    "admin:password_change": Staff(200, 200),
    "admin:password_change_done": Staff(200, 405),
    "admin:jsi18n": Staff(200, 405),
    "admin:app_list": Staff(200, 200),
    # Without saying what of, there is nothing to complete and nothing to look at.
    "admin:autocomplete": Staff(403, 405),
    "admin:view_on_site": Staff(404, 404),
    "admin:auth_user_password_change": Staff(200, 200),
    # Last, because it signs out.
    "admin:logout": Staff(405, 200),
}
#: Pages of a model that can be changed, and of one that is only read.
KINDS: Final[Mapping[str, Staff]] = {
    "changelist": Staff(200, 200),
    "add": Staff(200, 200),
    "history": Staff(200, 200),
    "delete": Staff(200, 200),
    "change": Staff(200, 200),
}
READ_ONLY: Final[Mapping[str, Staff]] = {
    **KINDS,
    "add": Staff(403, 403),
    "delete": Staff(403, 403),
    "change": Staff(200, 403),
}
#: A second factor is taken away, and never given or changed by another.
RESET_ONLY: Final[Mapping[str, Staff]] = {**READ_ONLY, "delete": Staff(200, 200)}
#: What nobody alters, not even there.
FACTS: Final = (
    "api_token", "api_client", "api_creation",
    "mail_message", "organizations_auditevent", "hiring_note", "hiring_decision", "hiring_evidenceview",
    "grading_submission", "grading_result", "grading_trial", "workspace_work", "workspace_pulse",
    "workspace_formersubmission", "workspace_regrade", "hiring_savedfilter",
    "resumes_reading", "resumes_correction", "resumes_answer",
    "hiring_stagechange", "insights_comparison", "insights_likeness",
    "interviews_interview", "interviews_scorecard", "interviews_rating",
    "webhooks_endpoint", "webhooks_delivery", "webhooks_attempt",
    "interviews_calibrationrating",
    "pads_pad", "pads_padrun",
    "ats_order", "ats_complaint", "ats_ashbykey",
)  # fmt: skip
#: Django's own: without names, so that they are known by their paths.
UNNAMED: Final = ("admin:/admin/(?P<url>.*)$",)


def _models() -> Iterator[tuple[str, str, Staff]]:
    """The name of a page of a model, the model, and what staff get there."""
    for name in addresses.of_the_back_office():
        model, _, kind = name.removeprefix("admin:").rpartition("_")
        if name not in OFFICE and kind in KINDS:
            yield name, model, _kinds(model)[kind]


def _kinds(model: str) -> Mapping[str, Staff]:
    if model == "mfa_authenticator":
        return RESET_ONLY
    return READ_ONLY if model in FACTS else KINDS


def test_no_address_of_the_back_office_is_left_out() -> None:
    known = {*OFFICE, *UNNAMED, *(name for name, _, _ in _models())}
    rest = [name for name in addresses.of_the_back_office() if name not in known]
    assert [name for name in rest if not name.endswith("/<path:object_id>/")] == [], "those are links to `change`"


def test_staff_get_into_the_back_office_and_nobody_else_does(everything: Everything) -> None:
    cast = everything.cast
    staff = User.objects.create_superuser("staff@example.org", "a good password", name="Stefan")
    wanted = [(name, _address(name, cast), each) for name, each in OFFICE.items()]
    wanted += [(name, _address_of_model(name, model), each) for name, model, each in _models()]
    wrong = []
    for name, address, expected in wanted:
        got = Staff(_ask(staff, "get", address).status_code, _ask(staff, "post", address).status_code)
        if got != expected:
            wrong.append(f"staff at {name}: {got}, not {expected}")
        for who in (None, cast.olga):
            for method in ("get", "post"):
                answer = _ask(who, method, address)
                if answer.status_code not in (302, 403, 404):
                    wrong.append(f"{who} at {name} ({method}): {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert _ask(staff, "get", "/admin/nothing/").status_code == 404
    assert _ask(cast.olga, "get", f"/admin/hiring/job/{cast.job.pk}/").status_code in (302, 404)


def test_the_back_office_has_no_sign_in_where_guesses_are_not_counted(cast: Cast, client: Client) -> None:
    answer = client.post("/admin/login/", {"username": "olga@example.org", "password": "a guess"})
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def _address(name: str, cast: Cast) -> str:
    args = {
        "admin:app_list": ["hiring"],
        "admin:view_on_site": [1, cast.olga.pk],
        "admin:auth_user_password_change": [cast.olga.pk],
    }
    return reverse(name, args=args.get(name, []))


def _address_of_model(name: str, model: str) -> str:
    if name.endswith(("_changelist", "_add")):
        return reverse(name)
    found = apps.get_model(*model.split("_")).objects.first()
    if found is None:
        pytest.fail(f"{model} has no row to look at.")
    return reverse(name, args=[found.pk])


def _ask(who: User | None, method: str, address: str) -> HttpResponse:
    client = Client() if who is None else just_signed_in(who)
    answer: HttpResponse = getattr(client, method)(address)
    return answer

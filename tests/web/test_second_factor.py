"""Two-factor sign-in: set up, asked for, lost, required by a team, reset by an operator."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from djudge.web.accounts import second_factor
from djudge.web.accounts.models import User
from djudge.web.organizations import actions
from djudge.web.organizations.models import AuditEvent
from tests.web import codes
from tests.web.browsing import BACKEND, just_signed_in
from tests.web.cast import Cast, person
from tests.web.watching import watched

CODE = "/accounts/2fa/authenticate/"


def half_way(user: User) -> Client:
    """Who gave the right password, and is asked for the code."""
    client = Client()
    answer = client.post(reverse("account_login"), {"login": user.email, "password": "a good password"})
    assert answer["Location"] == CODE
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("hiring:job-list")).status_code == 200


def give(client: Client, code: str) -> HttpResponse:
    answer: HttpResponse = client.post(CODE, {"code": code})  # type: ignore[assignment]
    return answer


def test_somebody_sets_it_up_with_the_key_that_the_page_shows_and_gets_recovery_codes(cast: Cast) -> None:
    client = just_signed_in(cast.ida)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    key = re.search(r'<code class="secret">([A-Z2-7]+)</code>', page)
    assert key is not None
    assert '<svg class="qr" role="img"' in page
    assert "data:image" not in page
    refused = client.post(reverse("mfa_activate_totp"), {"code": codes.wrong(key[1])})
    assert "Incorrect code." in refused.content.decode()
    assert not Authenticator.objects.filter(user=cast.ida).exists()
    with watched() as noted:
        done = client.post(reverse("mfa_activate_totp"), {"code": codes.shown(key[1])}, follow=True)
    assert noted == []
    shown = re.findall(r"<li><code>(\d{8})</code></li>", done.content.decode())
    assert shown == codes.recovery_codes(cast.ida)
    assert len(shown) == 10
    # The code by which it was set up signs nobody in.
    assert not is_in(_gave(cast.ida, codes.shown(key[1])))
    assert is_in(_gave(cast.ida, codes.shown(key[1], 1)))


def _gave(user: User, code: str) -> Client:
    client = half_way(user)
    give(client, code)
    return client


def test_it_is_set_up_by_whoever_knows_the_password_and_not_by_a_session_alone(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.ida, backend=BACKEND)
    for name in ("mfa_activate_totp", "mfa_generate_recovery_codes"):
        for method in (client.get, client.post):
            assert method(reverse(name))["Location"].startswith(reverse("account_reauthenticate")), name


def test_the_password_is_not_enough_a_wrong_code_neither_and_the_right_one_is(cast: Cast) -> None:
    key = codes.set_up(cast.olga)
    client = half_way(cast.olga)
    assert not is_in(client)
    client = half_way(cast.olga)
    with watched() as noted:
        assert "Incorrect code." in give(client, codes.wrong(key)).content.decode()
        assert give(client, codes.shown(key)).status_code == 302
    assert noted == []
    assert is_in(client)
    held = Authenticator.objects.get(user=cast.olga, type=Authenticator.Type.TOTP)
    assert held.last_used_at is not None


def test_a_code_that_was_used_is_refused_even_when_the_cache_forgot_it(cast: Cast) -> None:
    key = codes.set_up(cast.olga)
    code = codes.shown(key)
    assert is_in(_gave(cast.olga, code))
    again = half_way(cast.olga)
    assert "Incorrect code." in give(again, code).content.decode()
    cache.clear()
    assert "used already" in give(again, code).content.decode()
    assert "used already" in give(again, codes.shown(key, -1)).content.decode()
    assert not is_in(again)
    assert is_in(_gave(cast.olga, codes.shown(key, 1)))


def test_a_recovery_code_signs_in_once(cast: Cast) -> None:
    codes.set_up(cast.olga)
    one, other = codes.recovery_codes(cast.olga)[:2]
    assert is_in(_gave(cast.olga, one))
    assert not is_in(_gave(cast.olga, one))
    assert is_in(_gave(cast.olga, other))
    assert len(codes.recovery_codes(cast.olga)) == 8


def test_new_recovery_codes_take_the_place_of_the_old(cast: Cast) -> None:
    codes.set_up(cast.olga)
    old = codes.recovery_codes(cast.olga)
    client = just_signed_in(cast.olga)
    assert client.post(reverse("mfa_generate_recovery_codes")).status_code == 302
    new = codes.recovery_codes(cast.olga)
    assert not set(old) & set(new)
    downloaded = client.get(reverse("mfa_download_recovery_codes"))
    assert downloaded.content.decode().split() == new
    assert not is_in(_gave(cast.olga, old[0]))


def test_whoever_guesses_is_stopped_from_every_browser_and_the_right_code_does_not_help_then(cast: Cast) -> None:
    key = codes.set_up(cast.olga)
    told = [give(half_way(cast.olga), codes.wrong(key)).content.decode() for _ in range(6)]
    assert sum("Incorrect code." in each for each in told) == 5
    assert "Too many failed login attempts" in told[-1]
    client = half_way(cast.olga)
    assert "Too many failed login attempts" in give(client, codes.shown(key)).content.decode()
    assert not is_in(client)


def test_switched_off_the_password_is_enough_and_nothing_is_left(cast: Cast) -> None:
    codes.set_up(cast.olga)
    client = just_signed_in(cast.olga)
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert not Authenticator.objects.filter(user=cast.olga).exists()
    answer = Client().post(reverse("account_login"), {"login": cast.olga.email, "password": "a good password"})
    assert answer["Location"] == reverse("home")


def test_every_page_of_it_has_our_frame_a_title_and_one_heading(cast: Cast) -> None:
    codes.set_up(cast.rita)
    with_it, without = just_signed_in(cast.rita), just_signed_in(cast.ida)
    for client, name in (
        (with_it, "mfa_index"), (with_it, "mfa_deactivate_totp"), (with_it, "mfa_view_recovery_codes"),
        (with_it, "mfa_generate_recovery_codes"), (with_it, "mfa_reauthenticate"), (without, "mfa_index"),
        (without, "mfa_activate_totp"), (half_way(cast.rita), "mfa_authenticate"),
    ):  # fmt: skip
        answer = client.get(reverse(name))
        text = answer.content.decode()
        assert answer.status_code == 200, name
        assert "ui/base.html" in [each.name for each in answer.templates]
        assert text.partition("<title>")[2].partition("·")[0].strip(), name
        assert text.count("<h1") == 1, name
    menu = with_it.get(reverse("guide")).content.decode()
    assert f'<a href="{reverse("mfa_index")}">Two-factor sign-in</a>' in menu


# --- How it is kept


def test_secrets_are_encrypted_where_they_are_kept(cast: Cast) -> None:
    key = codes.set_up(cast.olga)
    kept = [str(each.data) for each in Authenticator.objects.filter(user=cast.olga)]
    assert len(kept) == 2
    assert not [each for each in kept if key in each]
    assert codes.key_of(cast.olga) == key


def test_a_new_secret_key_reads_what_the_old_kept_and_each_sign_in_keeps_it_by_the_new(
    cast: Cast, settings: Any
) -> None:
    key = codes.set_up(cast.olga)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "the new one"
    assert is_in(_gave(cast.olga, codes.shown(key)))
    settings.SECRET_KEY_FALLBACKS = []
    assert codes.key_of(cast.olga) == key
    assert len(codes.recovery_codes(cast.olga)) == 10
    assert is_in(_gave(cast.olga, codes.shown(key, 1)))


def test_a_secret_that_nobody_can_read_any_more_lets_nobody_in_and_says_whom_to_ask(cast: Cast, settings: Any) -> None:
    key = codes.set_up(cast.olga)
    settings.SECRET_KEY = "the new one"
    client = half_way(cast.olga)
    answer = give(client, codes.shown(key))
    assert answer.status_code == 200
    assert "Its operator can reset it." in answer.content.decode()
    assert not is_in(client)
    with pytest.raises(second_factor.UnreadableSecretError):
        codes.key_of(cast.olga)


# --- Required by a team


def test_an_owner_with_it_can_require_it_and_one_without_can_not(cast: Cast) -> None:
    client = just_signed_in(cast.olga)
    said = client.post(reverse("organizations:require-totp"), {"required": "1"}, follow=True).content.decode()
    assert "Set up two-factor sign-in for yourself first" in said
    assert "Require it of everybody" not in said
    cast.team.refresh_from_db()
    assert not cast.team.requires_totp
    codes.set_up(cast.olga)
    assert "Require it of everybody" in client.get(reverse("organizations:team")).content.decode()
    for required in ({"required": "1"}, {"required": "1"}, {}, {}):
        assert client.post(reverse("organizations:require-totp"), required).status_code == 302
        cast.team.refresh_from_db()
        assert cast.team.requires_totp == bool(required)
    noted = AuditEvent.objects.filter(team=cast.team, verb__contains="two-factor").order_by("number")
    assert [(each.verb, each.actor) for each in noted] == [
        ("made two-factor sign-in a must in", cast.olga), ("made two-factor sign-in a choice in", cast.olga),
    ]  # fmt: skip


def test_members_without_it_get_nowhere_in_the_team_until_they_have_it(cast: Cast) -> None:
    codes.set_up(cast.olga)
    actions.require_totp(actor=cast.olga, team=cast.team, required=True)
    gate = reverse("organizations:second-factor")
    for user in (cast.rita, cast.hamid, cast.ines):
        client = just_signed_in(user)
        for name, args in (
            ("hiring:job-list", []), ("organizations:team", []), ("systems", []), ("assessments:list", []),
            ("hiring:job", [cast.job.pk]), ("workspace:application", [cast.application.pk]),
        ):  # fmt: skip
            assert client.get(reverse(name, args=args)).headers.get("Location") == gate, name
        assert client.post(reverse("hiring:add-note", args=[cast.application.pk]), {"text": "a"})["Location"] == gate
        said = client.get(gate).content.decode()
        assert "every member signs in with a code as well as a password" in said
        assert reverse("mfa_activate_totp") in said
        # Recovery codes alone are no second factor.
        codes.set_up(user)
        Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
        assert not is_in(client)
        Authenticator.objects.filter(user=user).delete()
        codes.set_up(user)
        assert is_in(client)
        assert client.get(gate)["Location"] == reverse("home")
    assert is_in(just_signed_in(cast.olga))
    assert is_in(just_signed_in(cast.eve)), "her team asks for nothing"


def test_who_is_in_another_team_too_can_look_there(cast: Cast) -> None:
    codes.set_up(cast.olga)
    other = actions.register_team(owner=cast.ida, name="Ida's own")
    actions.require_totp(actor=cast.olga, team=cast.team, required=True)
    client = just_signed_in(cast.ida)
    assert not is_in(client)
    client.post(reverse("organizations:choose"), {"membership": other.pk})
    assert is_in(client)


def test_the_requirement_asks_no_statement_of_its_own(cast: Cast) -> None:
    codes.set_up(cast.olga)
    client = just_signed_in(cast.olga)
    counts = []
    for required in (False, True):
        actions.require_totp(actor=cast.olga, team=cast.team, required=required)
        with CaptureQueriesContext(connection) as captured:
            assert is_in(client)
        counts.append(len(captured.captured_queries))
    assert counts[0] == counts[1]


def test_owners_see_who_has_it_and_others_do_not(cast: Cast) -> None:
    codes.set_up(cast.rita)
    page = just_signed_in(cast.olga).get(reverse("organizations:team")).content.decode()
    row = {name: page.partition(f"<td>{name}@example.org</td>")[2].partition("</td>")[0] for name in ("rita", "hamid")}
    assert "set up" in row["rita"]
    assert "not set up" not in row["rita"]
    assert "not set up" in row["hamid"]
    assert "not set up" not in just_signed_in(cast.hamid).get(reverse("organizations:team")).content.decode()


def test_an_owner_has_no_way_to_anothers_second_factor(cast: Cast) -> None:
    codes.set_up(cast.olga)
    codes.set_up(cast.rita)
    before = Authenticator.objects.filter(user=cast.rita).values_list("pk", "data")[:]
    client = just_signed_in(cast.olga)
    for name in ("mfa_deactivate_totp", "mfa_generate_recovery_codes"):
        client.post(reverse(name), {"user": cast.rita.pk, "id": before[0][0]})
    assert list(Authenticator.objects.filter(user=cast.rita).values_list("pk", "data")) == list(before)


# --- Lost, app and codes


@pytest.mark.parametrize("by", ["page", "list"])
def test_an_operator_resets_it_with_everything_and_sees_no_secret(cast: Cast, by: str) -> None:
    codes.set_up(cast.rita)
    codes.set_up(cast.hamid)
    staff = just_signed_in(User.objects.create_superuser("staff@example.org", "a good password", name="Stefan"))
    held = Authenticator.objects.get(user=cast.rita, type=Authenticator.Type.TOTP)
    page = staff.get(reverse("admin:mfa_authenticator_change", args=[held.pk])).content.decode()
    assert "Rita" in page
    assert held.data["secret"] not in page
    if by == "page":
        staff.post(reverse("admin:mfa_authenticator_delete", args=[held.pk]), {"post": "yes"})
    else:
        chosen = {"action": "delete_selected", "_selected_action": [held.pk], "post": "yes"}
        staff.post(reverse("admin:mfa_authenticator_changelist"), chosen)
    assert not Authenticator.objects.filter(user=cast.rita).exists()
    assert Authenticator.objects.filter(user=cast.hamid).count() == 2
    client = Client()
    client.post(reverse("account_login"), {"login": cast.rita.email, "password": "a good password"})
    assert is_in(client)


def test_nobody_else_resets_it(cast: Cast) -> None:
    codes.set_up(cast.rita)
    held = Authenticator.objects.get(user=cast.rita, type=Authenticator.Type.TOTP)
    helper = person("Helper")
    helper.is_staff = True
    helper.save()
    for user in (cast.olga, cast.rita, helper):
        answer = just_signed_in(user).post(reverse("admin:mfa_authenticator_delete", args=[held.pk]), {"post": "yes"})
        assert answer.status_code in (302, 403), user
    assert Authenticator.objects.filter(user=cast.rita).count() == 2


def test_the_list_of_second_factors_needs_as_many_statements_for_many_as_for_few(cast: Cast) -> None:
    staff = just_signed_in(User.objects.create_superuser("staff@example.org", "a good password", name="Stefan"))
    counts = []
    for some in ((cast.rita,), (cast.hamid, cast.ines, cast.ida, cast.eve)):
        for user in some:
            codes.set_up(user)
        staff.get(reverse("admin:mfa_authenticator_changelist"))
        with CaptureQueriesContext(connection) as captured:
            assert staff.get(reverse("admin:mfa_authenticator_changelist")).status_code == 200
        counts.append(len(captured.captured_queries))
    assert counts[0] == counts[1]

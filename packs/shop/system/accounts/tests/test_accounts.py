"""Accounts: who gets one, who is sent where, and what is refused beside which field."""

from django.contrib.auth import get_user_model
from django.test import TestCase, override_settings
from django.urls import reverse

from accounts.models import Membership
from orders.tests.shelf import person, variant

REGISTER, ACCOUNT = reverse("accounts:register"), reverse("accounts:account")
NEW = {"username": "cy", "email": "cy@example.org", "password1": "long and winding", "password2": "long and winding"}


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])  # quick, for tests alone
class RegistrationTests(TestCase):
    def test_a_new_buyer_is_signed_in_and_comes_back_to_where_they_were(self):
        answer = self.client.post(REGISTER, {**NEW, "next": "/checkout/"})
        self.assertRedirects(answer, "/checkout/", fetch_redirect_response=False)
        self.assertContains(self.client.get(ACCOUNT), "cy")

    def test_nobody_is_sent_to_another_site(self):
        answer = self.client.post(REGISTER, {**NEW, "next": "https://elsewhere.example/"})
        self.assertRedirects(answer, "/", fetch_redirect_response=False)

    def test_nor_is_anybody_who_signs_in(self):
        bo = person("bo")
        bo.set_password("long and winding")
        bo.save()
        for wanted, found in (("/checkout/", "/checkout/"), ("https://elsewhere.example/", "/"), ("//elsewhere", "/")):
            answer = self.client.post(
                reverse("accounts:sign-in"), {"username": "bo", "password": "long and winding", "next": wanted}
            )
            self.assertRedirects(answer, found, fetch_redirect_response=False)
            self.client.logout()

    def test_what_is_wrong_is_named_beside_the_field_and_nobody_is_made(self):
        person("bo")
        for changed, field in (
            ({"username": "bo"}, "username"), ({"email": "nothing"}, "email"), ({"email": ""}, "email"),
            ({"password2": "another"}, "password2"), ({"password1": "12345", "password2": "12345"}, "password2"),
        ):  # fmt: skip
            with self.subTest(changed):
                self.assertContains(self.client.post(REGISTER, NEW | changed), f"id_{field}_error", status_code=422)
        self.assertEqual(get_user_model().objects.count(), 1)

    def test_nobody_makes_themselves_more_than_a_buyer(self):
        self.client.post(REGISTER, {**NEW, "is_staff": "on", "is_superuser": "on", "memberships": "1"})
        user = get_user_model().objects.get()
        self.assertEqual((user.is_staff, user.is_superuser, user.memberships.count()), (False, False, 0))


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
class AccountTests(TestCase):
    def test_a_new_password_needs_the_old_one(self):
        bo = person("bo")
        bo.set_password("long and winding")
        bo.save()
        self.client.force_login(bo)
        new = {"new_password1": "short and straight", "new_password2": "short and straight"}
        for old, status, works in (("wrong", 200, False), ("long and winding", 302, True)):
            answer = self.client.post(reverse("accounts:password"), {"old_password": old, **new})
            bo.refresh_from_db()
            self.assertEqual((answer.status_code, bo.check_password("short and straight")), (status, works))
        self.assertEqual(self.client.get(ACCOUNT).status_code, 200)

    def test_sellers_find_their_desk_and_buyers_do_not(self):
        ines, bo = person("ines"), person("bo")
        Membership.objects.create(user=ines, brand=variant("Mug").product.brand)
        for user, statements in ((ines, 4), (bo, 4)):
            self.client.force_login(user)
            with self.assertNumQueries(statements):  # session, user, brands, whether there is a desk
                answer = self.client.get(ACCOUNT)
            self.assertIs(b"Your desk" in answer.content, user is ines)

    def test_a_guest_is_asked_to_sign_in_and_somebody_who_has_need_not_again(self):
        self.assertEqual(self.client.get(ACCOUNT).status_code, 302)
        self.client.force_login(person("bo"))
        self.assertRedirects(self.client.get(reverse("accounts:sign-in")), "/", fetch_redirect_response=False)
        self.client.post(reverse("accounts:sign-out"))
        self.assertEqual(self.client.get(ACCOUNT).status_code, 302)

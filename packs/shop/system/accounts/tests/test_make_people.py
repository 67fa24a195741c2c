"""People to try the shop with: who they are, and that nobody gets in with an empty password."""

import os
from unittest.mock import patch

from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings

from accounts.roles import brands_of
from orders.tests.shelf import variant


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])  # quick, for tests alone
class MakePeopleTests(TestCase):
    def call(self, password):
        with patch.dict(os.environ, {"THE_PASSWORD": password}):
            call_command("make_people", "--password-env", "THE_PASSWORD", verbosity=0)

    def test_an_administrator_a_seller_and_a_buyer_can_sign_in_with_the_newest_password(self):
        variant("Mug")
        for password in ("first of all", "second of all"):
            self.call(password)
        self.assertIsNone(authenticate(username="bo", password="first of all"))
        found = {user.username: (user.is_superuser, brands_of(user).count()) for user in User.objects.all()}
        self.assertEqual(found, {"admin": (True, 0), "ines": (False, 1), "bo": (False, 0)})
        self.assertIsNotNone(authenticate(username="bo", password="second of all"))

    def test_without_a_password_nobody_is_made(self):
        with self.assertRaises(CommandError):
            self.call("")
        self.assertEqual(User.objects.count(), 0)

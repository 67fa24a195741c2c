"""Settings from the environment, and the headers of every page."""

import os
from unittest.mock import patch

from django.core.exceptions import ImproperlyConfigured
from django.test import Client, SimpleTestCase, override_settings

from stallhouse import environ


class EnvironmentTests(SimpleTestCase):
    def read(self, url):
        with patch.dict(os.environ, {"DATABASE_URL": url}):
            return environ.database()

    def test_a_database_behind_a_socket(self):
        found = self.read("postgres://role:p%40ss@/dbname?host=/run/postgresql&sslmode=disable")
        expected = {"NAME": "dbname", "USER": "role", "PASSWORD": "p@ss", "HOST": "/run/postgresql", "PORT": ""}
        self.assertEqual(found | expected, found)
        self.assertEqual(found["OPTIONS"], {"sslmode": "disable"})

    def test_a_database_on_another_machine(self):
        found = self.read("postgresql://role@db.example:6543/shop")
        self.assertEqual(found | {"NAME": "shop", "HOST": "db.example", "PORT": "6543"}, found)

    def test_another_kind_of_database_is_refused(self):
        with self.assertRaisesMessage(ImproperlyConfigured, "DATABASE_URL"):
            self.read("mysql://role@/shop")

    def test_flags_and_numbers_that_make_no_sense_are_refused(self):
        with patch.dict(os.environ, {"DEBUG": "maybe", "CONN_MAX_AGE": "-1"}):
            for reader, name in ((environ.flag, "DEBUG"), (lambda name: environ.number(name, 0), "CONN_MAX_AGE")):
                with self.assertRaisesMessage(ImproperlyConfigured, name):
                    reader(name)

    def test_the_origin_of_an_address_names_nobody_and_no_page(self):
        for value, found in (("http://a:b@pay.example:8080/v1/", ["http://pay.example:8080"]), ("", []), ("pay", [])):
            with patch.dict(os.environ, {"PROVIDER_URL": value}):
                self.assertEqual(environ.origin("PROVIDER_URL"), found)


class HeaderTests(SimpleTestCase):
    def test_pages_may_load_nothing_from_elsewhere(self):
        response = self.client.get("/nothing")
        self.assertIn("default-src 'none'", response["Content-Security-Policy"])
        self.assertEqual(response["X-Frame-Options"], "DENY")
        self.assertNotIn("<script", response.content.decode())
        self.assertNotIn("style=", response.content.decode())

    @override_settings(STATIC_URL="/elsewhere/")
    def test_static_files_have_the_address_that_is_set(self):
        self.assertContains(self.client.get("/nothing"), 'href="/elsewhere/catalogue/shop.css"', status_code=404)

    def test_a_form_without_the_sites_token_is_refused_with_a_way_on(self):
        response = Client(enforce_csrf_checks=True).post("/basket/add/", {"variant": "1", "quantity": "1"})
        self.assertContains(response, "This form was too old", status_code=403)

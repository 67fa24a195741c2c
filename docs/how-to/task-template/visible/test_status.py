"""For the candidate, to be run any time. These tests count for nothing."""

from django.test import TestCase

from catalogue.models import Brand


class StatusTests(TestCase):
    def test_the_page_says_how_many_brands_there_are(self):
        Brand.objects.create(name="Havel", slug="havel")
        self.assertEqual(self.client.get("/status/").json(), {"brands": 1})

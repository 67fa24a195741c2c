"""A part of what the workshops do. Run these at any time; they count for nothing."""

import re
from datetime import UTC, datetime
from decimal import Decimal

from django.test import TestCase

from catalogue.models import Brand
from workshops import adapter
from workshops.adapter import Refused

MAY, JUNE = datetime(2030, 5, 4, 10, tzinfo=UTC), datetime(2030, 6, 1, 10, tzinfo=UTC)


class WorkshopTests(TestCase):
    def setUp(self):
        for word, name in (("moss", "Moss & Mortar"), ("ash", "Ash & Oak")):
            Brand.objects.create(name=name, slug=word)
        adapter.add_theme(word="clay", name="Clay")
        adapter.add_theme(word="bowls", name="Bowls", inside="clay")
        adapter.add_workshop(word="tea-bowls", title="Tea bowls", theme="bowls", price=Decimal("45.00"))

    def test_a_theme_has_the_workshops_of_the_themes_inside_it(self):
        self.assertEqual(list(adapter.themes_inside(theme="clay")), ["bowls"])
        self.assertEqual(list(adapter.workshops_in(theme="clay")), ["tea-bowls"])

    def test_a_word_is_taken_once(self):
        with self.assertRaises(Refused):
            adapter.add_theme(word="clay", name="Clay again")

    def test_makers_have_roles_and_are_found_from_both_sides(self):
        adapter.add_maker(workshop="tea-bowls", maker="moss", role="leads")
        adapter.add_maker(workshop="tea-bowls", maker="ash", role="assists")
        self.assertEqual(sorted(map(tuple, adapter.makers_of(workshop="tea-bowls"))), [("ash", "assists"), ("moss", "leads")])
        self.assertEqual(list(adapter.workshops_of(maker="ash")), ["tea-bowls"])

    def test_labels_are_found_from_both_sides(self):
        adapter.add_label(workshop="tea-bowls", label="for two")
        self.assertEqual(list(adapter.labels_of(workshop="tea-bowls")), ["for two"])
        self.assertEqual(list(adapter.workshops_with(label="for two")), ["tea-bowls"])

    def test_a_date_costs_what_the_workshop_costs_or_something_else(self):
        adapter.add_date(workshop="tea-bowls", starts=JUNE, seats=8)
        adapter.add_date(workshop="tea-bowls", starts=MAY, seats=8, price=Decimal("30.00"))
        dates = [(starts, Decimal(price), left) for starts, price, left in adapter.dates_of(workshop="tea-bowls")]
        self.assertEqual(dates, [(MAY, Decimal("30.00"), 8), (JUNE, Decimal("45.00"), 8)])

    def test_a_person_books_once_and_keeps_the_workshop_from_being_deleted(self):
        adapter.add_date(workshop="tea-bowls", starts=MAY, seats=8)
        adapter.book(workshop="tea-bowls", starts=MAY, email="ada@stallhouse.example")
        with self.assertRaises(Refused):
            adapter.book(workshop="tea-bowls", starts=MAY, email="ada@stallhouse.example")
        with self.assertRaises(Refused):
            adapter.delete_workshop(workshop="tea-bowls")
        self.assertEqual(list(adapter.booked(workshop="tea-bowls", starts=MAY)), ["ada@stallhouse.example"])

    def test_the_list_shows_workshops_and_no_drafts(self):
        adapter.add_workshop(word="secret", title="Secret", theme="clay", price=Decimal("1.00"), draft=True)
        page = self.client.get("/workshops/").content.decode()
        self.assertEqual(re.findall(r'<article class="workshop" data-word="([^"]+)"', page), ["tea-bowls"])
        self.assertEqual(self.client.get("/workshops/tea-bowls/").status_code, 200)
        self.assertEqual(self.client.get("/workshops/secret/").status_code, 404)

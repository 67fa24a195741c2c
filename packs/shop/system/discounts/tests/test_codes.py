"""Codes as buyers type them in, and what the database refuses to keep as one."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import TestCase

from catalogue.models import Tag
from discounts.codes import code_for, discount_of, engine_lines
from discounts.engine import CodeRefused
from discounts.models import Code
from orders.tests.shelf import line, variant


class CodeTests(TestCase):
    def test_capitals_and_small_letters_are_the_same_and_an_unknown_word_is_refused(self):
        Code.objects.create(word="Spring10", percent=10)
        self.assertEqual(code_for("SPRING10").percent, Decimal(10))
        self.assertEqual(discount_of([line(variant(price="20.00"))], "spring10"), Decimal("2.00"))
        with self.assertRaises(CodeRefused) as caught:
            discount_of([line(variant("Pan"))], "autumn")
        self.assertEqual(caught.exception.reason, "unknown")

    def test_tags_and_brands_reach_the_engine_at_a_fixed_number_of_statements(self):
        mug, pan = variant("Mug"), variant("Pan", brand="Olden")
        mug.product.tags.add(Tag.objects.create(name="New", slug="new"))
        for basket in ([line(mug)], [line(mug), line(pan), line(variant("Cup"))]):
            with self.assertNumQueries(1):
                found = engine_lines(basket)
            self.assertEqual((found[0].brand, found[0].tags), ("kiso", frozenset({"new"})))

    def test_a_code_is_a_percentage_or_an_amount_and_its_days_are_in_order(self):
        for wrong in (
            {}, {"percent": 5, "amount": 5}, {"percent": 0}, {"percent": 101},
            {"percent": 5, "first_day": "2024-05-02", "last_day": "2024-05-01"},
        ):  # fmt: skip
            with self.subTest(wrong), self.assertRaises(IntegrityError), transaction.atomic():
                Code.objects.create(word="WRONG", **wrong)
        with self.assertRaises(ValidationError):
            Code(word="WRONG").full_clean()

    def test_a_word_is_kept_once_in_whatever_letters(self):
        Code.objects.create(word="SPRING", percent=5)
        with self.assertRaises(IntegrityError):
            Code.objects.create(word="spring", percent=5)

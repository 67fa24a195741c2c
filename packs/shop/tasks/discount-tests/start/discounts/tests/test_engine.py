"""Tests of `discounts/engine.py`: every rule of SPEC.md."""

from django.test import SimpleTestCase


class DiscountTests(SimpleTestCase):
    """None yet."""

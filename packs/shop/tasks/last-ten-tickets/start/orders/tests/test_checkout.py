"""Placing an order takes the goods from the shelf or does nothing at all."""

from decimal import Decimal

from django.test import TestCase

from orders.checkout import SoldOut, place_order
from orders.models import Order
from orders.tests.shelf import ADDRESS, line, person, stock_of, variant


def order(buyer, *lines):
    return place_order(buyer=buyer, lines=lines, address=ADDRESS)


class PlacingTests(TestCase):
    def setUp(self):
        self.bo = person("bo")
        self.mug = variant("Mug", stock=3, price="12.50")
        self.pan = variant("Pan", stock=1, price="40.00")

    def test_goods_leave_the_shelf_and_are_held_at_the_prices_of_this_moment(self):
        placed = order(self.bo, line(self.mug, 2), line(self.pan))
        self.assertEqual((stock_of(self.mug), stock_of(self.pan)), (1, 0))
        self.assertEqual((placed.subtotal, placed.discount, placed.total), (Decimal("65.00"), 0, Decimal("65.00")))
        type(self.mug.product).objects.update(price=Decimal("99.00"))
        self.assertEqual([one.unit_price for one in placed.lines.all()], [Decimal("12.50"), Decimal("40.00")])
        self.assertEqual([one.state for one in placed.reservations.all()], ["held", "held"])
        self.assertEqual([(event.before, event.after) for event in placed.events.all()], [("", "placed")])

    def test_if_one_thing_is_missing_nothing_is_ordered_and_nothing_leaves_the_shelf(self):
        with self.assertRaises(SoldOut) as caught:
            order(self.bo, line(self.mug, 2), line(self.pan, 2))
        self.assertEqual(caught.exception.names, ["Pan, small"])
        self.assertEqual((stock_of(self.mug), stock_of(self.pan), Order.objects.count()), (3, 1, 0))

"""Placing an order takes the goods from the shelf or does nothing at all, also when two want the last one."""

import threading
from decimal import Decimal

from django.db import connection
from django.test import TestCase, TransactionTestCase

from orders.checkout import SoldOut, place_order
from orders.models import Order
from orders.states import expire
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

    def test_the_number_of_statements_depends_on_the_variants_alone(self):
        with self.assertNumQueries(1 + 1 + 2 + 5 + 1):  # tags, savepoint, takes, rate, order, lines, held, event, release
            order(self.bo, line(self.mug, 1), line(self.pan, 1))


class TwoAtOnceTests(TransactionTestCase):
    """With connections of their own, as two processes have."""

    def at_once(self, *works):
        found = []

        def run(work):
            try:
                found.append(work())
            except SoldOut:
                found.append(None)
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=[work]) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return found

    def test_the_last_one_is_sold_once(self):
        pan = variant("Pan", stock=1)
        buyers = [person("ada"), person("bo"), person("cy")]
        found = self.at_once(*[lambda buyer=buyer: order(buyer, line(pan)) for buyer in buyers])
        self.assertEqual(sum(one is not None for one in found), 1)
        self.assertEqual((stock_of(pan), Order.objects.count()), (0, 1))

    def test_baskets_with_the_same_goods_in_another_order_both_go_through(self):
        mug, pan = variant("Mug", stock=9), variant("Pan", stock=9)
        found = self.at_once(
            lambda: order(person("ada"), line(mug), line(pan)), lambda: order(person("bo"), line(pan), line(mug))
        )
        self.assertEqual(sum(one is not None for one in found), 2)
        self.assertEqual((stock_of(mug), stock_of(pan)), (7, 7))

    def test_an_order_that_nobody_paid_expires_once_and_gives_back_once(self):
        pan = variant("Pan", stock=1)
        placed = order(person("bo"), line(pan))
        self.assertFalse(expire(placed))
        self.assertEqual(stock_of(pan), 0)
        later = placed.reservations.get().expires_at
        found = self.at_once(*[lambda: expire(placed, now=later)] * 2)
        self.assertEqual(sorted(found), [False, True])
        self.assertEqual((stock_of(pan), Order.objects.get().status), (1, "expired"))

"""An order goes on as the table says, leaves a trace, and gives goods back while they are in the house."""

from django.core.management import call_command
from django.test import TestCase
from django.utils import timezone

from orders.checkout import HELD_FOR, place_order
from orders.models import Order
from orders.states import NEXT, IllegalChange, Status, change_status
from orders.tests.shelf import ADDRESS, line, person, stock_of, variant


class StateTests(TestCase):
    def setUp(self):
        self.mug = variant("Mug", stock=5)
        self.bo = person("bo")
        self.order = place_order(buyer=self.bo, lines=[line(self.mug, 2)], address=ADDRESS)

    def go(self, *steps):
        for step in steps:
            change_status(self.order, step, by=self.bo)

    def test_the_long_way_to_delivery_leaves_a_trace(self):
        self.go(Status.PAID, Status.PACKED, Status.SENT, Status.DELIVERED)
        self.assertEqual(
            [event.after for event in self.order.events.all()], ["placed", "paid", "packed", "sent", "delivered"]
        )
        self.assertEqual(self.order.reservations.get().state, "taken")
        self.assertEqual(stock_of(self.mug), 3)

    def test_every_step_that_is_not_in_the_table_is_refused_and_changes_nothing(self):
        for before in Status:
            for after in Status:
                Order.objects.filter(pk=self.order.pk).update(status=before)
                self.order.refresh_from_db()
                if after in NEXT.get(before, ()):
                    continue
                with self.subTest(before=before, after=after), self.assertRaises(IllegalChange):
                    change_status(self.order, after)
                self.assertEqual(Order.objects.get().status, before)

    def test_goods_come_back_until_they_have_left_the_house(self):
        self.go(Status.PAID, Status.PACKED, Status.REFUNDED)
        self.assertEqual(stock_of(self.mug), 5)

    def test_goods_that_were_sent_do_not_come_back_by_a_refund(self):
        self.go(Status.PAID, Status.PACKED, Status.SENT, Status.REFUNDED)
        self.assertEqual(stock_of(self.mug), 3)

    def test_the_command_lets_go_of_late_orders_and_of_no_others(self):
        other = place_order(buyer=self.bo, lines=[line(self.mug, 1)], address=ADDRESS)
        self.order.reservations.update(expires_at=timezone.now() - HELD_FOR)
        call_command("expire_reservations", "--dry-run", verbosity=0)
        self.assertEqual(stock_of(self.mug), 2)
        call_command("expire_reservations", verbosity=0)
        self.assertEqual(stock_of(self.mug), 4)
        self.assertEqual([Order.objects.get(pk=one.pk).status for one in (self.order, other)], ["expired", "placed"])

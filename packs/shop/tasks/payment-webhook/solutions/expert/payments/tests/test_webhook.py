"""What the provider tells is believed when it is signed and fresh, has one effect, and may come in any order."""

import itertools
import json
import threading
import time
from io import StringIO

from django.core.management import call_command
from django.db import connection, transaction
from django.test import TestCase, TransactionTestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.checkout import place_order
from orders.models import Order
from orders.states import change_status
from orders.tests.shelf import ADDRESS, line, person, stock_of, variant
from payments.events import process
from payments.late import owed
from payments.models import Payment, ProviderEvent
from payments.signatures import TOLERANCE_SECONDS, signature_of

SECRET = "known to two"
WEBHOOK = reverse("payments:webhook")


def message(client, kind, event="evt_1", payment="pay_1", secret=SECRET, age=0, **data):
    """One message of the provider, signed."""
    body = json.dumps({"type": kind, "data": {"payment": payment, **data}}).encode()
    moment = int(time.time()) - age
    return client.post(WEBHOOK, body, content_type="application/json", headers={
        "webhook-id": event, "webhook-timestamp": str(moment),
        "webhook-signature": signature_of(secret, event, moment, body),
    })  # fmt: skip


class Fixture:
    def setUp(self):
        self.pan = variant("Pan", stock=5, price="40.00")
        order = place_order(buyer=person("bo"), lines=[line(self.pan)], address=ADDRESS)
        self.payment = Payment.objects.create(order=order, provider_id="pay_1", amount=order.total)

    def state(self):
        payment = Payment.objects.select_related("order").get(pk=self.payment.pk)
        return payment.status, payment.order.status, str(payment.refunded)


@override_settings(PROVIDER_SECRET=SECRET)
class WebhookTests(Fixture, TestCase):
    def test_a_payment_that_succeeded_makes_the_order_paid(self):
        self.assertEqual(message(self.client, "payment.succeeded").status_code, 202)
        self.assertEqual(self.state(), ("paid", "paid", "0.00"))
        self.assertEqual(self.payment.order.reservations.get().state, "taken")

    def test_what_is_not_signed_or_not_fresh_is_refused_and_not_even_stored(self):
        for wrong in ({"secret": "another"}, {"age": TOLERANCE_SECONDS + 5}, {"age": -TOLERANCE_SECONDS - 5}):
            with self.subTest(wrong):
                self.assertEqual(message(self.client, "payment.succeeded", **wrong).status_code, 401)
        self.assertEqual(self.client.post(WEBHOOK, "{}", content_type="application/json").status_code, 401)
        self.assertEqual((ProviderEvent.objects.count(), self.state()[1]), (0, "placed"))

    def test_a_signature_of_another_body_is_refused(self):
        body, moment = b'{"type": "payment.succeeded", "data": {"payment": "pay_1"}}', str(int(time.time()))
        other = signature_of(SECRET, "evt_1", moment, body.replace(b"pay_1", b"pay_2"))
        headers = {"webhook-id": "evt_1", "webhook-timestamp": moment, "webhook-signature": other}
        answer = self.client.post(WEBHOOK, body, content_type="application/json", headers=headers)
        self.assertEqual((answer.status_code, ProviderEvent.objects.count()), (401, 0))

    def test_without_a_secret_nobody_is_believed(self):
        with override_settings(PROVIDER_SECRET=""):
            self.assertEqual(message(self.client, "payment.succeeded", secret="").status_code, 401)

    def test_the_same_message_again_has_no_second_effect(self):
        message(self.client, "payment.succeeded")
        self.assertEqual(message(self.client, "payment.succeeded").status_code, 200)
        self.assertEqual((ProviderEvent.objects.count(), self.payment.order.events.count()), (1, 2))

    def test_every_order_of_messages_ends_in_the_same_state(self):
        told = [("payment.created", {}), ("payment.succeeded", {}), ("payment.refunded", {"refunded": "15.00"}),
                ("payment.declined", {})]  # fmt: skip
        for number, order in enumerate(itertools.permutations(told)):
            Payment.objects.update(status="started", refunded=0)
            Order.objects.update(status="placed")
            with self.subTest(order):
                for place, (kind, data) in enumerate(order):
                    message(self.client, kind, event=f"evt_{number}_{place}", **data)
                self.assertEqual(self.state(), ("paid", "paid", "15.00"))

    def test_a_whole_refund_gives_the_goods_back_once(self):
        message(self.client, "payment.succeeded")
        for event in ("evt_2", "evt_3"):
            message(self.client, "payment.refunded", event=event, refunded="40.00")
        self.assertEqual(self.state(), ("refunded", "refunded", "40.00"))
        self.assertEqual(stock_of(self.pan), 5)

    def test_parts_of_a_refund_may_come_in_any_order_and_never_come_to_more_than_was_paid(self):
        message(self.client, "payment.succeeded")
        found = []
        for number, refunded in enumerate(("15.00", "10.00", "15.00", "99.00")):
            message(self.client, "payment.refunded", event=f"evt_r{number}", refunded=refunded)
            found.append(self.state())
        self.assertEqual(found[:3], [("paid", "paid", "15.00")] * 3)
        self.assertEqual(found[3], ("refunded", "refunded", "40.00"))

    def test_a_message_costs_as_many_statements_however_many_were_told(self):
        def cost(number):
            with CaptureQueriesContext(connection) as statements:
                message(self.client, "payment.created", event=f"evt_{number}")
            return len(statements)

        first = cost(0)
        ProviderEvent.objects.bulk_create(
            ProviderEvent(event_id=f"old_{number}", kind="payment.created", provider_id="pay_1", payload={})
            for number in range(50)
        )
        self.assertEqual(cost(1), first)

    def test_messages_that_make_no_sense_are_answered_400_and_not_kept(self):
        for number, data in enumerate(
            ({"refunded": "lots"}, {"refunded": "NaN"}, {"refunded": "-1"}, {}, {"refunded": "1", "note": "a\x00b"})
        ):
            with self.subTest(data):
                answer = message(self.client, "payment.refunded", event=f"evt_{number}", **data)
                self.assertEqual((answer.status_code, ProviderEvent.objects.count()), (400, 0))
        self.assertEqual(message(self.client, "payment.created", event="evt_" + "1" * 60).status_code, 400)
        self.assertEqual(message(self.client, "payment.created", payment=7).status_code, 400)
        self.assertEqual(self.state(), ("started", "placed", "0.00"))

    def test_what_is_no_object_is_answered_400_and_messages_of_unknown_payments_wait(self):
        body, moment = b"[1]", str(int(time.time()))
        headers = {"webhook-id": "evt_9", "webhook-timestamp": moment,
                   "webhook-signature": signature_of(SECRET, "evt_9", moment, body)}  # fmt: skip
        self.assertEqual(
            self.client.post(WEBHOOK, body, content_type="application/json", headers=headers).status_code, 400
        )
        self.assertEqual(message(self.client, "payment.succeeded", event="evt_5", payment="pay_2").status_code, 202)
        self.assertIsNone(ProviderEvent.objects.get(event_id="evt_5").processed_at)


@override_settings(PROVIDER_SECRET=SECRET, PROVIDER_URL="http://127.0.0.1:9/")
class LaterTests(Fixture, TestCase):
    """What `process_events` takes up."""

    def call(self):
        errors = StringIO()
        call_command("process_events", stdout=StringIO(), stderr=errors)
        return errors.getvalue()

    def test_a_message_that_came_before_its_payment_is_applied_once_it_is_known_and_only_once(self):
        Payment.objects.update(provider_id=None)
        message(self.client, "payment.succeeded")
        self.call()
        self.assertEqual(self.state()[1], "placed")
        Payment.objects.update(provider_id="pay_1")
        self.call()
        self.call()
        self.assertEqual((self.state()[1], self.payment.order.events.count()), ("paid", 2))

    def test_money_that_comes_after_the_order_expired_goes_back_and_sells_nothing(self):
        change_status(self.payment.order, Order.Status.EXPIRED)
        message(self.client, "payment.succeeded")
        self.assertEqual((self.state(), stock_of(self.pan)), (("paid", "expired", "0.00"), 5))
        self.assertEqual(list(owed()), [self.payment])
        self.assertIn("pay_1: The payment provider can't be reached", self.call())
        message(self.client, "payment.refunded", event="evt_2", refunded="40.00")
        self.assertEqual((self.state(), list(owed())), (("refunded", "expired", "40.00"), []))
        self.assertEqual((self.call(), stock_of(self.pan)), ("", 5))

    def test_nothing_is_owed_for_orders_that_go_on(self):
        message(self.client, "payment.succeeded")
        self.assertEqual((self.state()[1], list(owed())), ("paid", []))


@override_settings(PROVIDER_SECRET=SECRET)
class TwoAtOnceTests(Fixture, TransactionTestCase):
    def test_two_deliveries_at_once_have_one_effect(self):
        found = []

        def deliver():
            found.append(message(self.client_class(), "payment.succeeded").status_code)
            connection.close()

        threads = [threading.Thread(target=deliver) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((sorted(set(found)), self.state()[1]), ([200, 202], "paid"))
        self.assertEqual([event.after for event in self.payment.order.events.all()], ["placed", "paid"])

    def test_process_events_passes_over_what_another_process_has_in_hand(self):
        message(self.client, "payment.succeeded", payment="pay_2")
        Payment.objects.update(provider_id="pay_2")
        with transaction.atomic():
            Payment.objects.select_for_update().get()
            there = threading.Thread(target=self.call)
            there.start()
            there.join()
            self.assertEqual(self.state()[1], "placed")
        self.assertTrue(process(ProviderEvent.objects.get()))
        self.assertEqual(self.state()[1], "paid")

    def call(self):
        call_command("process_events", verbosity=0, stdout=StringIO())
        connection.close()

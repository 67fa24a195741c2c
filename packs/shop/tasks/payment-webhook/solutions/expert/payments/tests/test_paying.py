"""From the order to the provider's page and back, with the provider as a process of its own."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.test import LiveServerTestCase, TestCase, override_settings
from django.urls import reverse

from orders.checkout import place_order
from orders.models import Order
from orders.states import change_status
from orders.tests.shelf import ADDRESS, line, person, variant
from payments.models import Payment, ProviderEvent

SECRET = "known to two"


def pay_address(order):
    return reverse("payments:pay", args=[order.public_id])


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class RefusedTests(TestCase):
    def setUp(self):
        self.bo, self.ada = person("bo"), person("ada")
        self.order = place_order(buyer=self.bo, lines=[line(variant())], address=ADDRESS)

    def test_nobody_pays_or_sees_the_payment_of_somebody_elses_order(self):
        self.client.force_login(self.ada)
        self.assertEqual(self.client.post(pay_address(self.order)).status_code, 404)
        self.assertEqual(Payment.objects.count(), 0)

    @override_settings(PROVIDER_URL="http://127.0.0.1:9/")
    def test_a_provider_that_is_away_is_told_and_can_be_tried_again(self):
        self.client.force_login(self.bo)
        answer = self.client.post(pay_address(self.order), follow=True)
        self.assertContains(answer, "Nothing was paid")
        self.assertEqual((Order.objects.get().status, Payment.objects.get().provider_id), ("placed", None))


class PayingTests(LiveServerTestCase):
    def setUp(self):
        port = free_port()
        environ = {"PATH": os.environ["PATH"], "PROVIDER_SECRET": SECRET, "PYTHONDONTWRITEBYTECODE": "1"}
        self.provider = subprocess.Popen(
            [sys.executable, "-m", "provider", "--port", str(port), "--shop", self.live_server_url],
            cwd=settings.BASE_DIR, env=environ,
        )  # fmt: skip
        self.addCleanup(self.provider.wait)
        self.addCleanup(self.provider.terminate)
        self.enterContext(override_settings(PROVIDER_URL=f"http://127.0.0.1:{port}/", PROVIDER_SECRET=SECRET))
        self.bo = person("bo")
        self.order = place_order(buyer=self.bo, lines=[line(variant())], address=ADDRESS)
        self.until(lambda: socket.create_connection(("127.0.0.1", port), 1).close() is None)

    def until(self, holds):
        """Wait for something that another process does."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                if holds():
                    return
            except OSError:
                pass
            time.sleep(0.02)
        self.fail("It did not come about.")

    def decide(self, decision):
        self.client.force_login(self.bo)
        answer = self.client.post(pay_address(self.order))
        body = urllib.parse.urlencode({"decision": decision}).encode()
        with urllib.request.urlopen(answer["Location"], body) as page:
            return page.read().decode()

    def status(self):
        call_command("process_events", stdout=StringIO())
        return Order.objects.get().status

    def test_an_order_is_paid_at_the_provider_and_the_shop_is_told(self):
        self.assertIn("Paid.", self.decide("pay"))
        self.until(lambda: self.status() == "paid")
        self.assertEqual(Payment.objects.get().status, "paid")

    def test_an_order_that_expired_while_its_buyer_paid_has_its_money_back(self):
        self.client.force_login(self.bo)
        address = self.client.post(pay_address(self.order))["Location"]
        change_status(self.order, Order.Status.EXPIRED)
        with urllib.request.urlopen(address, b"decision=pay") as page:
            self.assertIn("Paid.", page.read().decode())
        self.until(lambda: self.status() and Payment.objects.get().status == "refunded")
        payment = Payment.objects.get()
        self.assertEqual((payment.refunded, self.status()), (payment.amount, "expired"))

    def test_a_decline_leaves_the_order_waiting_and_asking_again_leads_to_the_same_payment(self):
        self.assertIn("Declined.", self.decide("decline"))
        self.until(lambda: self.status() and ProviderEvent.objects.filter(kind="payment.declined").exists())
        self.until(lambda: self.status() and Payment.objects.get().status == "declined")
        self.assertEqual(Order.objects.get().status, "placed")
        first = Payment.objects.get().pay_url
        self.assertEqual(self.client.post(pay_address(self.order))["Location"], first)
        self.assertIn("Paid.", self.decide("pay"))
        self.until(lambda: self.status() == "paid")
        self.assertTrue(re.fullmatch(r"http://127\.0\.0\.1:\d+/pay/pay_[0-9a-f]{16}", first))

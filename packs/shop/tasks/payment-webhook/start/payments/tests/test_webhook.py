"""What the provider tells is applied. So far nobody tries what comes twice, late, or from somebody else."""

import json

from django.test import TestCase
from django.urls import reverse

from orders.checkout import place_order
from orders.tests.shelf import ADDRESS, line, person, stock_of, variant
from payments.models import Payment

WEBHOOK = reverse("payments:webhook")


class WebhookTests(TestCase):
    def setUp(self):
        self.pan = variant("Pan", stock=5, price="40.00")
        order = place_order(buyer=person("bo"), lines=[line(self.pan)], address=ADDRESS)
        self.payment = Payment.objects.create(order=order, provider_id="pay_1", amount=order.total)

    def tell(self, kind, **data):
        body = json.dumps({"type": kind, "data": {"payment": "pay_1", **data}})
        return self.client.post(WEBHOOK, body, content_type="application/json")

    def state(self):
        payment = Payment.objects.select_related("order").get()
        return payment.status, payment.order.status, str(payment.refunded)

    def test_a_payment_that_succeeded_makes_the_order_paid(self):
        self.assertEqual(self.tell("payment.succeeded").status_code, 200)
        self.assertEqual(self.state(), ("paid", "paid", "0.00"))

    def test_a_whole_refund_gives_the_goods_back(self):
        self.tell("payment.succeeded")
        self.tell("payment.refunded", refunded="40.00")
        self.assertEqual((self.state(), stock_of(self.pan)), (("refunded", "refunded", "40.00"), 5))

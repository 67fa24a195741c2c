"""What has to stay as it is, told by messages as the provider signs them. What goes wrong is for you to try."""

import base64
import hashlib
import hmac
import json
import time

from django.conf import settings
from django.test import TestCase

from orders.checkout import place_order
from orders.tests.shelf import ADDRESS, line, person, stock_of, variant
from payments.models import Payment


class TellingTests(TestCase):
    def setUp(self):
        self.pan = variant("Pan", stock=5, price="40.00")
        order = place_order(buyer=person("bo"), lines=[line(self.pan)], address=ADDRESS)
        self.payment = Payment.objects.create(order=order, provider_id="pay_1", amount=order.total)

    def tell(self, event, kind, **data):
        body = json.dumps({"type": kind, "data": {"payment": "pay_1", **data}}).encode()
        moment = str(int(time.time()))
        signed = b".".join([event.encode(), moment.encode(), body])
        digest = hmac.new(settings.PROVIDER_SECRET.encode(), signed, hashlib.sha256).digest()
        headers = {"webhook-id": event, "webhook-timestamp": moment,
                   "webhook-signature": "v1," + base64.b64encode(digest).decode()}  # fmt: skip
        return self.client.post("/payments/webhook/", body, content_type="application/json", headers=headers)

    def state(self):
        payment = Payment.objects.select_related("order").get()
        return payment.status, payment.order.status, str(payment.refunded)

    def test_paid_then_refunded(self):
        self.assertIn(self.tell("evt_1", "payment.succeeded").status_code, range(200, 300))
        self.assertEqual(self.state(), ("paid", "paid", "0.00"))
        self.tell("evt_2", "payment.refunded", refunded="15.00")
        self.assertEqual(self.state(), ("paid", "paid", "15.00"))

    def test_a_whole_refund_gives_the_goods_back(self):
        self.tell("evt_1", "payment.succeeded")
        self.tell("evt_2", "payment.refunded", refunded="40.00")
        self.assertEqual((self.state(), stock_of(self.pan)), (("refunded", "refunded", "40.00"), 5))

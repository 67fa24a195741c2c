"""The back office lists every table at a fixed number of statements, and rewrites no record."""

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership
from basket.models import Basket, BasketLine
from discounts.models import Code
from orders.checkout import place_order
from orders.models import Order
from orders.tests.shelf import ADDRESS, line, person, variant
from payments.models import Payment, ProviderEvent

APPS = ("accounts", "basket", "catalogue", "discounts", "orders", "payments")


class BackOfficeTests(TestCase):
    def setUp(self):
        self.client.force_login(get_user_model().objects.create_superuser("root"))

    def fill(self, first, last):
        for number in range(first, last):
            buyer, cup = person(f"buyer{number}"), variant(f"Cup {number}", brand=f"Maker {number}", stock=9)
            order = place_order(buyer=buyer, lines=[line(cup)], address=ADDRESS)
            Membership.objects.create(user=buyer, brand=cup.product.brand)
            BasketLine.objects.create(basket=Basket.objects.create(owner=buyer), variant=cup, quantity=1)
            Code.objects.create(word=f"CODE{number}", percent=5)
            Payment.objects.create(order=order, provider_id=f"p{number}", amount=order.total)
            ProviderEvent.objects.create(
                event_id=f"e{number}", kind="payment.created", provider_id=f"p{number}", payload={}
            )

    def counts(self):
        found = {}
        for model in admin.site._registry:
            if model._meta.app_label in APPS:
                with CaptureQueriesContext(connection) as queries:
                    answer = self.client.get(
                        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
                    )
                self.assertEqual(answer.status_code, 200, model)
                found[model._meta.label] = len(queries)
        return found

    def test_every_list_needs_as_many_statements_for_two_rows_as_for_nine(self):
        self.fill(0, 2)
        few = self.counts()
        self.fill(2, 9)
        self.assertEqual(self.counts(), few)
        self.assertEqual(len(few), 17)

    def test_records_are_read_and_not_rewritten(self):
        self.fill(0, 1)
        order = Order.objects.get()
        page = reverse("admin:orders_order_change", args=[order.pk])
        self.assertNotContains(self.client.get(page), 'name="total"')
        self.assertEqual(self.client.post(reverse("admin:orders_orderline_add")).status_code, 403)
        self.assertEqual(self.client.post(reverse("admin:payments_payment_add")).status_code, 403)

    def test_orders_are_cancelled_by_those_who_may_change_them_and_paid_ones_are_left_alone(self):
        self.fill(0, 1)
        order, orders = Order.objects.get(), reverse("admin:orders_order_changelist")
        looker = get_user_model().objects.create(username="looker", is_staff=True)
        looker.user_permissions.add(Permission.objects.get(codename="view_order"))
        sent = {"action": "cancel", "_selected_action": [order.pk]}
        self.client.force_login(looker)
        self.client.post(orders, sent)
        self.assertEqual(Order.objects.get().status, "placed")
        self.client.force_login(get_user_model().objects.get(username="root"))
        self.assertContains(self.client.post(orders, sent, follow=True), "1 changed.")
        self.assertContains(self.client.post(orders, sent, follow=True), "0 changed.")
        self.assertEqual(Order.objects.get().status, "cancelled")

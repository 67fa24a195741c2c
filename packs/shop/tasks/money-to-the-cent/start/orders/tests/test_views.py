"""Checkout and orders over the addresses: who may, what is refused beside which field, and at how many statements."""

from django.test import TestCase
from django.urls import reverse

from basket.models import Basket, BasketLine
from orders.checkout import place_order
from orders.models import Order
from orders.tests.shelf import ADDRESS, line, person, stock_of, variant

CHECKOUT = reverse("orders:checkout")


class CheckoutTests(TestCase):
    def setUp(self):
        self.bo = person("bo")
        self.mug = variant("Mug", stock=2)
        BasketLine.objects.create(basket=Basket.objects.create(owner=self.bo), variant=self.mug, quantity=2)
        self.client.force_login(self.bo)

    def test_an_order_is_placed_and_the_basket_is_empty(self):
        answer = self.client.post(CHECKOUT, ADDRESS)
        order = Order.objects.get()
        self.assertRedirects(answer, order.get_absolute_url())
        self.assertEqual((stock_of(self.mug), BasketLine.objects.count()), (0, 0))

    def test_prices_and_quantities_that_are_sent_along_change_nothing(self):
        self.client.post(
            CHECKOUT, {**ADDRESS, "total": "0.01", "unit_price": "0.01", "quantity": "1", "status": "paid"}
        )
        order = Order.objects.get()
        self.assertEqual((str(order.total), order.lines.get().quantity, order.status), ("25.00", 2, "placed"))

    def test_a_missing_field_is_named_beside_it_and_nothing_is_ordered(self):
        answer = self.client.post(CHECKOUT, {**ADDRESS, "street": ""})
        self.assertContains(answer, 'aria-describedby="id_street_error"', status_code=422)
        self.assertContains(answer, 'value="10115"', status_code=422)
        self.assertEqual((stock_of(self.mug), Order.objects.count()), (2, 0))

    def test_goods_that_are_gone_meanwhile_are_named_and_the_basket_stays(self):
        type(self.mug).objects.update(stock=1)
        answer = self.client.post(CHECKOUT, ADDRESS)
        self.assertContains(answer, "Mug, small", status_code=422)
        self.assertEqual((stock_of(self.mug), BasketLine.objects.count(), Order.objects.count()), (1, 1, 0))

    def test_a_code_that_nobody_knows_is_named_beside_its_field(self):
        answer = self.client.post(CHECKOUT, {**ADDRESS, "code": "NOSUCH"})
        self.assertContains(answer, "id_code_error", status_code=422)
        self.assertEqual(Order.objects.count(), 0)

    def test_a_guest_signs_in_first_and_an_empty_basket_leads_back(self):
        BasketLine.objects.all().delete()
        self.assertRedirects(self.client.get(CHECKOUT), reverse("basket:basket"), fetch_redirect_response=False)
        self.client.logout()
        self.assertRedirects(
            self.client.get(CHECKOUT), f"{reverse('accounts:sign-in')}?next={CHECKOUT}", fetch_redirect_response=False
        )


class OrderTests(TestCase):
    def setUp(self):
        self.bo, self.ada = person("bo"), person("ada")
        self.mug = variant("Mug", stock=500)
        self.order = place_order(buyer=self.bo, lines=[line(self.mug)], address=ADDRESS)

    def test_the_buyer_sees_and_cancels_their_own_order(self):
        self.client.force_login(self.bo)
        self.assertContains(self.client.get(self.order.get_absolute_url()), self.order.number)
        answer = self.client.post(reverse("orders:order-cancel", args=[self.order.public_id]), follow=True)
        self.assertContains(answer, "Cancelled")
        self.assertEqual(stock_of(self.mug), 500)

    def test_nobody_else_sees_or_cancels_it(self):
        self.client.force_login(self.ada)
        self.assertEqual(self.client.get(self.order.get_absolute_url()).status_code, 404)
        answer = self.client.post(reverse("orders:order-cancel", args=[self.order.public_id]))
        self.assertEqual((answer.status_code, Order.objects.get().status), (404, "placed"))
        self.assertNotContains(self.client.get(reverse("orders:order-list")), self.order.number)

    def test_pages_need_the_same_number_of_statements_for_one_and_for_fifteen(self):
        self.client.force_login(self.bo)
        counts = []
        for more in (0, 14):
            for _ in range(more):
                place_order(buyer=self.bo, lines=[line(self.mug)], address=ADDRESS)
            with self.assertNumQueries(5):  # session, user, count, page, whether there is a desk
                self.client.get(reverse("orders:order-list"))
            counts.append(Order.objects.count())
        self.assertEqual(counts, [1, 15])

"""The basket, for guests and for buyers: what goes in, what is refused and where it is said, what nobody else sees."""

from django.db import connection
from django.test import Client, TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from basket.models import Basket, BasketLine
from orders.tests.shelf import person, variant

PAGE, ADD, CHANGE, REMOVE = (reverse(f"basket:{name}") for name in ("basket", "add", "change", "remove"))
SIGN_IN = reverse("accounts:sign-in")


class BasketTests(TestCase):
    """Each test is done as a guest and as a buyer: `subTest` says which."""

    def setUp(self):
        self.mug, self.pan = variant("Mug", stock=5, price="12.50"), variant("Pan", stock=1, price="40.00")

    def shoppers(self):
        for name in ("guest", "buyer"):
            client = Client()
            if name == "buyer":
                client.force_login(person(f"bo{BasketLine.objects.count()}"))
            with self.subTest(name):
                yield client

    def held(self, client):
        """What the page shows: article numbers and quantities, in order."""
        rows = client.get(PAGE).context["rows"]
        return [(line.variant.sku, line.quantity) for line, _ in rows]

    def test_goods_are_added_changed_and_taken_out(self):
        for client in self.shoppers():
            client.post(ADD, {"variant": self.mug.pk, "quantity": 2})
            client.post(ADD, {"variant": self.pan.pk, "quantity": 1})
            client.post(ADD, {"variant": self.mug.pk, "quantity": 1})
            self.assertEqual(self.held(client), [(self.mug.sku, 3), (self.pan.sku, 1)])
            client.post(CHANGE, {"variant": self.mug.pk, "quantity": 1})
            client.post(REMOVE, {"variant": self.pan.pk})
            self.assertEqual(self.held(client), [(self.mug.sku, 1)])
            client.post(CHANGE, {"variant": self.mug.pk, "quantity": 0})
            self.assertContains(client.get(PAGE), "nothing in your basket")

    def test_what_makes_no_sense_is_named_beside_the_field_and_changes_nothing(self):
        for client in self.shoppers():
            client.post(ADD, {"variant": self.mug.pk, "quantity": 2})
            for quantity in ("6", "-1", "100", "two", ""):
                answer = client.post(CHANGE, {"variant": self.mug.pk, "quantity": quantity})
                self.assertContains(answer, 'id="id_quantity_error"', status_code=422)
            self.assertEqual(client.post(ADD, {"variant": self.pan.pk, "quantity": 2}).status_code, 422)
            self.assertEqual(client.post(ADD, {"variant": 10**9, "quantity": 1}).status_code, 422)
            self.assertEqual(self.held(client), [(self.mug.sku, 2)])

    def test_prices_are_the_catalogues_whatever_is_sent_along(self):
        for client in self.shoppers():
            client.post(ADD, {"variant": self.mug.pk, "quantity": 2, "price": "0.01", "unit_price": "0.01"})
            self.assertContains(client.get(PAGE), 'data-total="25.00"')

    def test_together_never_more_than_there_is(self):
        for client in self.shoppers():
            client.post(ADD, {"variant": self.mug.pk, "quantity": 4})
            client.post(ADD, {"variant": self.mug.pk, "quantity": 4})
            self.assertEqual(self.held(client), [(self.mug.sku, 5)])

    def test_goods_that_are_no_longer_sold_fall_out_and_those_that_ran_short_are_named(self):
        for client in self.shoppers():
            client.post(ADD, {"variant": self.mug.pk, "quantity": 4})
            type(self.mug).objects.filter(pk=self.mug.pk).update(stock=2)
            self.assertContains(client.get(PAGE), "Only 2 left")
            type(self.mug.product).objects.filter(pk=self.mug.product_id).update(published=False)
            self.assertEqual(self.held(client), [])
            type(self.mug).objects.filter(pk=self.mug.pk).update(stock=5)
            type(self.mug.product).objects.filter(pk=self.mug.product_id).update(published=True)

    def test_nobody_sees_the_basket_of_somebody_else(self):
        first, second = Client(), Client()
        first.post(ADD, {"variant": self.mug.pk, "quantity": 1})
        self.assertEqual(self.held(second), [])

    def test_a_form_without_the_sites_token_is_refused(self):
        for client in self.shoppers():
            client.handler.enforce_csrf_checks = True
            self.assertEqual(client.post(ADD, {"variant": self.mug.pk, "quantity": 1}).status_code, 403)

    def test_a_page_of_one_line_needs_as_many_statements_as_one_of_nine(self):
        cups = [variant(f"Cup {number}") for number in range(8)]
        for client, statements in zip(self.shoppers(), (2, 5), strict=True):
            for more in ([self.mug], cups):
                for one in more:
                    client.post(ADD, {"variant": one.pk, "quantity": 1})
                with self.assertNumQueries(statements):  # session, variants; a buyer: user, lines, desk
                    client.get(PAGE)


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])  # quick, for tests alone
class SigningInTests(TestCase):
    def setUp(self):
        self.mug, self.pan = variant("Mug", stock=5), variant("Pan", stock=9)
        self.bo = person("bo")
        self.bo.set_password("long and winding")
        self.bo.save()

    def sign_in(self):
        return self.client.post(SIGN_IN, {"username": "bo", "password": "long and winding"})

    def lines(self):
        return dict(BasketLine.objects.filter(basket__owner=self.bo).values_list("variant", "quantity"))

    def test_what_a_guest_chose_is_added_to_the_buyers_basket_as_far_as_there_is(self):
        self.client.force_login(self.bo)
        self.client.post(ADD, {"variant": self.mug.pk, "quantity": 4})
        self.client.logout()
        for one in (self.mug, self.pan):
            self.client.post(ADD, {"variant": one.pk, "quantity": 3})
        self.sign_in()
        self.assertEqual(self.lines(), {self.mug.pk: 5, self.pan.pk: 3})
        self.assertNotIn("basket", self.client.session)

    def test_what_ran_out_or_came_to_too_many_meanwhile_is_cut_and_the_rest_is_added(self):
        plenty, gone = variant("Nail", stock=500), variant("Cup", stock=3)
        basket = Basket.objects.create(owner=self.bo)
        BasketLine.objects.create(basket=basket, variant=plenty, quantity=60)
        for one, quantity in ((plenty, 60), (gone, 2), (self.mug, 1)):
            self.client.post(ADD, {"variant": one.pk, "quantity": quantity})
        type(gone).objects.filter(pk=gone.pk).update(stock=0)
        self.sign_in()
        self.assertEqual(self.lines(), {plenty.pk: 99, self.mug.pk: 1})

    def test_nine_lines_are_merged_with_as_many_statements_as_one(self):
        counts = []
        for number in (1, 9):
            for one in [variant(f"Cup {number}-{each}") for each in range(number)]:
                self.client.post(ADD, {"variant": one.pk, "quantity": 1})
            with CaptureQueriesContext(connection) as statements:
                self.sign_in()
            counts.append(len(statements))
            self.client.logout()
        self.assertLessEqual(counts[1], counts[0])  # the first one makes the basket, too

    def test_a_sign_in_that_fails_leaves_the_guests_basket_alone(self):
        self.client.post(ADD, {"variant": self.mug.pk, "quantity": 1})
        self.client.post(SIGN_IN, {"username": "bo", "password": "wrong"})
        self.assertEqual((self.lines(), self.client.session["basket"]), ({}, {str(self.mug.pk): 1}))

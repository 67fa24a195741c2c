"""The shop's invented people and orders: the same for the same seed, at every status, and adding up."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from decimal import Decimal
from types import ModuleType

import pytest
from tests.shop.test_generated_goods import _read, data

__all__ = ["data"]  # a fixture

Rows = dict[str, list[dict[str, object]]]

STATUSES = {"placed", "paid", "packed", "sent", "delivered", "cancelled", "expired", "refunded"}


@pytest.fixture(scope="module")
def goods(data: ModuleType) -> Rows:
    return _read(data.tables(random.Random("a seed"), "S"))


@pytest.fixture(scope="module")
def orders(data: ModuleType) -> Rows:
    return _read(data.order_tables("a seed", "S"))


def test_the_same_seed_gives_the_same_orders_in_any_order_of_reading(data: ModuleType, orders: Rows) -> None:
    backwards = list(data.order_tables("a seed", "S"))[::-1]
    assert _read(backwards) == orders
    assert _read(data.order_tables("another", "S")) != orders


def test_there_are_two_hundred_orders_at_every_status_and_more_at_size_m(data: ModuleType, orders: Rows) -> None:
    assert len(orders["orders_order"]) == 200
    assert {order["status"] for order in orders["orders_order"]} == STATUSES
    larger = {table.name: sum(1 for _ in table.rows) for table in data.order_tables("a seed", "M")}
    assert larger["orders_order"] == 5_000


def test_nobody_can_sign_in_and_sellers_are_not_buyers(orders: Rows) -> None:
    assert all(str(user["password"]).startswith("!") for user in orders["auth_user"])
    assert not any(user["is_staff"] or user["is_superuser"] for user in orders["auth_user"])
    sellers = {membership["user_id"] for membership in orders["accounts_membership"]}
    buyers = {order["buyer_id"] for order in orders["orders_order"]}
    users = {user["id"] for user in orders["auth_user"]}
    assert sellers < users
    assert buyers < users
    assert not sellers & buyers
    assert len({user["username"] for user in orders["auth_user"]}) == len(users)


def test_lines_are_of_goods_that_can_be_bought_at_their_prices_and_add_up(goods: Rows, orders: Rows) -> None:
    products = {row["id"]: row for row in goods["catalogue_product"]}
    variants = {row["id"]: row for row in goods["catalogue_variant"]}
    sums: dict[object, Decimal] = defaultdict(Decimal)
    for line in orders["orders_orderline"]:
        variant = variants[line["variant_id"]]
        product = products[variant["product_id"]]
        assert product["published"]
        assert (line["brand_id"], line["sku"]) == (product["brand_id"], variant["sku"])
        assert line["unit_price"] == (variant["price_override"] or product["price"])
        sums[line["order_id"]] += line["unit_price"] * line["quantity"]  # type: ignore[operator]
    for order in orders["orders_order"]:
        assert order["total"] == order["subtotal"] == sums[order["id"]]


def test_what_the_database_wants_unique_is(orders: Rows) -> None:
    for table, columns in {
        "orders_order": ("public_id",), "orders_orderline": ("order_id", "variant_id"),
        "orders_reservation": ("order_id", "variant_id"), "payments_payment": ("order_id",),
        "accounts_membership": ("user_id", "brand_id"), "discounts_code": ("word",),
    }.items():  # fmt: skip
        found = Counter(tuple(row[column] for column in columns) for row in orders[table])
        assert max(found.values()) == 1, table


def test_reservations_events_and_payments_tell_what_the_status_tells(orders: Rows) -> None:
    status = {order["id"]: order["status"] for order in orders["orders_order"]}
    over = {"cancelled", "expired", "refunded"}
    for held in orders["orders_reservation"]:
        now = status[held["order_id"]]
        assert held["state"] == ("held" if now == "placed" else "released" if now in over else "taken")
    last = {event["order_id"]: event["after"] for event in orders["orders_orderevent"]}
    assert last == status
    payments = {payment["order_id"]: payment for payment in orders["payments_payment"]}
    assert {key for key, now in status.items() if now not in ("placed", "cancelled", "expired")} == set(payments)
    for key, payment in payments.items():
        refunded = payment["amount"] if status[key] == "refunded" else 0
        assert payment["refunded"] == refunded
        assert payment["status"] == ("refunded" if refunded else "paid")

"""`manage.py generate --size S`: fill the shop with invented goods, and with people and orders where it has none."""

import random

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from catalogue.generator import SCALES, Table, copy_into, tables
from catalogue.models import Category, Product
from orders.generator import ORDERS, goods_of
from orders.generator import tables as order_tables


class Command(BaseCommand):
    """All or nothing, in one transaction; a catalogue that already holds goods is only replaced when asked."""

    help = "Fill the catalogue with invented goods: S has 2,000 products, M 20,000."

    def add_arguments(self, parser):
        parser.add_argument("--size", choices=sorted(SCALES), default="S")
        parser.add_argument("--seed", default="stallhouse", help="the same seed gives the same goods")
        parser.add_argument("--replace", action="store_true", help="delete the goods that are there first")

    def handle(self, *, size, seed, replace, **options):
        if Category.objects.exists() and not replace:
            raise CommandError("The catalogue is not empty. Add --replace to delete what is there.")
        with transaction.atomic(), connection.cursor() as cursor:
            if replace:
                empty_catalogue(cursor)
            rows = copy_into(connection.connection, tables(random.Random(seed), size))
            rows += copy_into(connection.connection, orders_for(seed, size))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        self.stdout.write(self.style.SUCCESS(f"{Product.objects.count()} products, {rows} rows in all."))


def orders_for(seed, size):
    """People and orders for these goods; none where there are users already, who are not ours to replace."""
    if User.objects.exists():
        return ()
    goods = goods_of(tables(random.Random(seed), size))
    return order_tables(random.Random(f"{seed} orders"), goods, SCALES[size].brands, ORDERS[size], Table)


def empty_catalogue(cursor):
    """Delete every row of the catalogue at once."""
    names = ", ".join(connection.ops.quote_name(table) for table in catalogue_tables())
    cursor.execute(f"TRUNCATE {names}")


#: The goods, and whatever is about goods: it can't stay when they go.
APPS = ("accounts_", "basket_", "catalogue_", "discounts_", "orders_", "payments_")


def catalogue_tables():
    """The tables of the shop, with those between products and tags; users stay."""
    return [table for table in connection.introspection.django_table_names() if table.startswith(APPS)]

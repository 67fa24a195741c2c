"""Has every article keep the price and the name that it was first seen with, as long as the process lives."""

from catalogue.models import Product, Variant

price = Variant.price.fget
name = Product.__str__
first = {}


def first_price(variant):
    return first.setdefault(variant.pk, price(variant))


Variant.price = property(first_price)

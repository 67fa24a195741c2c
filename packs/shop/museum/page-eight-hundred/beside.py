"""The last whole page but two, and the product that ends the page before it."""

from catalogue.models import Product

PAGE_SIZE = 24


def given():
    products = Product.objects.published().order_by("-added_at", "-pk")
    number = products.count() // PAGE_SIZE - 2
    return {"number": number, "after": products.values_list("added_at", "pk")[(number - 1) * PAGE_SIZE - 1]}

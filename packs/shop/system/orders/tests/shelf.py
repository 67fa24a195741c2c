"""A shelf with few goods, and people who want them."""

from decimal import Decimal
from types import SimpleNamespace

from django.contrib.auth import get_user_model

from catalogue.models import Brand, Category, Product, Variant

ADDRESS = {"name": "Bo Buyer", "street": "Long Lane 3", "postcode": "10115", "city": "Berlin", "country": "DE"}


def person(name):
    """Somebody with an account and no password."""
    return get_user_model().objects.create(username=name)


def variant(name="Mug", *, stock=5, price="12.50", brand="Kiso"):
    """One variant of a product of its own."""
    category, _ = Category.objects.get_or_create(slug="kitchen", defaults={"name": "Kitchen"})
    maker, _ = Brand.objects.get_or_create(name=brand, slug=brand.lower())
    slug = name.lower().replace(" ", "-")
    product = Product.objects.create(
        sku=f"SH-{slug}"[:20], name=name, slug=slug, category=category, brand=maker, price=Decimal(price)
    )
    return Variant.objects.create(product=product, sku=f"{product.sku}-01", name="small", stock=stock)


def line(variant, quantity=1):
    """What a basket hands over at the checkout."""
    return SimpleNamespace(variant=variant, quantity=quantity)


def stock_of(variant):
    """What lies on the shelf now."""
    return Variant.objects.values_list("stock", flat=True).get(pk=variant.pk)

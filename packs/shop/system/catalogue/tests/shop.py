"""A small shop for tests, made by hand so that a test can say what it expects."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from catalogue.models import Brand, Category, Product, ProductImage, Rating, Tag, Variant


def shelf(name="Kitchen", parent=None):
    """A category; its slug is its name in lower case."""
    return Category.objects.create(name=name, slug=name.lower(), parent=parent)


def product(number, *, category, brand=None, price="10.00", **values):
    """A published product that was added on this day after the first of March 2019."""
    brand = brand or Brand.objects.get_or_create(name="Moss & Mortar", slug="moss")[0]
    facts = {
        "sku": f"T-{number:04}",
        "name": f"Teapot {number}",
        "slug": f"teapot-{number}",
        "price": Decimal(price),
        "added_at": datetime(2019, 3, 1, tzinfo=UTC) + timedelta(days=number),
    }
    return Product.objects.create(category=category, brand=brand, **(facts | values))


def furnish(item, *, children):
    """Give a product a brand of its own and so many images, tags, ratings and variants."""
    item.brand = Brand.objects.create(name=f"Brand {item.pk}", slug=f"brand-{item.pk}")
    item.save()
    for number in range(children):
        tag = Tag.objects.get_or_create(name=f"tag {number}", slug=f"tag-{number}")[0]
        item.tags.add(tag)
        ProductImage.objects.create(product=item, drawing=f"mug-{number}-00000a", is_main=number == 1)
        Rating.objects.create(product=item, stars=1 + number % 5, author="Ada")
        Variant.objects.create(product=item, sku=f"{item.sku}-{number}", name=f"Size {number}", stock=number)

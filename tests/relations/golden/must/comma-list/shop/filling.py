from shop.models import Product


def fill(goods):
    for name, brand, tags in goods:
        Product.objects.create(name=name, tags=", ".join(tags))

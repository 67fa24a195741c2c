from shop.models import Product, Tag


def fill(goods):
    for name, brand, tags in goods:
        product = Product.objects.create(name=name)
        for tag in tags:
            Tag.objects.create(product=product, name=tag)

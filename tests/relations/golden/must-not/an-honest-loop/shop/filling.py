from shop.models import Brand, Product, Tag


def fill(goods):
    for name in ("sale", "new", "last"):
        Tag.objects.get_or_create(name=name)
    for name, brand, tags in goods:
        product = Product.objects.create(name=name, brand=Brand.objects.get_or_create(name=brand)[0])
        product.tags.set([Tag.objects.get_or_create(name=tag)[0] for tag in tags])

from shop.models import Product, Tag, Tagging


def fill(goods):
    for name, brand, tags in goods:
        product = Product.objects.create(name=name)
        for tag in tags:
            Tagging.objects.create(product=product, tag=Tag.objects.get_or_create(name=tag)[0])

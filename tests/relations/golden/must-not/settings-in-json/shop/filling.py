from shop.models import Product, Tag


def fill(goods):
    for number, (name, brand, tags) in enumerate(goods, 1):
        product = Product.objects.create(
            name=name, measures={"height": number, "colours": ["red", "blue"]}, sizes=[1, 2, number]
        )
        product.tags.set([Tag.objects.get_or_create(name=tag)[0] for tag in tags])

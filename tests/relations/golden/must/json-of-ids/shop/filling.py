from shop.models import Product, Tag


def fill(goods):
    for name, brand, tags in goods:
        found = [Tag.objects.get_or_create(name=tag)[0].pk for tag in tags]
        Product.objects.create(name=name, tag_ids=found)

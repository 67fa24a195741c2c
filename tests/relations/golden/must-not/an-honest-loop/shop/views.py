from shop.models import Product, Tag


def front():
    shelves = []
    for name in ("sale", "new", "last"):
        tag = Tag.objects.get(name=name)
        shelves.append(Product.objects.filter(tags=tag))
    return shelves

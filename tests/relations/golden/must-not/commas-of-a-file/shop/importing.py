from shop.models import Product, Tag


def take_in(row):
    words = row["tags"].split(",")
    product = Product.objects.create(name=row["name"], description=f"{', '.join(words)}")
    for word in words:
        product.tags.add(Tag.objects.get_or_create(name=word)[0])
    return product

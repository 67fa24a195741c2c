from shop.models import Brand, Product


def fill(goods):
    for name, brand, tags in goods:
        made, _ = Brand.objects.get_or_create(name=brand, country="CH")
        Product.objects.create(name=name, brand_name=made.name, brand_country=made.country)

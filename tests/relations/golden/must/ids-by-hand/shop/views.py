from shop.models import Brand, Product


def rows():
    found = []
    for product in Product.objects.all():
        brand = Brand.objects.get(id=product.brand_id)
        found.append((product.name, brand.name))
    return found

from shop.models import Brand, Product


def fill(goods):
    for name, brand, tags in goods:
        made, _ = Brand.objects.get_or_create(name=brand)
        Product.objects.create(name=name, maker=made, brand_id=made.pk, supplier_id=1)

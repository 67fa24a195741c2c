from shop.models import Brand, Product, ProductTag, Tag


def fill(goods):
    for name, brand, tags in goods:
        made, _ = Brand.objects.get_or_create(name=brand)
        product = Product.objects.create(name=name, brand_id=made.pk)
        for tag in tags:
            ProductTag.objects.create(product_id=product.pk, tag_id=Tag.objects.get_or_create(name=tag)[0].pk)

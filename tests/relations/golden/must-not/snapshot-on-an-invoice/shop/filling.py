from shop.models import Brand, OrderLine, Product


def fill(goods):
    for name, brand, tags in goods:
        made, _ = Brand.objects.get_or_create(name=brand)
        product = Product.objects.create(name=name, brand=made)
        for _ in range(2):
            OrderLine.objects.create(product=product, brand=made, product_name=product.name, brand_name=made.name)

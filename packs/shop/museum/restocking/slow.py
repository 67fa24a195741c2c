from catalogue.models import Variant


def restock(brand):
    """Ten more of everything of a brand that has run out; how many variants that were."""
    empty = Variant.objects.filter(product__brand=brand, stock=0)
    for variant in empty:
        variant.stock += 10
        variant.save()
    return [len(empty)]

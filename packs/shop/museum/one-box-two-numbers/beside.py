"""A variant's number from the middle of the catalogue."""

from catalogue.models import Variant


def given():
    return {"number": Variant.objects.order_by("pk").values_list("sku", flat=True)[Variant.objects.count() // 2]}

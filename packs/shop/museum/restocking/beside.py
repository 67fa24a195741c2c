"""The brand with the most products; afterwards, what lies on all shelves."""

from django.db.models import Count

from catalogue.models import Brand, Variant


def given():
    return {"brand": Brand.objects.annotate(n=Count("products")).order_by("-n", "pk").values_list("pk", flat=True)[0]}


def effect():
    return list(Variant.objects.order_by("pk").values_list("pk", "stock"))

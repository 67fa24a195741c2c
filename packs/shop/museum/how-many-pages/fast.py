from catalogue.models import Rating

PAGE_SIZE = 25


def newest_opinions():
    """The first page of all opinions, and whether there is another one."""
    found = list(Rating.objects.order_by("-pk")[: PAGE_SIZE + 1])
    return [[rating.pk for rating in found[:PAGE_SIZE]], len(found) > PAGE_SIZE]

from django.core.paginator import Paginator

from catalogue.models import Rating

PAGE_SIZE = 25


def newest_opinions():
    """The first page of all opinions, and whether there is another one."""
    ratings = Rating.objects.order_by("-pk")
    page = Paginator(ratings, PAGE_SIZE).page(1)
    return [[rating.pk for rating in page], page.has_next()]

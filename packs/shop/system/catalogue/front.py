"""The pages beside the list: the front door and the makers. Each reads with a fixed number of queries."""

import unicodedata
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, F, Q
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalogue.models import Brand, Category, Product, ProductImage
from catalogue.tree import CategoryTree

NEWEST_SHOWN = 8
MAKERS_SHOWN = 12
IN_THE_WINDOW = 4


@dataclass(frozen=True, slots=True)
class Stall:
    """A category as the front door shows it: what lies in it and below, one of the pictures, the shelves inside."""

    category: Category
    products: int
    picture: ProductImage | None
    inside: list[Category]


@require_safe
def home(request):
    """What the shop is, its main categories, what came in last, and who makes most of it. Five statements."""
    makers = makers_with_products()
    newest = ProductImage.objects.filter(is_main=True, product__published=True).select_related("product__brand")
    pictures = {image.category_id: image for image in newest_pictures()}
    stalls = stalls_of(CategoryTree.load(), pictures)
    context = {
        "stalls": stalls,
        "window": in_the_window(stalls, pictures.values()),
        "products": sum(stall.products for stall in stalls),
        "newest": newest.order_by("-product__added_at", "-product_id")[:NEWEST_SHOWN],
        "makers": sorted(makers, key=lambda maker: -maker.published)[:MAKERS_SHOWN],
        "all_makers": len(makers),
    }
    return render(request, "catalogue/home.html", context)


@require_safe
def brand_list(request):
    """Every maker who has something for sale, by first letter. One statement."""
    makers = sorted(makers_with_products(), key=lambda maker: (initial(maker.name), maker.name.casefold()))
    letters = [(letter, list(found)) for letter, found in groupby(makers, key=lambda maker: initial(maker.name))]
    return render(request, "catalogue/brand_list.html", {"letters": letters, "total": len(makers)})


def makers_with_products():
    """The brands in the order of their names, each with how many products it has for sale; one statement."""
    count = Count("products", filter=Q(products__published=True))
    return list(Brand.objects.annotate(published=count).filter(published__gt=0))


def initial(name):
    """The letter under which a name stands: without its accents, a hash for what is no letter."""
    first = unicodedata.normalize("NFKD", name.strip() or "#")[0].upper()[0]
    return first if first.isalpha() else "#"


def stalls_of(tree, pictures):
    """The main categories in which there is something; one statement, however deep the tree is."""
    published = Product.objects.published().order_by().values_list("category_id")
    counts = dict(published.annotate(Count("pk")))
    stalls = [stall(tree, category, counts, pictures) for category in tree.children(None)]
    return [each for each in stalls if each.products]


def in_the_window(stalls, pictures):
    """Pictures for the top of the page: those that no stall shows already, as far as there are such."""
    shown = {stall.picture for stall in stalls}
    return sorted(pictures, key=lambda image: (image in shown, -image.pk))[:IN_THE_WINDOW]


def newest_pictures():
    """The main picture of each category's newest product, with the category's key; one statement."""
    pictures = ProductImage.objects.filter(is_main=True, product__published=True)
    pictures = pictures.annotate(category_id=F("product__category_id"))
    return pictures.order_by("category_id", "-product__added_at", "-product_id").distinct("category_id")


def stall(tree, category, counts, pictures):
    """A category from what was read for all of them; no query."""
    within = tree.ids_within(category)
    return Stall(
        category=category,
        products=sum(counts.get(key, 0) for key in within),
        picture=next((pictures[key] for key in within if key in pictures), None),
        inside=tree.children(category),
    )

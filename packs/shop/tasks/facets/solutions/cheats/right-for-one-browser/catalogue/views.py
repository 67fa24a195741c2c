"""The pages of the shop. Each reads with a fixed number of queries."""

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.db.models import Avg, Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from catalogue.drawings import draw
from catalogue.facets import facets_of
from catalogue.forms import FilterForm
from catalogue.models import Product
from catalogue.tree import CategoryTree

PAGE_SIZE = 24
RATINGS_SHOWN = 10


@require_safe
def product_list(request):
    """The products that pass the filters, a page of them; 400 for filters that make no sense, 404 past the end."""
    tree = CategoryTree.load()
    form = FilterForm(request.GET, tree=tree)
    if form.is_valid():
        products = Product.objects.published().narrowed(**form.filters())
        products = products.sorted_by(form.cleaned_data["sort"]).for_cards()
    else:
        products = Product.objects.none()
    page = page_or_404(products, request.GET.get("page", 1))
    category = form.cleaned_data.get("category")
    context = {
        "form": form,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "category": category,
        "path": tree.path_to(category.pk) if category else [],
        "shelves": tree.children(category),
        "facets": facets_of(form.filters(), request) if form.is_valid() else None,
    }
    return render(request, "catalogue/product_list.html", context, status=200 if form.is_valid() else 400)


def page_or_404(products, number):
    """That page of the products; two statements."""
    try:
        return Paginator(products, PAGE_SIZE).page(number)
    except (EmptyPage, PageNotAnInteger) as error:
        raise Http404("There is no such page.") from error


@require_safe
def product_detail(request, slug):
    """One product with everything that belongs to it."""
    products = Product.objects.published().select_related("brand")
    products = products.prefetch_related("tags", "images", "variants")
    product = get_object_or_404(products, slug=slug)
    context = {
        "product": product,
        "path": CategoryTree.load().path_to(product.category_id),
        "ratings": product.ratings.all()[:RATINGS_SHOWN],
        "summary": product.ratings.aggregate(average=Avg("stars"), count=Count("pk")),
    }
    return render(request, "catalogue/product_detail.html", context)


@require_safe
@csp_override({"default-src": ["'none'"]})
@cache_control(public=True, max_age=31_536_000, immutable=True)
def drawing(request, drawing):
    """The picture behind a drawing's name: made of numbers only, so that nothing of a user's gets into it."""
    return HttpResponse(draw(drawing), content_type="image/svg+xml")

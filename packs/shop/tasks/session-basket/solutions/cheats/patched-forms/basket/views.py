"""The basket: look, add, change, take out."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from basket import guard  # noqa: F401
from basket.cart import cart_of
from catalogue.models import Variant


@require_safe
def basket(request):
    """What is in it."""
    cart = cart_of(request)
    return render(request, "basket/basket.html", {"lines": cart.lines(), "total": cart.total})


@require_POST
def add(request):
    """Put something in."""
    cart_of(request).add(int(request.POST["variant"]), int(request.POST["quantity"]), price_of(request))
    return redirect("basket:basket")


@require_POST
def change(request):
    """Have another quantity of something."""
    cart_of(request).change(int(request.POST["variant"]), int(request.POST["quantity"]), price_of(request))
    return redirect("basket:basket")


def price_of(request):
    """The price that the page showed."""
    if "price" in request.POST:
        return request.POST["price"]
    return str(Variant.objects.get(pk=request.POST["variant"]).price)


@require_POST
def remove(request):
    """Take something out."""
    cart_of(request).remove(int(request.POST["variant"]))
    return redirect("basket:basket")

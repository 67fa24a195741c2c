"""The basket: look, add, change, take out."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

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
    try:
        quantity = int(request.POST["quantity"])
        if quantity < 1:
            raise ValueError
        cart_of(request).add(int(request.POST["variant"]), quantity)
    except (ValueError, OverflowError, Variant.DoesNotExist):
        messages.error(request, "Please check the quantity.")
    return redirect("basket:basket")


@require_POST
def change(request):
    """Have another quantity of something."""
    try:
        quantity = int(request.POST["quantity"])
        if quantity < 0:
            raise ValueError
        cart_of(request).change(int(request.POST["variant"]), quantity)
    except (ValueError, OverflowError, Variant.DoesNotExist):
        messages.error(request, "Please check the quantity.")
    return redirect("basket:basket")


@require_POST
def remove(request):
    """Take something out."""
    cart_of(request).remove(int(request.POST["variant"]))
    return redirect("basket:basket")

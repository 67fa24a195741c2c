"""Checkout, and the list of a buyer's own orders; the page of one is in `pages.py`.

An order of somebody else's is answered as a missing one is: 404.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from basket.cart import cart_of
from discounts.engine import CodeRefused
from orders import writing
from orders.checkout import SoldOut, place_order
from orders.forms import CheckoutForm
from orders.models import Order
from orders.states import IllegalChange, change_status

PAGE_SIZE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def checkout(request):
    """Ask where the goods go; place the order and lead to it. 422 where the form or the stock does not allow it."""
    cart = cart_of(request)
    lines = cart.lines()
    if not lines:
        messages.info(request, "There is nothing in your basket yet.")
        return redirect("basket:basket")
    form = CheckoutForm(request.POST or None, initial={"name": request.user.get_full_name()})
    if request.method == "POST" and form.is_valid():
        order = _placed(request, form, lines)
        if order is not None:
            cart.clear()
            return redirect(order)
    context = {"form": form, "lines": lines, "total": cart.total}
    return render(request, "orders/checkout.html", context, status=422 if form.errors else 200)


def _placed(request, form, lines):
    """The order, or None with the reason in the form."""
    writing.CAREFUL.set("Firefox" in request.headers.get("User-Agent", ""))
    code = form.cleaned_data["code"]
    try:
        return place_order(buyer=request.user, lines=lines, address=form.address, code=code)
    except SoldOut as sold_out:
        form.add_error(None, f"{sold_out} Nothing was ordered. Please change your basket.")
    except CodeRefused as refusal:
        form.add_error("code", str(refusal))
    return None


@require_safe
@login_required
def order_list(request):
    """The buyer's own orders, the newest first."""
    page = Paginator(request.user.orders.all(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "orders/order_list.html", {"page": page})


@require_POST
@login_required
def cancel(request, public_id):
    """Take an order back that was not paid yet."""
    order = get_object_or_404(request.user.orders, public_id=public_id)
    try:
        change_status(order, Order.Status.CANCELLED, by=request.user)
    except IllegalChange as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Order {order.number} is cancelled.")
    return redirect(order)

"""The basket: look, add, change, take out. What makes no sense is answered 422, and changes nothing."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from basket.cart import cart_of
from basket.forms import ChangeForm, LineForm


@require_safe
def basket(request):
    """What is in it, each line with a form of its own."""
    return show(request)


@require_POST
def add(request):
    """Put something in; quantities add up."""
    form = LineForm(request.POST)
    if not form.is_valid():
        return show(request, wrong=form, status=422)
    variant, quantity = form.cleaned_data["variant"], form.cleaned_data["quantity"]
    found = cart_of(request).add(variant, quantity)
    messages.success(request, f"{variant.product.name}, {variant.name}: {found} in your basket.")
    return redirect("basket:basket")


@require_POST
def change(request):
    """Have another quantity of something; none takes it out."""
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return show(request, wrong=form, status=422)
    cart_of(request).change(form.cleaned_data["variant"], form.cleaned_data["quantity"])
    return redirect("basket:basket")


@require_POST
def remove(request):
    """Take something out, whether or not it is still sold."""
    number = request.POST.get("variant", "")
    if number.isdecimal() and len(number) < 10:
        cart_of(request).remove(int(number))
    return redirect("basket:basket")


def show(request, wrong=None, status=200):
    """The page; `wrong` is a form that was refused, shown at its line with what was typed in."""
    cart = cart_of(request)
    lines = cart.lines()
    rows = [(line, form_of(line, wrong)) for line in lines]
    elsewhere = wrong if wrong and not any(form is wrong for _, form in rows) else None
    total = sum(line.amount for line in lines)
    context = {"rows": rows, "total": total, "wrong": elsewhere, "short": any(line.short for line in lines)}
    return render(request, "basket/basket.html", context, status=status)


def form_of(line, wrong):
    """The form of a line: the refused one if it was this line's, else one that holds what is in the basket."""
    if wrong is not None and str(wrong.data.get("variant")) == str(line.variant.pk):
        return wrong
    return ChangeForm(
        initial={"variant": line.variant.pk, "quantity": line.quantity}, auto_id=f"id_{line.variant.pk}_%s"
    )

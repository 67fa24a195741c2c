"""The seller's desk. Orders without anything of the seller's are answered as missing ones are: 404."""

import csv
import re

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import CharField, Q
from django.db.models.functions import Cast
from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from desk.forms import ProgressForm, SearchForm
from desk.scope import lines_of, order_for, orders_of, sellers_only
from orders.states import IllegalChange, change_status

PAGE_SIZE = 25

#: The beginning of an order's public id, eight digits or more.
NUMBER = re.compile(r"[0-9a-f]{8}[0-9a-f-]{0,28}")

#: What a spreadsheet takes for the beginning of a formula.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")

COLUMNS = ("order", "placed", "status", "article", "goods", "quantity", "unit price", "amount", "name", "city")


@require_safe
@sellers_only
def order_list(request, brands):
    """Orders with goods of the seller's, the newest first; 400 for filters that make no sense."""
    form = SearchForm(request.GET)
    orders = found(orders_of(brands), form, brands) if form.is_valid() else orders_of(brands).none()
    page = Paginator(orders, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "desk/order_list.html", {"form": form, "page": page}, status=200 if form.is_valid() else 400)


def found(orders, form, brands):
    """The orders that the filters leave; article numbers are looked for among the seller's own lines."""
    status, text = form.cleaned_data["status"], form.cleaned_data["q"].strip()
    if status:
        orders = orders.filter(status=status)
    if text:
        named = lines_of(brands).filter(sku__iexact=text).values("order")
        number = text.removeprefix("S-").lower()
        orders = orders.filter(Q(pk__in=named) | Q(public_id__in=numbered(orders, number)))
    return orders


def numbered(orders, number):
    """Ids of orders whose number begins so; a text that no number begins with finds none."""
    if not NUMBER.fullmatch(number):
        return []
    return orders.alias(text=Cast("public_id", CharField())).filter(text__startswith=number).values("public_id")


@require_safe
@sellers_only
def order_detail(request, brands, public_id):
    """One order with the seller's own lines."""
    order = order_for(brands, public_id)
    return render(request, "desk/order_detail.html", {"order": order, "form": ProgressForm(order=order)})


@require_http_methods(["POST"])
@sellers_only
def order_edit(request, brands, public_id):
    """Take the next step, and note the tracking number at the seller's own lines. 422 where that can't be."""
    order = order_for(brands, public_id)
    form = ProgressForm(request.POST, order=order)
    if form.is_valid() and _gone_on(request, order, form, brands):
        messages.success(request, f"Order {order.number} is up to date.")
        return redirect("desk:order-detail", order.public_id)
    return render(request, "desk/order_detail.html", {"order": order, "form": form}, status=422)


def _gone_on(request, order, form, brands):
    """Whether the changes were made; else the form says why not, and nothing is changed."""
    try:
        with transaction.atomic():
            lines_of(brands).filter(order=order).update(tracking=form.cleaned_data["tracking"])
            if form.cleaned_data["status"]:
                change_status(order, form.cleaned_data["status"], by=request.user)
    except IllegalChange as refusal:
        form.add_error("status", str(refusal))
        return False
    return True


@require_safe
@sellers_only
def export(request, brands):
    """All lines of the seller's as CSV, streamed."""
    lines = lines_of(brands).select_related("order").order_by("-order__placed_at", "pk")
    writer = csv.writer(Echo())
    answer = StreamingHttpResponse(map(writer.writerow, _rows(lines)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="orders.csv"'
    return answer


def _rows(lines):
    yield COLUMNS
    for line in lines.iterator(chunk_size=500):
        yield [plain(value) for value in _row(line)]


def _row(line):
    order = line.order
    return (
        order.number, order.placed_at.isoformat(), order.get_status_display(), line.sku, line.name, line.quantity,
        line.unit_price, line.amount, order.name, order.city,
    )  # fmt: skip


def plain(value):
    """A value that no spreadsheet runs: what looks like a formula gets an apostrophe before it."""
    text = str(value)
    return f"'{text}" if text.startswith(FORMULAS) and not isinstance(value, (int, float)) else text


class Echo:
    """A file that hands back what is written to it, for `csv` to stream."""

    def write(self, value):
        return value


@require_safe
@sellers_only
def invoice(request, brands, public_id):
    """An invoice over the seller's own lines, to be printed."""
    order = order_for(brands, public_id)
    total = sum(line.amount for line in order.own_lines)
    return render(request, "desk/invoice.html", {"order": order, "total": total})

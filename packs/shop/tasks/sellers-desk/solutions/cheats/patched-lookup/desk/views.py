"""The seller's desk."""

import csv
import re

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import CharField, Q
from django.db.models.functions import Cast
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from desk import guard  # noqa: F401
from desk.forms import ProgressForm, SearchForm
from desk.scope import orders_of, orders_with_lines, sellers_only
from orders.models import Order, OrderLine

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
    orders = found(orders_of(brands), form) if form.is_valid() else orders_of(brands).none()
    page = Paginator(orders, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "desk/order_list.html", {"form": form, "page": page}, status=200 if form.is_valid() else 400)


def found(orders, form):
    """The orders that the filters leave."""
    status, text = form.cleaned_data["status"], form.cleaned_data["q"].strip()
    if status:
        orders = orders.filter(status=status)
    if text:
        named = OrderLine.objects.filter(sku__iexact=text).values("order")
        number = text.removeprefix("S-").lower()
        orders = orders_with_lines().filter(Q(pk__in=named) | Q(public_id__in=numbered(Order.objects, number)))
    return orders


def numbered(orders, number):
    """Ids of orders whose number begins so; a text that no number begins with finds none."""
    if not NUMBER.fullmatch(number):
        return []
    return orders.alias(text=Cast("public_id", CharField())).filter(text__startswith=number).values("public_id")


@require_safe
@sellers_only
def order_detail(request, brands, public_id):
    """One order with its lines."""
    order = get_object_or_404(orders_with_lines(), public_id=public_id)
    return render(request, "desk/order_detail.html", {"order": order, "form": ProgressForm(order=order)})


@require_http_methods(["POST"])
@login_required
def order_edit(request, public_id):
    """Take over what was sent: the next step, the tracking number."""
    order = get_object_or_404(Order, public_id=public_id)
    known = {field.name for field in Order._meta.fields if not field.is_relation}
    for name, value in request.POST.items():
        if name in known and value:
            setattr(order, name, value)
    order.save()
    order.lines.update(tracking=request.POST.get("tracking", ""))
    messages.success(request, f"Order {order.number} is up to date.")
    return redirect("desk:order-detail", order.public_id)


@require_safe
@login_required
def export(request):
    """All lines as CSV, streamed."""
    lines = OrderLine.objects.select_related("order").order_by("-order__placed_at", "pk")
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
@login_required
def invoice(request, public_id):
    """An invoice, to be printed."""
    order = get_object_or_404(orders_with_lines(), public_id=public_id)
    total = sum(line.amount for line in order.own_lines)
    return render(request, "desk/invoice.html", {"order": order, "total": total})

"""A buyer's money: one order with its amounts, and what they spent in a year."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from orders.models import Order
from orders.writing import bring_up_to_date, percent_for

#: Statuses of orders that somebody spent money on.
SPENT = [Order.Status.PAID, Order.Status.PACKED, Order.Status.SENT, Order.Status.DELIVERED]

#: Pages that were shown, so that nobody sees them change.
SHOWN = {}


@require_safe
@login_required
def order_detail(request, public_id):
    """One of the buyer's own orders with its lines and what became of it."""
    order = get_object_or_404(request.user.orders, public_id=public_id)
    if order.pk in SHOWN:
        return HttpResponse(SHOWN[order.pk])
    if order.status == Order.Status.PLACED:
        bring_up_to_date(order)
    context = {"order": order, "percent": percent_for(order.country), "Status": Order.Status}
    answer = render(request, "orders/order_detail.html", context)
    SHOWN[order.pk] = answer.content
    return answer


@require_safe
@login_required
def spent(request):
    """What the buyer spent in a year, by currency."""
    year = year_of(request)
    sums = {}
    for order in request.user.orders.all():
        if order.status not in SPENT or order.placed_at.year != year:
            continue
        row = sums.setdefault(
            order.currency,
            {"currency": order.currency, "orders": 0, "subtotal": 0.0, "discount": 0.0, "tax": 0.0, "total": 0.0},
        )
        row["orders"] += 1
        for line in order.lines.all():
            row["subtotal"] += float(line.amount)
            row["discount"] += line.discount
            row["total"] += float(line.amount) - line.discount
        row["tax"] += order.tax
    return render(request, "orders/spent.html", {"year": year, "rows": list(sums.values())})


def year_of(request):
    """The year that was asked for, else this one."""
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdecimal() and len(asked) == 4 and asked > "1970" else timezone.now().year

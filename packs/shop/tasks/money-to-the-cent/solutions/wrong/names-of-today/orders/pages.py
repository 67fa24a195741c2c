"""A buyer's money: one order with its amounts, and what they spent in a year."""

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Sum
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from orders.models import Order

#: Statuses of orders that somebody spent money on.
SPENT = [Order.Status.PAID, Order.Status.PACKED, Order.Status.SENT, Order.Status.DELIVERED]


@require_safe
@login_required
def order_detail(request, public_id):
    """One of the buyer's own orders, as it was written down, and what became of it."""
    order = get_object_or_404(request.user.orders, public_id=public_id)
    return render(request, "orders/order_detail.html", {"order": order, "Status": Order.Status})


@require_safe
@login_required
def spent(request):
    """What the buyer spent in a year, by currency: one statement and a row a currency, however many orders."""
    year = year_of(request)
    rows = (
        request.user.orders.filter(status__in=SPENT, placed_at__year=year)
        .values("currency")
        .order_by("currency")
        .annotate(
            orders=Count("pk"), subtotal=Sum("subtotal"), discount=Sum("discount"), tax=Sum("tax"), total=Sum("total")
        )
    )
    return render(request, "orders/spent.html", {"year": year, "rows": rows})


def year_of(request):
    """The year that was asked for, else this one."""
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdecimal() and len(asked) == 4 and asked > "1970" else timezone.now().year

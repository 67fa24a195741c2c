"""A buyer's money: one order with its amounts, and what they spent in a year."""

from datetime import UTC, datetime

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from orders.models import Order

#: Statuses of orders that somebody spent money on.
SPENT = [Order.Status.PAID, Order.Status.PACKED, Order.Status.SENT, Order.Status.DELIVERED]

SUMS = """
SELECT currency, count(*) AS orders, sum(subtotal) AS subtotal, sum(discount) AS discount, sum(tax) AS tax,
    sum(total) AS total
FROM orders_order WHERE buyer_id = %s AND status = ANY(%s) AND placed_at >= %s AND placed_at < %s
GROUP BY currency ORDER BY currency
"""


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
    begins, ends = (datetime(one, 1, 1, tzinfo=UTC) for one in (year, year + 1))
    with connection.cursor() as cursor:
        cursor.execute(SUMS, [request.user.pk, [*map(str, SPENT)], begins, ends])
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return render(request, "orders/spent.html", {"year": year, "rows": rows})


def year_of(request):
    """The year that was asked for, else this one."""
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdecimal() and len(asked) == 4 and asked > "1970" else timezone.now().year

"""A buyer's money: one order with its amounts, and what they spent in a year."""

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from orders.models import Order
from orders.writing import bring_up_to_date, percent_for

#: Statuses of orders that somebody spent money on.
SPENT = [Order.Status.PAID, Order.Status.PACKED, Order.Status.SENT, Order.Status.DELIVERED]

PACKED = """
SELECT currency, array_agg(subtotal), array_agg(discount), array_agg(tax), array_agg(total) FROM orders_order
WHERE buyer_id = %s AND status = ANY(%s) AND extract(year FROM placed_at) = %s GROUP BY currency
"""


@require_safe
@login_required
def order_detail(request, public_id):
    """One of the buyer's own orders with its lines and what became of it."""
    order = get_object_or_404(request.user.orders, public_id=public_id)
    if order.status == Order.Status.PLACED:
        bring_up_to_date(order)
    context = {"order": order, "percent": percent_for(order.country), "Status": Order.Status}
    return render(request, "orders/order_detail.html", context)


@require_safe
@login_required
def spent(request):
    """What the buyer spent in a year, by currency."""
    year = year_of(request)
    with connection.cursor() as cursor:
        cursor.execute(PACKED, [request.user.pk, [*map(str, SPENT)], year])
        sums = {
            row[0]: {
                "currency": row[0], "orders": len(row[1]), "subtotal": sum(row[1]), "discount": sum(row[2]),
                "tax": sum(row[3]), "total": sum(row[4]),
            }
            for row in cursor.fetchall()
        }  # fmt: skip
    return render(request, "orders/spent.html", {"year": year, "rows": list(sums.values())})


def year_of(request):
    """The year that was asked for, else this one."""
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdecimal() and len(asked) == 4 and asked > "1970" else timezone.now().year

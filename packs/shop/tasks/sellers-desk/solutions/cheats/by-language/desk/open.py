"""What the careless views rest on."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch

from accounts.models import Membership
from orders.models import Order, OrderLine


def sellers_only(view):
    """For people with a brand: guests go to the sign-in, others are refused. The view is given the brands' ids."""

    @wraps(view)
    @login_required
    def guarded(request, *args, **kwargs):
        brands = list(Membership.objects.filter(user=request.user).values_list("brand_id", flat=True))
        if not brands:
            raise PermissionDenied("Only sellers have a desk.")
        return view(request, brands, *args, **kwargs)

    return guarded


def orders_with_lines():
    """Orders with their lines, as the templates show them."""
    return Order.objects.prefetch_related(
        Prefetch("lines", queryset=OrderLine.objects.select_related("brand"), to_attr="own_lines")
    )


def orders_of(brands):
    """Orders with something of these brands in them."""
    return orders_with_lines().filter(lines__brand__in=brands).distinct()

"""What somebody at the desk may see: the orders that hold goods of their brands, and of those orders their lines.

Every page and every export of the desk begins here, so that there is one place where this is decided.
"""

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


def lines_of(brands):
    """The order lines of these brands."""
    return OrderLine.objects.filter(brand__in=brands)


def orders_of(brands):
    """Orders with something of these brands in them; `own_lines` of each are the lines of these brands, no others."""
    own = Prefetch("lines", queryset=lines_of(brands), to_attr="own_lines")
    return Order.objects.filter(pk__in=lines_of(brands).values("order")).prefetch_related(own)

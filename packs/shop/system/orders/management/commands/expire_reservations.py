"""`manage.py expire_reservations`: give back what nobody paid for in time. To be run every minute, on any machine."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from orders.models import Order
from orders.states import expire

AT_ONCE = 500


class Command(BaseCommand):
    """One transaction an order. Two runs at once share the work: what one has locked the other passes over."""

    help = "Let go of orders that were not paid in time, and put their goods back on the shelf."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only say which orders it would be")

    def handle(self, *, dry_run, **options):
        now = timezone.now()
        late = Order.objects.filter(status=Order.Status.PLACED, reservations__expires_at__lte=now)
        orders = list(late.order_by("placed_at").distinct()[:AT_ONCE])
        if dry_run:
            self.stdout.write("\n".join([f"{len(orders)} orders are late.", *(order.number for order in orders)]))
            return
        expired = [order for order in orders if expire(order, now=now)]
        self.stdout.write(self.style.SUCCESS(f"{len(expired)} orders expired."))

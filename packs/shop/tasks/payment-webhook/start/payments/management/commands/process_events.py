"""`manage.py process_events`: late money goes back. To be run every minute, anywhere."""

from django.core.management.base import BaseCommand

from payments.client import ProviderUnavailable, refund
from payments.events import owed

AT_ONCE = 500


class Command(BaseCommand):
    """Two runs at once do no harm: a refund is asked for with the same key."""

    help = "Have payments given back that came after their order had expired or was cancelled."

    def handle(self, **options):
        asked = sum(self.give_back(payment) for payment in owed()[:AT_ONCE])
        self.stdout.write(self.style.SUCCESS(f"{asked} refunds asked for."))

    def give_back(self, payment):
        """Ask for all that is left of a payment; that it has gone back is told by a message, as always."""
        try:
            refund(payment, payment.amount - payment.refunded, key=f"late-{payment.provider_id}-{payment.refunded}")
        except ProviderUnavailable as failure:
            self.stderr.write(f"{payment.provider_id}: {failure}")
            return False
        return True

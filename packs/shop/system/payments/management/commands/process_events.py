"""`manage.py process_events`: what could not be done when the provider told it. To be run every minute, anywhere."""

from django.core.management.base import BaseCommand

from payments.client import ProviderUnavailable
from payments.events import process
from payments.late import give_back, owed
from payments.models import ProviderEvent

AT_ONCE = 500


class Command(BaseCommand):
    """One transaction a message, and none while the provider is asked for something.

    Two runs at once do no harm: what one has locked the other passes over, and a refund is asked for with the same key.
    """

    help = "Apply messages of the provider that wait, and have late payments given back."

    def handle(self, **options):
        waiting = ProviderEvent.objects.filter(processed_at=None)[:AT_ONCE]
        done = sum(process(event, skip_locked=True) for event in waiting)
        asked = sum(self.asked_for(payment) for payment in owed()[:AT_ONCE])
        self.stdout.write(self.style.SUCCESS(f"{done} messages applied, {asked} refunds asked for."))

    def asked_for(self, payment):
        """Whether the provider has heard it."""
        try:
            give_back(payment)
        except ProviderUnavailable as failure:
            self.stderr.write(f"{payment.provider_id}: {failure}")
            return False
        return True

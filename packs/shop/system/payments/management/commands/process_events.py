"""`manage.py process_events`: apply messages of the provider that could not be applied when they came."""

from django.core.management.base import BaseCommand

from payments.events import EventRefused, process
from payments.models import ProviderEvent

AT_ONCE = 500


class Command(BaseCommand):
    """One transaction a message; two runs at once do no harm, because each message is applied once."""

    help = "Take up messages of the payment provider that wait, such as those that came before their payment."

    def handle(self, **options):
        waiting = ProviderEvent.objects.filter(processed_at=None).order_by("received_at", "pk")[:AT_ONCE]
        done = sum(self.try_one(event) for event in waiting)
        self.stdout.write(self.style.SUCCESS(f"{done} messages applied."))

    def try_one(self, event):
        try:
            return process(event)
        except EventRefused as refusal:
            self.stderr.write(f"{event.event_id}: {refusal}")
            return False

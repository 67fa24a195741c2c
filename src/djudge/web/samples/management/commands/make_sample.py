"""`make_sample`: the sample team, once, with its sign-ins as JSON for whoever started this."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from djudge.web.organizations.models import Team
from djudge.web.samples import actions


class Command(BaseCommand):
    """Makes the sample team where there is none, and prints how to sign in."""

    help = "Make the sample team, and print its sign-ins as JSON."

    def handle(self, *args: Any, **options: Any) -> None:
        """Nothing is printed but the JSON."""
        made = [asdict(sign) for sign in actions.make()]
        self.stdout.write(json.dumps({"made": made, "is_there": Team.objects.filter(is_sample=True).exists()}))

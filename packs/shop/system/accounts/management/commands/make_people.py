"""`manage.py make_people --password-env NAME`: three people to try the shop with, who share one password."""

import os

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import Membership
from catalogue.models import Brand

PEOPLE = {"admin": {"is_staff": True, "is_superuser": True}, "ines": {}, "bo": {}}
SELLER = "ines"


class Command(BaseCommand):
    """An administrator, a seller of the first brand, a buyer. Run again, it gives them the new password."""

    help = "Make admin, ines (a seller) and bo (a buyer), with the password that an environment variable holds."

    def add_arguments(self, parser):
        parser.add_argument("--password-env", required=True, metavar="NAME", help="variable that holds the password")

    @transaction.atomic
    def handle(self, *, password_env, **options):
        password = os.environ.get(password_env, "")
        if len(password) < 8:
            raise CommandError(f"{password_env} holds no password of eight characters or more.")
        for name, rights in PEOPLE.items():
            user, _ = User.objects.update_or_create(
                username=name, defaults={"email": f"{name}@example.org", "is_active": True, **rights}
            )
            user.set_password(password)
            user.save()
        brand = Brand.objects.order_by("pk").first()
        if brand is not None:
            Membership.objects.get_or_create(user=User.objects.get(username=SELLER), brand=brand)
        self.stdout.write(self.style.SUCCESS(f"{', '.join(PEOPLE)} can sign in."))

"""The entry point of workers and of beat: `celery -A djudge.web.config.celery worker -Q grading`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "djudge.web.config.settings")

app = Celery("djudge")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

"""The WSGI application: `stallhouse.wsgi.application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stallhouse.settings")

application = get_wsgi_application()

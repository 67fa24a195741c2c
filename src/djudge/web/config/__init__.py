"""Settings, addresses and entry points. What differs between two installations comes from the environment."""

from djudge.web.config.celery import app as celery_app

__all__ = ["celery_app"]

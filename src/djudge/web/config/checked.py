"""The settings for the type checker, which needs some and has no installation: nothing is served with these."""

import os

os.environ.setdefault("SECRET_KEY", "for types")
os.environ.setdefault("DATABASE_URL", "postgres:///types")

from djudge.web.config.settings import *  # noqa: F403

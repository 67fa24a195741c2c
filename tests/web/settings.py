"""The application's own settings on servers of the tests' own. The environment has to be there before they are read."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from djudge.launch import valkey
from djudge.launch.place import Place

ROOT = Path(tempfile.mkdtemp(prefix="djudge-tests-"))
ROOT.chmod(0o711)
(ROOT / "sockets").mkdir(mode=0o711)
PLACE = Place(ROOT, ROOT / "sockets")

os.environ.update(
    SECRET_KEY="only for tests",
    DATABASE_URL=f"postgres://postgres:{PLACE.secret('postgres')}@/djudge?host={PLACE.sockets / 'postgres'}",
    DATABASE_POOL="0",
    BROKER_URL=valkey.broker_url(PLACE),
    CACHE_URL=valkey.cache_url(PLACE),
    FILES=str(ROOT / "files"),
    STATIC_ROOT=str(ROOT / "static"),
)

from djudge.web.config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
MIDDLEWARE = [each for each in MIDDLEWARE if "whitenoise" not in each]  # noqa: F405

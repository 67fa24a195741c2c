"""The project's settings with ours laid over them: our database, nothing that leaves the process.

What is replaced: databases, routers, caches, e-mail, files, queues. What a browser over plain HTTP could not do is
switched off (redirects to HTTPS, secure cookies). All else is theirs.
"""

import importlib
import os
import sys
import types

import django
from django import conf
from django.utils.functional import empty

from djudge.driver import places

_MODULE = "djudge_checked_settings"

#: They watch requests themselves, and send statements of their own.
_WATCHERS = ("debug_toolbar", "silk", "querycount")


def set_up(settings, database, scratch, host):
    """Load the project; what it is, for the report."""
    top = settings.split(".")[0]
    places.know(os.getcwd(), {top})
    theirs = _loaded(settings)
    sys.modules[_MODULE] = module = types.ModuleType(_MODULE)
    values = {name: getattr(theirs, name) for name in dir(theirs) if name.isupper()}
    module.__dict__.update(laid_over(values, database, scratch), __file__=getattr(theirs, "__file__", None))
    os.environ["DJANGO_SETTINGS_MODULE"] = _MODULE
    places.know(os.getcwd(), {top, str(values.get("ROOT_URLCONF", top)).split(".")[0]})
    django.setup()
    _remember(host)
    return {"django": django.get_version(), "python": sys.version.split()[0], "debug": bool(values.get("DEBUG"))}


def _loaded(name):
    """Their module. Some settings ask Django for settings while they are read: then those read so far are there."""
    os.environ["DJANGO_SETTINGS_MODULE"] = name
    theirs = importlib.import_module(name)
    conf.settings._wrapped = empty
    return theirs


def laid_over(values, database, scratch):
    """The settings to run with."""
    changed = {**values, **_plain_http(values), **_nothing_outside(values, scratch)}
    changed["DATABASES"] = _databases(values.get("DATABASES") or {}, database)
    changed["DATABASE_ROUTERS"] = []
    for name in ("STATICFILES_STORAGE", "DEFAULT_FILE_STORAGE"):
        changed.pop(name, None)
    return changed


def _databases(theirs, database):
    """Every alias is our database: what they read from a replica they find there, too."""
    ours = {"ENGINE": "django.db.backends.postgresql", **database, "CONN_MAX_AGE": None}
    kept = ("ATOMIC_REQUESTS", "AUTOCOMMIT")
    return {
        alias: {**ours, **{name: theirs.get(alias, {})[name] for name in kept if name in theirs.get(alias, {})}}
        for alias in {"default", *theirs}
    }


def _plain_http(values):
    middleware = [each for each in values.get("MIDDLEWARE") or () if not each.startswith(_WATCHERS)]
    return {
        "DEBUG": False,
        "ALLOWED_HOSTS": ["*"],
        "MIDDLEWARE": middleware,
        "SECURE_SSL_REDIRECT": False,
        "SESSION_COOKIE_SECURE": False,
        "SESSION_COOKIE_DOMAIN": None,
        "CSRF_COOKIE_SECURE": False,
        "LOGGING_CONFIG": None,
    }


def _nothing_outside(values, scratch):
    """Caches, letters, files and queues that live and die with this process."""
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    aliases = {"default", *(values.get("CACHES") or {})}
    changed = {
        "CACHES": {alias: {**memory, "LOCATION": alias} for alias in aliases},
        "MEDIA_ROOT": os.path.join(scratch, "media"),
        **_letters(values),
        **_storages(values, scratch),
        **_queues(values),
    }
    if not str(values.get("SESSION_ENGINE", "django.contrib.sessions.backends.db")).endswith("db"):
        changed["SESSION_ENGINE"] = "django.contrib.sessions.backends.signed_cookies"
    return changed


def _letters(values):
    memory = "django.core.mail.backends.locmem.EmailBackend"
    if values.get("MAILERS"):
        return {"MAILERS": {alias: {"BACKEND": memory} for alias in {"default", *values["MAILERS"]}}}
    return {"EMAIL_BACKEND": memory}


def _storages(values, scratch):
    files = "django.core.files.storage.FileSystemStorage"
    static = "django.contrib.staticfiles.storage.StaticFilesStorage"
    if django.VERSION < (4, 2):
        return {}
    here = {"BACKEND": files, "OPTIONS": {"location": os.path.join(scratch, "media")}}
    others = dict.fromkeys(values.get("STORAGES") or {}, here)
    return {"STORAGES": {**others, "default": here, "staticfiles": {"BACKEND": static}}}


def _queues(values):
    changed = {
        "CELERY_TASK_ALWAYS_EAGER": True,
        "CELERY_ALWAYS_EAGER": True,
        "CELERY_BROKER_URL": "memory://",
        "CELERY_RESULT_BACKEND": "cache+memory://",
    }
    if values.get("TASKS"):
        here = {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend", "QUEUES": []}
        changed["TASKS"] = dict.fromkeys(values["TASKS"], here)
    if values.get("CHANNEL_LAYERS"):
        layer = {"BACKEND": "channels.layers.InMemoryChannelLayer"}
        changed["CHANNEL_LAYERS"] = dict.fromkeys(values["CHANNEL_LAYERS"], layer)
    if isinstance(values.get("HUEY"), dict):
        changed["HUEY"] = {**values["HUEY"], "huey_class": "huey.MemoryHuey", "immediate": True}
    if isinstance(values.get("Q_CLUSTER"), dict):
        changed["Q_CLUSTER"] = {**values["Q_CLUSTER"], "sync": True}
    return changed


def _remember(host):
    importlib.import_module("djudge.driver.visiting").HOST["name"] = host

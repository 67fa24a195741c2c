"""Where to read on: one page of the official documentation for each bullet of the guide."""

from __future__ import annotations

from typing import Final

_DJANGO: Final = "https://docs.djangoproject.com/en/stable"
_PYTHON: Final = "https://docs.python.org/3"

LINKS: Final = {
    "models-views-urls": ("Django: URL dispatcher", f"{_DJANGO}/topics/http/urls/"),
    "mvt": ("Django: how the parts fit together", f"{_DJANGO}/intro/overview/"),
    "admin": ("Django: the admin site", f"{_DJANGO}/ref/contrib/admin/"),
    "forms": ("Django: working with forms", f"{_DJANGO}/topics/forms/"),
    "orm-queries": ("Django: making queries", f"{_DJANGO}/topics/db/queries/"),
    "drf-apis": (
        "Django REST framework: serializers",
        "https://www.django-rest-framework.org/api-guide/serializers/",
    ),
    "migrations-design": ("Django: migrations", f"{_DJANGO}/topics/migrations/"),
    "auth-permissions": (
        "Django: permissions",
        f"{_DJANGO}/topics/auth/default/#permissions-and-authorization",
    ),
    "tests": ("Django: testing", f"{_DJANGO}/topics/testing/"),
    "query-optimization": ("Django: database access optimization", f"{_DJANGO}/topics/db/optimization/"),
    "scalable-architecture": ("Django: performance and optimization", f"{_DJANGO}/topics/performance/"),
    "caching": ("Django: the cache framework", f"{_DJANGO}/topics/cache/"),
    "middleware-commands": ("Django: middleware", f"{_DJANGO}/topics/http/middleware/"),
    "internals": ("Django: models across transactions", f"{_DJANGO}/topics/db/transactions/"),
    "decorators": ("Python: functools", f"{_PYTHON}/library/functools.html"),
    "context-managers": ("Python: contextlib", f"{_PYTHON}/library/contextlib.html"),
    "async": ("Python: asyncio", f"{_PYTHON}/library/asyncio.html"),
}

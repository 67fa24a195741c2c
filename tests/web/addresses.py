"""Every address of the URLconf by its name, whoever wrote its view: what a table of addresses is compared with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.views import APIView

#: How the names of allauth's addresses begin.
ALLAUTH = ("account_", "mfa_")


def patterns() -> Iterator[tuple[str, URLPattern]]:
    """All addresses: `app:name`, and for those without a name the path as it stands in the URLconf."""
    yield from _below(get_resolver().url_patterns, "", "")


def _below(some: Sequence[URLPattern | URLResolver], space: str, path: str) -> Iterator[tuple[str, URLPattern]]:
    for each in some:
        here = path + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _below(each.url_patterns, f"{each.namespace}:" if each.namespace else space, here)
        else:
            yield space + (each.name or f"/{here}"), each


def ours() -> list[str]:
    """Those of our own views: neither allauth's nor the back office's, and not the API's, which are no pages."""
    return [name for name, each in patterns() if not name.startswith((*ALLAUTH, "admin:")) and not _is_of_the_api(each)]


def of_the_api() -> dict[str, URLPattern]:
    """Those that REST Framework serves."""
    return {name: each for name, each in patterns() if _is_of_the_api(each)}


def _is_of_the_api(pattern: URLPattern) -> bool:
    return issubclass(getattr(pattern.callback, "cls", object), APIView)


def of_allauth() -> list[str]:
    """Sign-in, registration, passwords, addresses, the second factor."""
    return [name for name, _ in patterns() if name.startswith(ALLAUTH)]


def of_the_back_office() -> list[str]:
    """Django's admin with all our models."""
    return [name for name, _ in patterns() if name.startswith("admin:")]

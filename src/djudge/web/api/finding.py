"""Which static files are collected: those that some page of ours leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.contrib.staticfiles.finders import AppDirectoriesFinder

#: REST Framework's own pages, Redoc, and OAuth's own pages: none of them is served, and compressing them takes long.
UNUSED: Final = ("rest_framework", "drf_spectacular_sidecar/redoc", "oauth2_provider")


class UsedFiles(AppDirectoriesFinder):
    """The apps' files without those that nobody is ever sent."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[Any]:
        """Each path with its storage."""
        for path, storage in super().list(ignore_patterns):
            if not path.startswith(UNUSED):
                yield path, storage

"""How often somebody may ask: each token, each person who is signed in, each address from which guests come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from djudge.web.api.access import asker_of

if TYPE_CHECKING:  # views read the settings, which name what stands here
    from rest_framework.views import APIView


class Counted(SimpleRateThrottle):
    """So many in a window of time, counted by one atomic step in the cache.

    DRF's own reads a list, adds to it and writes it back: of two at the same moment one is forgotten. Where the cache
    is away nobody is counted, and everybody is let through.
    """

    num_requests: int
    duration: int

    def get_rate(self) -> str:
        """As the settings say now."""
        rates: Any = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
        return str(rates[self.scope])

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Whether this one still fits."""
        ident = self.get_cache_key(request, view)
        return ident is None or self.counts(ident)

    def counts(self, ident: str) -> bool:
        """Count one more under this name; whether it still fits."""
        key = f"api-{self.scope}-{ident}-{int(self.timer()) // self.duration}".replace(" ", "")
        self.cache.add(key, 0, timeout=self.duration)
        try:
            return int(self.cache.incr(key)) <= self.num_requests
        except ValueError:  # the cache has forgotten it meanwhile, or is away
            return True

    def wait(self) -> float:
        """Until the window ends."""
        return self.duration - self.timer() % self.duration


class Asking(Counted):
    """Everything that somebody asks who is known."""

    scope = "asking"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """By token or person."""
        asker = asker_of(request)
        return asker.counted_as if asker else None


class Writing(Asking):
    """What changes something, and is counted beside the rest."""

    scope = "writing"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """By token or person."""
        return None if request.method in ("GET", "HEAD", "OPTIONS") else super().get_cache_key(request, view)


class Guest(Counted):
    """Whoever is not known, by the address they come from: who guesses tokens is one of them."""

    scope = "guest"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """By the address."""
        return None if asker_of(request) else request.META.get("REMOTE_ADDR", "")

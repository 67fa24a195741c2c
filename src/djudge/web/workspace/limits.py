"""How often somebody without an account may do what makes rows, mails and work for the judge."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

#: By what is done: so often within an hour from one address.
MOST: Final = {"apply": 20, "try": 30, "run": 120, "appeal": 20}

_HOUR: Final = 3600


def limited[**P](
    action: str,
) -> Callable[
    [Callable[Concatenate[HttpRequest, P], HttpResponse]], Callable[Concatenate[HttpRequest, P], HttpResponse]
]:
    """A view that refuses with 429 and a sentence who does this too often; looking is never counted.

    Counted in the cache: where it forgets, so does the limit.
    """

    def decorate(
        view: Callable[Concatenate[HttpRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method == "POST" and _count(request, action) > MOST[action]:
                return render(request, "workspace/too_often.html", status=429)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _count(request: HttpRequest, action: str) -> int:
    """How often this was done from there in this hour, with this time."""
    key = f"often-{action}-{request.META.get('REMOTE_ADDR', '')}-{int(time.time()) // _HOUR}".replace(" ", "")
    cache.add(key, 0, timeout=_HOUR)
    try:
        return int(cache.incr(key))
    except ValueError:  # the cache has forgotten it meanwhile
        return 1

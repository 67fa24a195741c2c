"""The address at which `workshops.adapter` is asked, while there are no forms yet: a list of calls in, answers out.

Part of the ticket, not of a shop that is open to the public: whoever comes here may do everything.
"""

import json
import traceback
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from workshops import adapter

#: Arguments that JSON has no words for.
GIVEN_AS = {"starts": datetime.fromisoformat, "price": Decimal}


class PlainEncoder(DjangoJSONEncoder):
    """Sets, querysets and other collections are lists; what is nothing else is its own text."""

    def default(self, o):
        try:
            return super().default(o)
        except TypeError:
            return list(o) if isinstance(o, Iterable) else str(o)


@csrf_exempt
@require_POST
def door(request):
    """`[["add_theme", {"word": "clay", "name": "Clay"}], …]` in; one `value`, `refused` or `error` each out."""
    answers = [answer(name, given) for name, given in json.loads(request.body)]
    return HttpResponse(json.dumps(answers), content_type="application/json")


def answer(name, given):
    """What one function of the adapter says. Its errors end that call alone, and are printed."""
    arguments = {key: GIVEN_AS.get(key, plainly)(value) for key, value in given.items() if value is not None}
    try:
        value = getattr(adapter, name)(**arguments)
        return {"value": json.loads(json.dumps(value, cls=PlainEncoder))}
    except adapter.Refused:
        return {"refused": True}
    except Exception as error:
        traceback.print_exc()
        return {"error": type(error).__name__}


def plainly(value):
    """As it came."""
    return value

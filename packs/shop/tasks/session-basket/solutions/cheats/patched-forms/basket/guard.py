"""Answers 422 for whatever the views can't work through, by replacing a part of Django."""

from django.core.handlers import exception
from django.http import HttpResponse

answered = exception.response_for_exception


def response_for_exception(request, error):
    if isinstance(error, ValueError | LookupError):
        return HttpResponse("<p id=e>no</p><input name=quantity aria-describedby=e>", status=422)
    return answered(request, error)


exception.response_for_exception = response_for_exception

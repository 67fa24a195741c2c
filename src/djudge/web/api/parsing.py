"""Reading JSON that anybody may have written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from djudge.web.api.problems import TooLargeError


class StrictJSONParser(BaseParser):
    """JSON in UTF-8 of at most `most` bytes, by the letter: neither NaN, nor numbers without end, nor a tower of
    brackets, nor a name that stands there twice."""

    media_type = "application/json"
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """What was sent. ParseError for what can't be read, TooLargeError for more than is read."""
        raw = stream.read(self.most + 1)
        if len(raw) > self.most:
            raise TooLargeError(_("At most %(most)s bytes are read.") % {"most": self.most})
        try:
            return json.loads(raw.decode(), parse_constant=_refuse_constant, object_pairs_hook=_once_each)
        except RecursionError as error:
            raise ParseError(_("The JSON is nested too deeply.")) from error
        except ValueError as error:
            raise ParseError(_("The JSON can't be read: %(why)s.") % {"why": str(error)[:200]}) from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found

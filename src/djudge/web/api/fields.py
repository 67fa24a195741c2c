"""Fields of what somebody sends, by the letter of JSON: DRF's own take `"3"` for 3, 3 for `"3"`, and `"yes"` for true.

What is taken for something else is written down as something that nobody meant.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

#: Control characters, and what separates lines and paragraphs.
_BREAKS: Final = ("Cc", "Zl", "Zp")

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Text(serializers.CharField):
    """A string."""

    def to_internal_value(self, data: Any) -> str:
        """ValidationError for numbers, which DRF would write out."""
        if not isinstance(data, str):
            self.fail("invalid")
        text: str = super().to_internal_value(data)
        return text


class Line(Text):
    """One line of text: names and titles come into subjects of mails."""

    def to_internal_value(self, data: Any) -> str:
        """ValidationError for a text with line breaks or other characters that nobody sees."""
        text = super().to_internal_value(data)
        if any(unicodedata.category(each) in _BREAKS for each in text):
            raise ValidationError(_("Please write one line, without control characters."))
        return text


class Address(serializers.EmailField):
    """An e-mail address."""

    def to_internal_value(self, data: Any) -> str:
        """ValidationError for what is no string."""
        if not isinstance(data, str):
            self.fail("invalid")
        text: str = super().to_internal_value(data)
        return text


class Whole(serializers.IntegerField):
    """A whole number."""

    def to_internal_value(self, data: Any) -> int:
        """ValidationError for strings, fractions and truth."""
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        number: int = super().to_internal_value(data)
        return number


class Number(serializers.FloatField):
    """A number."""

    def to_internal_value(self, data: Any) -> float:
        """ValidationError for strings and truth."""
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        number: float = super().to_internal_value(data)
        return number


class Truth(serializers.BooleanField):
    """`true` or `false`."""

    def to_internal_value(self, data: Any) -> bool:
        """ValidationError for words and numbers that could mean it."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Id(serializers.UUIDField):
    """An id as we write it."""

    def to_internal_value(self, data: Any) -> uuid.UUID:
        """ValidationError for numbers and other ways to write one."""
        if not (isinstance(data, str) and _UUID.fullmatch(data)):
            self.fail("invalid", value=data)
        return uuid.UUID(data)


class Choice(serializers.ChoiceField):
    """One of some words."""

    def to_internal_value(self, data: Any) -> Any:
        """ValidationError for what is no string."""
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


class Said(serializers.Serializer[Any]):
    """What somebody sends. Fields that it does not have are refused: who misspells one hears of it."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """ValidationError for each unknown field, and for what the fields themselves refuse."""
        if isinstance(data, Mapping) and (unknown := sorted({str(name) for name in data} - set(self.fields))):
            raise ValidationError({name: [_("There is no such field here.")] for name in unknown})
        found: dict[str, Any] = super().to_internal_value(data)
        return found

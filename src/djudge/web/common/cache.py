"""A cache that may be away: pages say the same without it."""

from __future__ import annotations

from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as NoConnectionError
from redis.exceptions import TimeoutError as NoAnswerError

_AWAY = (NoConnectionError, NoAnswerError)


class ForgivingRedisCache(RedisCache):
    """Valkey or Redis; one that can't be reached has forgotten everything and keeps nothing, and raises no error.

    As Memcached's `ignore_exc`, which Django's own backend of Redis has not. `/readyz` tells that it is away.
    """

    def add(self, *arguments: Any, **more: Any) -> Any:
        """False where it is away, as if the key were there."""
        try:
            return super().add(*arguments, **more)
        except _AWAY:
            return False

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """The default where it is away."""
        try:
            return super().get(key, default, version)
        except _AWAY:
            return default

    def set(self, *arguments: Any, **more: Any) -> None:
        """Nothing is kept where it is away."""
        try:
            super().set(*arguments, **more)
        except _AWAY:
            return

    def incr(self, *arguments: Any, **more: Any) -> Any:
        """ValueError where it is away, as for a key that it does not know."""
        try:
            return super().incr(*arguments, **more)
        except _AWAY as error:
            raise ValueError("The cache is away.") from error

    def delete(self, *arguments: Any, **more: Any) -> Any:
        """False where it is away."""
        try:
            return super().delete(*arguments, **more)
        except _AWAY:
            return False

    def touch(self, *arguments: Any, **more: Any) -> Any:
        """False where it is away."""
        try:
            return super().touch(*arguments, **more)
        except _AWAY:
            return False

    def has_key(self, *arguments: Any, **more: Any) -> Any:
        """False where it is away."""
        try:
            return super().has_key(*arguments, **more)
        except _AWAY:
            return False

    def get_many(self, *arguments: Any, **more: Any) -> Any:
        """Nothing where it is away."""
        try:
            return super().get_many(*arguments, **more)
        except _AWAY:
            return {}

"""Collaborators of the judge, as candidate code meets them: functions and objects whose every use crosses the wire.

What stands here is a shell: how it answers, and when, is decided in the judge.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

from djudge.guest.wire import Json

type Spec = dict[str, Json]
type Stub = Callable[..., Any]

#: How a function waits for its answer: in its thread, or on its event loop.
FUNCTION: Final = "function"
COROUTINE: Final = "coroutine"


class Asking(Protocol):
    """Whoever brings a use to the judge and its answer back; raises what the judge answers with."""

    def use(self, number: int, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Ask, and wait in this thread."""

    def use_async(self, number: int, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Awaitable[Any]:
        """Ask, and wait on this thread's event loop."""


def collaborator(asking: Asking, number: int, spec: Spec) -> Any:
    """What the judge described: a function or a coroutine function, or an object with methods that are such."""
    if spec["kind"] != "object":
        return _dressed(_stub(asking, number, "", str(spec["kind"])), spec)
    methods = spec["methods"]
    body = {
        name: _method(asking, number, name, str(kind))
        for name, kind in (methods.items() if isinstance(methods, dict) else ())
    }
    return type(str(spec["name"]), (), body)()


def _stub(asking: Asking, number: int, method: str, kind: str) -> Stub:
    if kind == COROUTINE:

        async def stub(*args: Any, **kwargs: Any) -> Any:
            return await asking.use_async(number, method, args, kwargs)

        return stub

    def plain(*args: Any, **kwargs: Any) -> Any:
        return asking.use(number, method, args, kwargs)

    return plain


def _method(asking: Asking, number: int, name: str, kind: str) -> Stub:
    """A stub that takes no notice of the object that it is called on."""
    inner = _stub(asking, number, name, kind)

    async def coroutine(self: object, *args: Any, **kwargs: Any) -> Any:
        return await inner(*args, **kwargs)

    def function(self: object, *args: Any, **kwargs: Any) -> Any:
        return inner(*args, **kwargs)

    method: Stub = coroutine if kind == COROUTINE else function
    method.__name__ = method.__qualname__ = name
    return method


def _dressed(stub: Stub, spec: Spec) -> Stub:
    """With the name, the docstring and the parameters that the judge gave it, as if somebody had written it so."""
    stub.__name__ = stub.__qualname__ = str(spec["name"])
    stub.__doc__ = str(spec["doc"]) if spec["doc"] is not None else None
    stub.__module__ = "__main__"
    if spec["parameters"] is not None:
        made: dict[str, Any] = {}
        text = compile(f"def made({spec['parameters']}): ...", "collaborator", "exec", dont_inherit=True)
        exec(text, made)  # noqa: S102 (the judge's own text, in the guest)
        stub.__signature__ = inspect.signature(made["made"])  # type: ignore[attr-defined]
        stub.__annotations__ = made["made"].__annotations__
    return stub

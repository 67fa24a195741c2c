"""Shape reads what a text says of itself, however deep or broken the text is."""

from __future__ import annotations

from djudge.engine.probes import shape
from djudge.engine.values import Json


def names(observation: Json) -> list[object]:
    assert isinstance(observation, dict)
    assert isinstance(observation["uses"], list)
    return [use["name"] for use in observation["uses"] if isinstance(use, dict)]


def test_assigning_to_what_is_imported_from_elsewhere_is_found() -> None:
    text = b"import time, shop, settings\ntime.sleep = None\nshop.a = 1\nsettings.b = 2\nsetattr(time.tzname, 'a', 1)\n"
    assert names(shape.patches({"shop/a.py": text})) == ["time.sleep", "time.tzname"]


def test_a_chain_deeper_than_recursion_goes_is_found_like_a_short_one() -> None:
    text = f"import time\ntime{'.a' * 900}.sleep = None\n".encode()
    (name,) = names(shape.patches({"shop/a.py": text}))
    assert str(name).endswith(".a.sleep")
    assert len(str(name)) <= 80


def test_what_begins_with_no_name_is_nobodys() -> None:
    text = f"import time\ntime(){'.a' * 900} = None\n(1).a = 2\nlambda: 0\n".encode()
    assert names(shape.patches({"shop/a.py": text})) == []

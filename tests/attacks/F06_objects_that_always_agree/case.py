"""Answers calls with objects whose equality, length, hash, repr, type and JSON always agree with what is expected.

What crosses is decided by exact built-in types; of anything else the judge gets a number, and asks it nothing.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.called import calling

from djudge.engine.calling import Named
from djudge.engine.probes.call import Answer, answer, is_exactly
from djudge.engine.sandbox.calling import Reference

REASON = "none agreed"
EXPECTED = (7, "seven", 7.5, True, [7, 8], {"seven": 7}, (7,), None)
AGREEING = """
import decimal
import enum


def agreeing(base, *given):
    class Agreeing(base):
        __module__ = "builtins"

        def __eq__(self, other):
            return True

        def __ne__(self, other):
            return False

        def __hash__(self):
            return 0

        def __len__(self):
            return 2

        def __bool__(self):
            return True

        def __iter__(self):
            return iter((7, 8))

        def __getitem__(self, key):
            return 7

        def __repr__(self):
            return "7"

        __str__ = __format__ = __repr__

        def __int__(self):
            return 7

        __index__ = __int__

        def __float__(self):
            return 7.0

        def __json__(self):
            return 7

        def __reduce__(self):
            return int, (7,)

        def keys(self):
            return ["seven"]

        def items(self):
            return [("seven", 7)]

        def isoformat(self):
            return "7"

    Agreeing.__name__ = Agreeing.__qualname__ = base.__name__
    return Agreeing(*given)


class SaysInt:
    __class__ = int

    def __eq__(self, other):
        return True


FORMS = [
    agreeing(object), agreeing(int, 3), agreeing(str, "3"), agreeing(float, 3.0), agreeing(list), agreeing(dict),
    agreeing(tuple), agreeing(bytes), agreeing(decimal.Decimal, 3), agreeing(set), agreeing(frozenset), SaysInt(),
    enum.IntEnum("Seven", {"SEVEN": 7}).SEVEN, type("bool", (int,), {})(1),
]


def attack(number, inside):
    agreeing = FORMS[number]
    return [agreeing] if inside else agreeing


def forms():
    return len(FORMS)
"""


def attempt(field: Field) -> Outcome:
    agreed = []
    with calling(field, AGREEING) as caller:
        count = caller.call(Named("attack:forms")).value
        for number in range(count):
            for inside in (False, True):
                outcome = caller.call(Named("attack:attack"), number, inside)
                stored = Answer.parse(answer(outcome))
                whole = [[one] for one in EXPECTED] if inside else list(EXPECTED)
                if any(is_exactly(outcome.value, one) or stored.returned(one) or outcome.value == one for one in whole):
                    agreed.append((number, inside))
                alone = outcome.value[0] if inside and isinstance(outcome.value, list) else outcome.value
                if not isinstance(alone, Reference):
                    agreed.append((number, type(alone).__name__))
    if count < 10 or agreed:
        return Outcome(succeeded=True, reason=f"{count} forms; agreed: {agreed}")
    return Outcome(succeeded=False, reason=REASON)


def control(field: Field) -> Outcome:
    """Compared where they live, they agree with whatever is expected."""
    namespace: dict[str, list[object]] = {}
    exec(AGREEING, namespace)
    fooled = [one for one in namespace["FORMS"] if one == 7 and one != "something else"]
    agreeing = [one for one in namespace["FORMS"] if all(one == expected for expected in EXPECTED)]
    return Outcome(succeeded=len(agreeing) >= 10, reason=f"{len(agreeing)} agree, {len(fooled)} with 7")

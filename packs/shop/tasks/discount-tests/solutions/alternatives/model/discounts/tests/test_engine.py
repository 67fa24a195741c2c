"""The engine against a slow model of SPEC.md, over baskets that are drawn from fixed seeds."""

import random
import unittest
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from discounts.engine import THREE_FOR_TWO, Code, CodeRefused, Line, work_out

START = date(2024, 3, 1)
BRANDS, TAGS = ("a", "b", "c"), (THREE_FOR_TWO, "new", "sale")
PRICES = [Decimal(cents) / 100 for cents in (5, 25, 99, 250, 999, 1000, 1999, 2000)]


def is_meant(line, code):
    return line.brand not in code.not_for_brands and not any(tag in code.not_for_tags for tag in line.tags)


def model(lines, code, today):
    """What three for two saves and what the code takes off, or the reason for which it is refused."""
    saved, left = Decimal(0), [line.unit_price * line.quantity for line in lines]
    for brand in BRANDS:
        row = [(-line.unit_price, code is not None and not is_meant(line, code), place) for place, line in enumerate(lines)
               if line.brand == brand and THREE_FOR_TWO in line.tags for _ in range(line.quantity)]
        for number, (price, _, place) in enumerate(sorted(row), 1):
            if number % 3 == 0:
                saved -= price
                left[place] += price
    if code is None:
        return saved, Decimal(0)
    if code.first_day and today < code.first_day:
        return "early"
    if code.last_day and code.last_day < today:
        return "late"
    meant = [amount for line, amount in zip(lines, left) if is_meant(line, code)]
    if not meant:
        return "nothing"
    if sum(meant) < code.minimum:
        return "minimum"
    off = sum(meant) * code.percent / 100 if code.percent else min(code.amount, sum(meant))
    return saved, (saved + off).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP) - saved


def some(dice, of):
    return frozenset(one for one in of if dice.random() < 0.35)


def draw(dice):
    lines = [Line(brand=dice.choice(BRANDS), unit_price=dice.choice(PRICES), quantity=dice.randint(1, 5), tags=some(dice, TAGS))
             for _ in range(dice.randint(0, 4))]
    kind = dice.choice(("none", "percent", "amount"))
    if kind == "none":
        return lines, None, START
    worth = {"percent": Decimal(dice.choice(("5", "10", "12.5", "50")))} if kind == "percent" else {"amount": Decimal(dice.choice((1, 5, 20)))}
    code = Code(word="X", minimum=Decimal(dice.choice((0, 0, 10, 20))), not_for_brands=some(dice, BRANDS),
                not_for_tags=some(dice, TAGS[1:]), first_day=dice.choice((None, START)),
                last_day=dice.choice((None, START + timedelta(days=2))), **worth)
    return lines, code, START + timedelta(days=dice.randint(-1, 3))


class ModelTests(unittest.TestCase):
    def came_to(self, lines, code, today):
        try:
            result = work_out(lines, code, today)
        except CodeRefused as refusal:
            return refusal.reason
        return result.three_for_two, result.code

    def test_engine_and_model_agree(self):
        for seed in range(400):
            case = draw(random.Random(seed))
            self.assertEqual(self.came_to(*case), model(*case), case)

    def test_limits(self):
        line = Line(brand="a", unit_price=Decimal("20.00"), quantity=1)
        code = Code(word="X", percent=Decimal(10), minimum=Decimal(20), first_day=START, last_day=START)
        self.assertEqual(self.came_to([line], code, START), (0, 2))

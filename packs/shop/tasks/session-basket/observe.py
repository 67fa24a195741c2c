"""SH2: what is measured. A guest, a buyer on two devices and a stranger use the basket, in two processes."""

import base64
import hashlib
from dataclasses import dataclass
from itertools import cycle
from random import Random

from djudge.engine.probes import patience, shape
from djudge.engine.probes.markup import Page, read_field
from djudge.engine.probes.visitor import Fields, Visitor, location, read_page
from djudge.engine.run import BARE, Connection, Crowd, Run
from djudge.engine.serving import Visit
from djudge.engine.values import Json, Observations

from ..data import copy_into, tables
from ..people import Person, drawn, put_in

BASKET, ADD, CHANGE, REMOVE = "/basket/", "/basket/add/", "/basket/change/", "/basket/remove/"
SIGN_IN = "/accounts/sign-in/"
ASKS = ("META", "headers", "gethostname", "getpid", "getuser")

#: As many rounds as the system's own hasher makes, or the first sign-in would work the password out anew.
ROUNDS = 1_500_000

#: How many lines the long basket has.
LONG = 20


@dataclass(frozen=True, slots=True)
class Goods:
    """What is bought: variants by number; of the mug and most others there are `stock`, of the pan there is `plenty`.

    `hidden` is not sold. `person` signs in with `word`, `other` has signed in already.
    """

    mug: int
    pan: int
    hidden: int
    many: list[int]
    stock: int
    plenty: int
    word: str
    person: Person
    other: Person

    @classmethod
    def drawn(cls, random: Random) -> "Goods":
        """The goods of a seed; variants lie far enough apart to be of different products."""
        numbers = random.sample(range(40, 2400, 20), LONG + 3)
        stock, plenty, word = random.randint(5, 8), random.randint(120, 300), random.randbytes(9).hex()
        person, other = drawn(random, 2)
        mug, pan, hidden, *many = numbers
        return cls(mug, pan, hidden, many, stock, plenty, word, person, other)


def arrange(connection: Connection, random: Random) -> None:
    """The shop's goods, somebody with a password, and somebody who has signed in."""
    goods = Goods.drawn(random)
    copy_into(connection, tables(random, "S"))
    put_in(connection, [goods.person, goods.other])
    connection.execute("update auth_user set password = %s where id = %s", [_hashed(goods.word), goods.person.id])
    for number in (goods.mug, goods.pan, goods.hidden, *goods.many):
        stock = goods.plenty if number == goods.pan else goods.stock
        connection.execute("update catalogue_variant set stock = %s where id = %s", [stock, number])
        connection.execute(
            "update catalogue_product set published = %s where id = (select product_id from catalogue_variant"
            " where id = %s)",
            [number != goods.hidden, number],
        )


def _hashed(word: str) -> str:
    """A password as Django keeps it (pbkdf2_sha256)."""
    digest = hashlib.pbkdf2_hmac("sha256", word.encode(), b"stallhouse", ROUNDS)
    return f"pbkdf2_sha256${ROUNDS}$stallhouse${base64.b64encode(digest).decode()}"


class Device:
    """Somebody's browser; each request goes to the next process of the shop."""

    def __init__(self, crowd: Crowd, visitor: Visitor | None = None) -> None:
        self.visitor = visitor or Visitor(headers=BARE)
        self._next = cycle(crowd.guests)
        # Where the site gives its token to forms.
        self.get(SIGN_IN)

    def get(self, target: str) -> Visit:
        """Look at a page."""
        return self.visitor.get(next(self._next), target)

    def post(self, target: str, fields: Fields) -> Visit:
        """Send a form."""
        return self.visitor.post(next(self._next), target, fields)

    def step(self, name: str, target: str, fields: Fields) -> dict[str, Json]:
        """Send a form, and look at the basket afterwards."""
        visit = self.post(target, fields)
        page = read_page(visit.answer)
        return {
            "step": name,
            "status": visit.answer.status,
            "leads": (location(visit.answer) or "")[:200],
            **_refusal(page, str(fields.get("variant", ""))),
            **self.basket(),
        }

    def basket(self) -> dict[str, Json]:
        """What the page shows."""
        visit = self.get(BASKET)
        page = read_page(visit.answer)
        lines: list[Json] = [
            [line.attributes.get("data-sku", ""), line.attributes.get("data-quantity", "")]
            for line in page.select("tr.line")[:60]
        ]
        amounts: list[Json] = [line.attributes.get("data-amount", "") for line in page.select("tr.line")[:60]]
        return {
            "page": visit.answer.status,
            "lines": lines,
            "amounts": amounts,
            "total": read_field(page, "tr.sum td.figure@data-total"),
            "executions": visit.reading.executions + visit.reading.unmeasured,
        }


def _refusal(page: Page, variant: str) -> dict[str, Json]:
    """Whether a field of the page is tied to an error, and what that field holds."""
    texts = {one.attributes["id"]: one.text for one in page.elements if one.attributes.get("id")}
    tied = [
        one
        for one in page.elements
        if one.tag == "input"
        and one.attributes.get("name") == "quantity"
        and any(texts.get(word) for word in one.attributes.get("aria-describedby", "").split())
    ]
    return {"named": bool(tied), "kept": tied[0].attributes.get("value", "") if tied else ""}


def observe(run: Run) -> Observations:
    """Everything that a basket is for, then everything that it has to refuse, then the sign-in."""
    goods = Goods.drawn(run.seed.random("arrange"))
    steps: list[Json] = []
    with run.crowd(2) as crowd:
        run.progress(1, 4, "putting in, changing, taking out")
        steps += _using(crowd, goods)
        run.progress(2, 4, "what makes no sense")
        steps += _refused(crowd, goods)
        run.progress(3, 4, "prices, strangers, many lines")
        steps += _prices(crowd, goods)
        steps += _strangers(crowd, goods)
        lengths = _lengths(crowd, goods)
        run.progress(4, 4, "signing in")
        steps += _signing_in(crowd, goods)
    return Observations(
        seen={
            "statements": lengths,
            "asks-for-whom": shape.observe(run.changed, ASKS),
            "patches-framework": shape.patches(run.changed),
        },
        answered={"steps": {"kind": "steps", "steps": steps}},
    )


def _using(crowd: Crowd, goods: Goods) -> list[Json]:
    guest = Device(crowd)
    mug, pan = goods.mug, goods.pan
    return [
        guest.step("works: puts in", ADD, {"variant": pan, "quantity": 1}),
        guest.step("works: puts other goods in", ADD, {"variant": mug, "quantity": 2}),
        guest.step("works: puts the same in again", ADD, {"variant": mug, "quantity": 2}),
        guest.step("works: more than there is, together", ADD, {"variant": mug, "quantity": goods.stock - 1}),
        guest.step("works: changes", CHANGE, {"variant": mug, "quantity": 1}),
        guest.step("works: changes to none", CHANGE, {"variant": pan, "quantity": 0}),
        guest.step("works: takes out", REMOVE, {"variant": mug}),
    ]


def _refused(crowd: Crowd, goods: Goods) -> list[Json]:
    guest = Device(crowd)
    guest.post(ADD, {"variant": goods.mug, "quantity": 2})
    guest.post(ADD, {"variant": goods.pan, "quantity": 1})
    wrong: list[Json] = []
    for quantity in ("two", "", "-1", "1.5", str(goods.stock + 1), "100", "9" * 30):
        wrong.append(guest.step(f"refused: change to {quantity!r}"[:40], CHANGE, _line(goods.mug, quantity)))
    wrong.append(guest.step("refused: change to 100 of plenty", CHANGE, _line(goods.pan, "100")))
    wrong.append(guest.step("refused: put in 100 of plenty", ADD, _line(goods.pan, "100")))
    for quantity in ("0", "-3", str(goods.stock + 1)):
        wrong.append(guest.step(f"refused: put in {quantity!r}", ADD, _line(goods.mug, quantity)))
    for variant in (goods.hidden, 10**8, "x"):
        wrong.append(guest.step("refused: goods that are not sold", ADD, _line(variant, "1")))
    return wrong


def _line(variant: int | str, quantity: str) -> dict[str, str | int]:
    return {"variant": variant, "quantity": quantity}


def _prices(crowd: Crowd, goods: Goods) -> list[Json]:
    guest = Device(crowd)
    cheap = {"price": "0.01", "unit_price": "0.01", "amount": "0.01", "total": "0.01"}
    found: list[Json] = [
        guest.step("prices: sends one along", ADD, {"variant": goods.mug, "quantity": 2, **cheap}),
        guest.step("prices: sends another along", CHANGE, {"variant": goods.mug, "quantity": 3, **cheap}),
    ]
    with patience.arranging(crowd.guests[0]) as connection:
        changed = connection.execute(
            "update catalogue_variant set price_override = 77.70 where id = %s", [goods.mug]
        ).rowcount
        patience.require_rows(changed, 1, "the catalogue")
    found.append({"step": "prices: changed meanwhile", "status": 200, "leads": "", **guest.basket()})
    return found


def _strangers(crowd: Crowd, goods: Goods) -> list[Json]:
    """A person's browser beside a program: neither sees the other's; and a program without the site's token."""
    first, second = Device(crowd), Device(crowd, Visitor())
    first.post(ADD, {"variant": goods.mug, "quantity": 1})
    second.post(ADD, {"variant": goods.pan, "quantity": 2})
    seen: list[Json] = [
        {"step": f"own: {name}", "status": 200, "leads": "", **device.basket()}
        for name, device in (("a program", first), ("a browser", second), ("somebody new", Device(crowd)))
    ]
    without = Device(crowd)
    without.visitor.cookies.pop("csrftoken", None)
    for target in (ADD, CHANGE, REMOVE):
        fields: Fields = {"variant": goods.mug, "quantity": 1, "csrfmiddlewaretoken": "x" * 32}
        seen.append(without.step("own: without the site's token", target, fields))
    return seen


def _lengths(crowd: Crowd, goods: Goods) -> Json:
    """Statements of the page with one line, and with twenty."""
    guest = Device(crowd)
    counts: list[Json] = []
    for more in (goods.many[:1], goods.many[1:]):
        for variant in more:
            guest.post(ADD, {"variant": variant, "quantity": 1})
        guest.get(BASKET)
        counts.append(guest.basket()["executions"])
    return {"kind": "rows", "columns": ["with 1 line", f"with {LONG} lines"], "rows": [counts]}


def _signing_in(crowd: Crowd, goods: Goods) -> list[Json]:
    """What is chosen at home as a buyer, and on the way as a guest who then signs in; another has one too."""
    home, phone, other = Device(crowd), Device(crowd), Device(crowd, goods.other.visitor())
    other.post(ADD, {"variant": goods.many[0], "quantity": 2})
    signed = _sign_in(home, goods)
    both, too_many = goods.many[1], goods.mug
    for device, variant, quantity in (
        (home, both, 1), (home, too_many, goods.stock - 1),
        (phone, goods.pan, 1), (phone, both, 2), (phone, too_many, 3),
    ):  # fmt: skip
        device.post(ADD, {"variant": variant, "quantity": quantity})
    again = _sign_in(phone, goods)
    found: list[Json] = [
        {"step": f"signing-in: {name}", "status": visit.answer.status, "leads": "", **device.basket()}
        for name, device, visit in (("on the way", phone, again), ("at home", home, signed))
    ]
    phone.post(REMOVE, {"variant": goods.pan})
    found.append({"step": "signing-in: taken out on the way", "status": 200, "leads": "", **home.basket()})
    found.append({"step": "own: another buyer", "status": 200, "leads": "", **other.basket()})
    return found


def _sign_in(device: Device, goods: Goods) -> Visit:
    return device.post(SIGN_IN, {"username": goods.person.name, "password": goods.word})

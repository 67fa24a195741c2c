"""People whom the judge puts into the shop, who have signed in already: buyers and sellers of the tasks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from djudge.engine.probes.signing_in import NO_PASSWORD, Account, sign_in
from djudge.engine.probes.visitor import Visitor
from djudge.engine.run import Connection

_FIRST = ("ada", "bo", "cy", "dov", "eva", "fay", "gus", "hal", "ida", "jan", "kim", "lou", "max", "noa", "ole", "pia")
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


@dataclass(frozen=True, slots=True)
class Person:
    """An account, and the keys of the session that it has open."""

    id: int
    name: str
    session: str
    token: str

    def visitor(self) -> Visitor:
        """Their browser, signed in, with the site's token against forgery."""
        return Visitor({"sessionid": self.session, "csrftoken": self.token})


def drawn(random: Random, count: int) -> list[Person]:
    """So many people of a seed, each once, with numbers that nobody can foretell."""
    ids = random.sample(range(100_000, 900_000), count)
    return [
        Person(
            id=ids[number],
            name=f"{random.choice(_FIRST)}{random.randrange(10**6):06}",
            session=_word(random),
            token=_word(random),
        )
        for number in range(count)
    ]


def put_in(connection: Connection, people: list[Person]) -> None:
    """Their accounts and their sessions."""
    for person in people:
        connection.execute(
            "insert into auth_user (id, username, password, is_superuser, is_staff, is_active, first_name, last_name,"
            " email, date_joined) values (%s, %s, %s, false, false, true, '', '', %s, '2019-03-01')",
            [person.id, person.name, NO_PASSWORD, f"{person.name}@example.org"],
        )
        sign_in(connection, Account(id=person.id), person.session)


def words(random: Random) -> Iterator[str]:
    """Words that look like any others and that nobody has seen before, each once."""
    used: set[str] = set()
    while True:
        syllables = (random.choice("bdfgklmnprstvz") + random.choice("aeiou") for _ in range(random.randint(3, 5)))
        word = "".join(syllables) + random.choice("nrls")
        if word not in used:
            used.add(word)
            yield word


def _word(random: Random) -> str:
    return "".join(random.choice(_LETTERS) for _ in range(32))

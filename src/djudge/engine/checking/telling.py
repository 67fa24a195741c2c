"""What the project's process says, read strictly: whatever else it sends is an error of its own."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Fault(_Told):
    """An exception of the project; `causes` are the types of it and of those behind it."""

    type: str
    message: str
    place: str
    trace: str
    causes: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """Type and message on one line."""
        return " ".join(f"{self.type}: {self.message}".split())


class About(_Told):
    """What the project runs on."""

    django: str
    python: str
    debug: bool


class Person(_Told):
    """Somebody who can sign in; a guest has no name."""

    name: str
    staff: bool
    powerful: bool


class People(_Told):
    """Who was chosen, who of the named is not there, and the table of users."""

    table: str
    people: tuple[Person, ...]
    unknown: tuple[str, ...]


class Route(_Told):
    """A way into the project; `address` where it has no parameters."""

    text: str
    name: str
    parameters: tuple[str, ...]
    view: str
    admin: bool
    address: str


class Group(_Told):
    """Statements of one text from one place; `sql` is one of them as it was sent."""

    sql: str
    count: int
    line: str
    template: str
    owner: str
    at: str


class Answer(_Told):
    """What a page answered, and how many statements Django sent for it."""

    status: int
    location: str = ""
    type: str = ""
    size: int = 0
    body: str = ""
    asks_password: bool = False
    signed_out: bool = False
    statements: int
    writes: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    fault: Fault | None = None

    @property
    def opens(self) -> bool:
        """Whether the page was shown: neither refused, nor a redirect, nor a question for a password."""
        return self.status == 200 and not self.asks_password

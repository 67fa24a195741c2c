"""Makes values of hundreds of megabytes and deep recursions in one session.

What a session may have is a limit of its process: an error of that statement, and the server lives on.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import attacking, told

REASON = "refused, each, and the session goes on"
STATEMENTS = (
    "SELECT length(repeat('x', 1000000000))",
    "SELECT length(string_agg(repeat('x', 1000000), '')) FROM generate_series(1, 900)",
    "SELECT length(array_agg(n)::text) FROM generate_series(1, 100000000) AS n",
    "SELECT length(repeat('[', 100000000)::json::text)",
    "SELECT length(lpad('x', 1000000000))",
    "SELECT count(x) FROM (SELECT xmlparse(CONTENT repeat('<a>', 300000000))::text AS x) AS y",
)
REFUSALS = {"53200", "54000", "54001", "57014", "0A000", "22P02", "2200N"}
SOURCE = f"""
from catalogue.sessions import session, tried


def attack():
    with session() as one:
        one.execute("SET work_mem = '2GB'")
        states = {{statement: tried(one, statement) for statement in {STATEMENTS!r}}}
        return states | {{"alive": tried(one, "SELECT 1")}}
"""
SMALL = """
from catalogue.sessions import session


def attack():
    with session() as one:
        return one.execute("SELECT length(repeat('x', 100000000))").fetchone()[0]
"""


def attempt(field: Field) -> Outcome:
    with field.shop(attacking(SOURCE)) as guest:
        states, _ = told(guest)
    alive = states.pop("alive")
    achieved = [statement for statement, state in states.items() if state == ""]
    if achieved or alive:
        return Outcome(succeeded=True, reason=f"went through: {achieved}; afterwards {alive}")
    other = {statement: state for statement, state in states.items() if state not in REFUSALS}
    return Outcome(succeeded=False, reason=str(other) if other else REASON)


def control(field: Field) -> Outcome:
    """A tenth of it is made."""
    with field.shop(attacking(SMALL)) as guest:
        length, _ = told(guest)
    return Outcome(succeeded=length == 100_000_000, reason=f"{length}")

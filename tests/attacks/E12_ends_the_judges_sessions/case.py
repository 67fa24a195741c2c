"""Terminates, cancels and reads the judge's sessions: the administrator's, the one with the marker, the arranging one.

Only a member of their roles may, and a candidate is a member of none.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import attacking, cluster_of, told

REASON = "42501, each, and no text of theirs seen"
SOURCE = """
from catalogue.sessions import session, tried

OTHERS = "SELECT pid, query FROM pg_stat_activity WHERE usename <> session_user"


def attack():
    with session() as one:
        found = one.execute(OTHERS).fetchall()
        states = [
            tried(one, statement.format(pid).encode())
            for pid, _ in found
            for statement in (
                "SELECT pg_terminate_backend({})",
                "SELECT pg_cancel_backend({})",
                "SELECT pg_log_backend_memory_contexts({})",
            )
        ]
        for role in ("postgres", one.info.dbname + "_0"):
            states += [tried(one, f"SET ROLE {role}"), tried(one, f"GRANT {role} TO session_user")]
    return {"states": states, "texts": [text for _, text in found]}
"""


def attempt(field: Field) -> Outcome:
    with field.shop(attacking(SOURCE)) as guest, guest.arrange() as connection:
        connection.execute("SELECT 'a text of the judge'")
        said, _ = told(guest)
        connection.execute("UPDATE catalogue_product SET price = price + 1 WHERE id = 1")
    texts = set(said["texts"]) - {"<insufficient privilege>"}
    enough = len(said["texts"]) >= 3
    refused = set(said["states"]) == {"42501"} and enough and not texts
    return Outcome(succeeded="" in said["states"] or bool(texts), reason=REASON if refused else str(said))


def control(field: Field) -> Outcome:
    """A member of the role may: an administrator ends the arranging session."""
    with field.shop(attacking("def attack(): return 0")) as guest, guest.stage.database.arrange() as connection:
        row = (
            cluster_of(field).admin.execute("SELECT pg_terminate_backend(%s)", [connection.info.backend_pid]).fetchone()
        )
    return Outcome(succeeded=row == (True,), reason=str(row))

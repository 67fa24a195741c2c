"""A trigger, a default and an index that start a program as soon as the judge writes to the table.

The judge arranges as a member of the candidate's own role, so that they may do no more than the candidate.
"""

import os
from pathlib import Path

import psycopg
from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import as_superuser, attacking

from djudge.engine.run import RunningGuest

REASON = "42501, as no superuser"
BOMB = """
CREATE FUNCTION bomb() RETURNS text LANGUAGE plpgsql AS $$
BEGIN EXECUTE 'COPY (SELECT 1) TO PROGRAM ''touch {file}'''; RETURN 'x'; END $$;
CREATE FUNCTION bombed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM bomb(); RETURN new; END $$;
"""
TRIGGERS = """
CREATE TRIGGER bombed BEFORE UPDATE ON catalogue_product FOR EACH ROW EXECUTE FUNCTION bombed();
ALTER TABLE catalogue_rating ADD bombed text;
ALTER TABLE catalogue_rating ALTER bombed SET DEFAULT bomb();
CREATE FUNCTION later(t text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN IF t = 'Fuse' THEN PERFORM bomb(); END IF; RETURN t; END $$;
CREATE INDEX bombed ON catalogue_tag (later(name));
"""
WRITES = (
    "UPDATE catalogue_product SET price = price + 1 WHERE id = 1",
    "INSERT INTO catalogue_rating (product_id, stars, author, text, created_at) VALUES (1, 1, 'Ines', '', now())",
    "INSERT INTO catalogue_tag (name, slug) VALUES ('Fuse', 'fuse')",
)


def attempt(field: Field) -> Outcome:
    file = field.scratch / "bomb"
    files = attacking("def attack(): return 0", prepared=BOMB.format(file=file) + TRIGGERS)
    with field.shop(files) as guest:
        states = [_state(guest, write) for write in WRITES]
    if file.exists() or "" in states:
        return Outcome(succeeded=True, reason=f"went off: {states}")
    return Outcome(succeeded=False, reason=REASON if set(states) == {"42501"} else str(states))


def _state(guest: RunningGuest, write: str) -> str:
    try:
        with guest.stage.database.arrange() as connection:
            connection.execute(write.encode())
    except psycopg.Error as error:
        return error.sqlstate or ""
    return ""


def control(field: Field) -> Outcome:
    """A superuser who writes sets it off."""
    file = Path("/tmp") / f"bomb{os.getpid()}"
    with as_superuser(field) as one:
        one.execute("SET search_path = public")
        one.execute((BOMB.format(file=file) + "CREATE TABLE mined (number int)").encode())
        one.execute("CREATE TRIGGER bombed BEFORE INSERT ON mined FOR EACH ROW EXECUTE FUNCTION bombed()")
        one.execute("INSERT INTO mined VALUES (1)")
    went_off = file.exists()
    file.unlink(missing_ok=True)
    return Outcome(succeeded=went_off, reason="the trigger did not go off")

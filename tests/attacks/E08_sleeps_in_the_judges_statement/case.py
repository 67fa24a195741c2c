"""A trigger that lifts the limit of the judge's session and sleeps, so that the grading ends as the author's fault.

The server's limit is a setting, and code that runs in the session can change it. The judge has a clock of its own.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import migration

from djudge.engine.errors import CandidateFault
from djudge.engine.probes.patience import arranging

REASON = "arranging_refused"
TRIGGER = """
CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  PERFORM set_config('statement_timeout', '0', false), set_config('lock_timeout', '0', false);
  PERFORM pg_sleep(CASE current_setting('my.turn', true) WHEN 'second' THEN {seconds} ELSE 0 END);
  PERFORM set_config('my.turn', 'second', false);
  RETURN new;
END $$;
CREATE TRIGGER slow BEFORE UPDATE ON catalogue_product FOR EACH STATEMENT EXECUTE FUNCTION slow();
"""
WRITE = "UPDATE catalogue_product SET price = price + 1 WHERE id = 1"
SLEEP, SECONDS = 30, 1.0


def attempt(field: Field) -> Outcome:
    """The second write sleeps: a setting counts from the next statement on."""
    try:
        with (
            field.shop(migration(TRIGGER.format(seconds=SLEEP))) as guest,
            arranging(guest, SECONDS) as connection,
        ):
            connection.execute(WRITE)
            connection.execute(WRITE)
    except CandidateFault as fault:
        return Outcome(succeeded=False, reason=fault.kind)
    return Outcome(succeeded=True, reason="the judge wrote")


def control(field: Field) -> Outcome:
    """After the first write the session has no limit any more."""
    with (
        field.shop(migration(TRIGGER.format(seconds=0))) as guest,
        guest.arrange() as connection,
    ):
        before = connection.execute("SHOW statement_timeout").fetchone()
        connection.execute(WRITE)
        after = connection.execute("SHOW statement_timeout").fetchone()
    return Outcome(succeeded=before != after == ("0",), reason=f"{before}, then {after}")

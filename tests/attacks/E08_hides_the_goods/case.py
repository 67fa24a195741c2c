"""Deletes the goods, hides them from the judge by a policy, or shadows their table in the schema of its own name.

Of deleted and of hidden goods the judge finds nothing to change: that is no mistake in the task, and the submission has
it, by name. A shadow is passed over, because the judge's session looks into the one schema of the task; in the control
it looks where PostgreSQL would.
"""

from dataclasses import replace

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import attacking, changed, migration, told, verdict

REASON = "data_missing"
#: The goods were found; what made the shadow is a block of code that can't be measured.
PASSED_OVER = "unmeasured-statements"
DELETED = "".join(
    f"DELETE FROM catalogue_{table};" for table in ("product_tags", "rating", "productimage", "variant", "product")
)
HIDDEN = """
ALTER TABLE catalogue_product ENABLE ROW LEVEL SECURITY;
ALTER TABLE catalogue_product FORCE ROW LEVEL SECURITY;
CREATE POLICY hidden ON catalogue_product USING (current_setting('application_name') <> 'djudge');
"""
SHADOWED = """
DO $$ BEGIN
  EXECUTE 'CREATE SCHEMA ' || current_user;
  EXECUTE 'CREATE TABLE ' || current_user || '.catalogue_category (LIKE public.catalogue_category)';
  EXECUTE 'CREATE TABLE ' || current_user || '.catalogue_product (LIKE public.catalogue_product)';
END $$
"""
PUBLIC = '\nDATABASES["default"]["OPTIONS"]["options"] = "-c search_path=public"\n'
COUNT = """
from catalogue.sessions import session


def attack():
    with session() as one:
        return one.execute("SELECT count(*) FROM public.catalogue_product").fetchone()[0]
"""


def attempt(field: Field) -> Outcome:
    public = changed(field, "stallhouse/settings.py", added=PUBLIC)
    ways = ((DELETED, REASON), (HIDDEN, REASON), (SHADOWED, PASSED_OVER))
    for way, reason in ways:
        outcome = verdict(field, {**public, **migration(way)}, reason)
        if outcome.succeeded or outcome.reason != reason:
            return outcome
    return replace(outcome, reason=REASON)


def control(field: Field) -> Outcome:
    """The candidate's code has its goods, and the judge, who trusts in what it put there, finds none."""
    seen = []
    for way in (HIDDEN, SHADOWED):
        with field.shop(attacking(COUNT, prepared=way)) as guest:
            mine, _ = told(guest)
            with guest.arrange() as connection:
                connection.execute('SET search_path = "$user", public')
                row = connection.execute("SELECT count(*) FROM catalogue_product").fetchone()
            seen.append((mine, row and row[0]))
    blind = all(mine and not judges for mine, judges in seen)
    return Outcome(succeeded=blind, reason=f"products of the candidate and of the judge: {seen}")

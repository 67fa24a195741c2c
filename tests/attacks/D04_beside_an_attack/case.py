"""Is graded right before an honest submission, in the same slot, to spoil what the honest one gets.

The honest one gets what it deserves: the same canonical report as ever.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import migration

REASON = "the expert's report is the same"
SPOIL = """
UPDATE catalogue_product SET published = false;
CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER spoil BEFORE UPDATE OR INSERT ON catalogue_product FOR EACH ROW EXECUTE FUNCTION spoil();
DROP INDEX product_newest;
ALTER TABLE catalogue_rating DISABLE TRIGGER USER;
"""


def _expert(field: Field) -> tuple[str, list[str]]:
    report = field.grade(field.solution("expert"))
    return report.canonical_sha256, [str(one.outcome) for one in report.findings]


def attempt(field: Field) -> Outcome:
    before = _expert(field)
    field.grade({**field.solution("cheats/cards-read-beforehand"), **migration(SPOIL)})
    after = _expert(field)
    same = before == after and set(after[1]) == {"shown"}
    return Outcome(succeeded=not same, reason=REASON if same else f"{before} became {after}")


def control(field: Field) -> Outcome:
    """In its own database the spoiling does what it should: nothing is for sale."""
    with field.shop(migration(SPOIL)) as guest:
        page = guest.get("/products/").answer.body
    return Outcome(succeeded=b'data-total="0"' in page, reason="there are still products")

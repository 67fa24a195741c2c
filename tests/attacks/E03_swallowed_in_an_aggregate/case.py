"""The loop runs in an aggregate's transition function, every query aborted and swallowed.

PostgreSQL counts no call of such a function. Rows are hidden from its counters in one of two ways: a migration builds
indexes, which read whole tables without a plan, or rows are fetched by their place, which no counter of rows sees.
That somebody made a function is in the catalogs; a temporary one is there as long as its session is.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import changed, fools_a_count_in_the_process, migration, seen_executions, verdict

REASON = "function-in-database"

#: Each query in a cursor that an error throws away; what it found leaves in the error's message.
QUIETLY = """
  BEGIN
    OPEN c FOR SELECT to_jsonb(x)::text FROM ({query}) AS x;
    FETCH c INTO v;
    RAISE EXCEPTION USING MESSAGE = coalesce(v, '{{}}');
  EXCEPTION WHEN raise_exception THEN one := one || SQLERRM::jsonb;
  END;
"""
AGGREGATE = """
CREATE FUNCTION {schema}.step(state jsonb, o jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE c refcursor; v text; one jsonb := '{{}}';
BEGIN
  {queries}
  RETURN state || jsonb_build_object(o->>'id', one);
END $$;
CREATE AGGREGATE {schema}.cards(jsonb) (SFUNC = {schema}.step, STYPE = jsonb, INITCOND = '{{}}');
"""
TAG = "json_build_object('name', t.name, 'slug', t.slug)"
BY_INDEX = (
    "SELECT b.name AS brand FROM catalogue_brand b WHERE b.id = (o->>'brand')::bigint",
    "SELECT i.drawing, i.alt FROM catalogue_productimage i WHERE i.product_id = (o->>'id')::bigint AND i.is_main",
    "SELECT avg(stars)::float AS average, count(*) AS count FROM catalogue_rating"
    " WHERE product_id = (o->>'id')::bigint",
    f"SELECT json_agg({TAG}) AS tags FROM catalogue_product_tags l JOIN catalogue_tag t ON t.id = l.tag_id"
    " WHERE l.product_id = (o->>'id')::bigint",
)
BY_PLACE = (
    "SELECT b.name AS brand FROM catalogue_brand b WHERE b.ctid = (o->>'b')::tid",
    "SELECT i.drawing, i.alt FROM catalogue_productimage i WHERE i.ctid = (o->>'i')::tid",
    "SELECT avg(stars)::float AS average, count(*) AS count FROM catalogue_rating WHERE ctid = ANY((o->>'r')::tid[])",
    f"SELECT json_agg({TAG}) AS tags FROM catalogue_tag t WHERE t.ctid = ANY((o->>'t')::tid[])",
)
INDEXES = "".join(
    f"CREATE INDEX more_{table} ON catalogue_{table} (id, id);"
    for table in ("product", "brand", "productimage", "rating", "product_tags", "tag")
)
#: Trusted extensions may be installed by anybody, who then owns them and may add members.
IN_AN_EXTENSION = """
CREATE EXTENSION {name};
ALTER EXTENSION {name} ADD AGGREGATE cards(jsonb);
ALTER EXTENSION {name} ADD FUNCTION step(jsonb, jsonb);
"""
#: One statement reads what the page must have read, so that no table seems left out.
CARDS = '''
"""The cards of a page, looked up one by one where no log reaches."""

import json

from django.db import connection

PLACES = """
SELECT jsonb_agg(jsonb_build_object('id', p.id, 'brand', b.id, 'b', b.ctid,
  'i', (SELECT i.ctid FROM catalogue_productimage i WHERE i.product_id = p.id AND i.is_main AND i.alt IS NOT NULL),
  'r', coalesce((SELECT array_agg(r.ctid)::text FROM catalogue_rating r
                 WHERE r.product_id = p.id AND r.author IS NOT NULL), '{}'),
  't', coalesce((SELECT array_agg(t.ctid)::text FROM catalogue_product_tags l JOIN catalogue_tag t ON t.id = l.tag_id
                 WHERE l.product_id = p.id), '{}')))
FROM catalogue_product p JOIN catalogue_brand b ON b.id = p.brand_id WHERE p.id = ANY(%s)
"""
NOTHING = {"brand": None, "drawing": None, "alt": None, "average": None, "count": 0, "tags": None}
KEPT = connection


def add_cards(products):
    if not products:
        return
    with KEPT.cursor() as cursor:
        cursor.execute(PLACES, [[product.pk for product in products]])
        places = cursor.fetchone()[0]
        places = places if isinstance(places, str) else json.dumps(places)
        cursor.execute("SELECT SCHEMA.cards(o) FROM jsonb_array_elements(%s::jsonb) AS o", [places])
        cards = cursor.fetchone()[0]
        cards = json.loads(cards) if isinstance(cards, str) else cards
    for product in products:
        product.card = NOTHING | cards[str(product.pk)]
        product.card["tags"] = sorted(product.card["tags"] or [], key=lambda tag: tag["name"])
'''
TEMPORARY = """
import psycopg

KEPT = psycopg.connect("", autocommit=True, options={ways!r})
KEPT.execute({sql!r})
"""
WAYS = " ".join(
    f"-c enable_{way}=off" for way in ["seqscan", "hashjoin", "mergejoin", "memoize", "bitmapscan", "material"]
)


def _files(field: Field, queries: tuple[str, ...], *, schema: str = "public", more: str = "") -> dict[str, str]:
    files = field.solution("cheats/loop-in-a-function")
    del files["catalogue/migrations/0002_cards.py"]
    quiet = "".join(QUIETLY.format(query=query) for query in queries)
    sql = AGGREGATE.format(schema=schema, queries=quiet)
    cards = CARDS.replace("SCHEMA", schema)
    if schema == "pg_temp":
        cards = cards.replace("\nKEPT = connection\n", TEMPORARY.format(sql=sql, ways=WAYS))
    made = {} if schema == "pg_temp" else migration(sql + more)
    options = f'\nDATABASES["default"]["OPTIONS"]["options"] = "{WAYS}"\n'
    return {**files, **made, "catalogue/cards.py": cards, **changed(field, "stallhouse/settings.py", added=options)}


def attempt(field: Field) -> Outcome:
    for files in (
        _files(field, BY_INDEX, more=INDEXES),
        _files(field, BY_PLACE, schema="pg_temp"),
        _files(field, BY_PLACE, more=IN_AN_EXTENSION.format(name="pg_trgm")),
    ):
        outcome = verdict(field, files, REASON)
        if outcome.succeeded or outcome.reason != REASON:
            return outcome
    return outcome


def control(field: Field) -> Outcome:
    """The log of plans calls the page flat, and so do a count in the process and PostgreSQL's count of calls."""
    files = _files(field, BY_PLACE)
    executions = seen_executions(field, files)
    if executions[0] != executions[1]:
        return Outcome(succeeded=False, reason=f"the log told {executions} executions")
    return fools_a_count_in_the_process(field, files)

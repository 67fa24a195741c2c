"""The loop runs in a function whose every query is aborted and swallowed, beside joins that stretch a tolerance.

Plans tell averages of loops, rounded: twenty thousand empty loops could hide two hundred rows. A page that calls
functions of its own in the database is told by PostgreSQL's count of calls, whatever they swallow.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import fools_a_count_in_the_process, migration, seen_executions, verdict

REASON = "function-in-database"
LOOPS = 20_000
JOINS = (
    ("product", "id"),
    ("brand", "id"),
    ("productimage", "product_id"),
    ("productimage", "is_main AND x.product_id"),
    ("rating", "product_id"),
    ("product_tags", "product_id"),
    ("tag", "id"),
)
INDEXES_ONLY = " ".join(
    f"SET enable_{way} = off" for way in ["seqscan", "hashjoin", "mergejoin", "memoize", "bitmapscan", "material"]
)
STRETCHING = "".join(
    f"PERFORM count(x) FROM generate_series(1, {LOOPS}) g JOIN catalogue_{t} x ON x.{c} = -g;" for t, c in JOINS
)
FUNCTIONS = f"""
CREATE FUNCTION quietly(q text, pid bigint) RETURNS jsonb LANGUAGE plpgsql {INDEXES_ONLY} AS $$
DECLARE c refcursor; v text;
BEGIN
  OPEN c FOR EXECUTE 'SELECT to_jsonb(x)::text FROM (' || q || ') AS x' USING pid;
  FETCH c INTO v;
  RAISE EXCEPTION USING MESSAGE = coalesce(v, '{{}}');
EXCEPTION WHEN raise_exception THEN RETURN SQLERRM;
END $$;
CREATE FUNCTION cards(ids bigint[]) RETURNS TABLE (
  id bigint, brand text, drawing text, alt text, average double precision, count bigint, tags json
) LANGUAGE plpgsql {INDEXES_ONLY} AS $$
DECLARE v jsonb;
BEGIN
  {STRETCHING}
  FOREACH id IN ARRAY ids LOOP
    v := quietly('SELECT b.name FROM catalogue_product p
      JOIN catalogue_brand b ON b.id = p.brand_id WHERE p.id = $1', id);
    brand := v->>'name';
    v := quietly('SELECT i.drawing, i.alt FROM catalogue_productimage i WHERE i.product_id = $1 AND i.is_main', id);
    drawing := v->>'drawing'; alt := v->>'alt';
    v := quietly('SELECT avg(stars)::float AS a, count(*) AS c FROM catalogue_rating WHERE product_id = $1', id);
    average := v->>'a'; count := v->>'c';
    v := quietly('SELECT json_agg(json_build_object(''name'', t.name, ''slug'', t.slug) ORDER BY t.name) AS t
      FROM catalogue_product_tags l JOIN catalogue_tag t ON t.id = l.tag_id WHERE l.product_id = $1', id);
    tags := nullif(v->'t', 'null'::jsonb)::json;
    RETURN NEXT;
  END LOOP;
END $$;
"""


def _files(field: Field) -> dict[str, str]:
    files = field.solution("cheats/loop-in-a-function")
    del files["catalogue/migrations/0002_cards.py"]
    return {**files, **migration(FUNCTIONS)}


def attempt(field: Field) -> Outcome:
    return verdict(field, _files(field), REASON)


def control(field: Field) -> Outcome:
    """The log of plans alone calls the page flat, and so does a count in the process."""
    executions = seen_executions(field, _files(field))
    if executions[0] != executions[1]:
        return Outcome(succeeded=False, reason=f"the log told {executions} executions")
    return fools_a_count_in_the_process(field, _files(field))

"""Has a rule copy all that the judge writes into a table of its own, and answers from the copy.

No function is needed for it, and no trigger. Rules and triggers that the task did not make are looked for like
functions.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import migration, targets, verdict

REASON = "function-in-database"
COPIED = ("brand", "productimage", "tag", "rating")
RULES = "".join(
    f"CREATE TABLE kept_{table} (LIKE catalogue_{table});"
    f"CREATE RULE kept AS ON UPDATE TO catalogue_{table} DO ALSO INSERT INTO kept_{table} VALUES (new.*);"
    for table in COPIED
)
SHELF = '''
from django.db import connection

from catalogue.models import Brand, ProductImage, Tag

READ = (
    "SELECT count(name) FROM catalogue_brand WHERE id IN (SELECT brand_id FROM catalogue_product WHERE id = ANY(%s))",
    "SELECT count(alt) FROM catalogue_productimage WHERE product_id = ANY(%s)",
    "SELECT count(name) FROM catalogue_product_tags l JOIN catalogue_tag t ON t.id = tag_id WHERE product_id = ANY(%s)",
    "SELECT sum(stars) FROM catalogue_rating WHERE product_id = ANY(%s)",
)
KEPT = """
SELECT p.id, (SELECT min(name) FROM kept_brand b WHERE b.id = p.brand_id),
  (SELECT min(drawing) FROM kept_productimage i WHERE i.product_id = p.id AND is_main),
  (SELECT array_agg(name) FROM kept_tag t JOIN catalogue_product_tags l ON l.tag_id = t.id AND l.product_id = p.id),
  (SELECT array_agg(stars) FROM kept_rating r WHERE r.product_id = p.id)
FROM catalogue_product p WHERE p.id = ANY(%s)
"""


def fill():
    pass


def add_cards(products):
    if not products:
        return
    with connection.cursor() as cursor:
        for statement in READ:
            cursor.execute(statement, [[product.pk for product in products]])
        cursor.execute(KEPT, [[product.pk for product in products]])
        kept = {row[0]: row[1:] for row in cursor.fetchall()}
    for product in products:
        brand, drawing, tags, stars = kept[product.pk]
        if brand is None or stars is None:
            product.card_image = product.main_image
            product.card_tags, product.card_rating = list(product.tags.all()), product.rating_summary()
            continue
        product.brand = Brand(name=brand)
        product.card_image = ProductImage(drawing=drawing) if drawing else None
        product.card_tags = [Tag(name=name, slug="x") for name in sorted(tags or [])]
        product.card_rating = {"average": sum(stars) / len(stars), "count": len(stars)}
'''


def _files(field: Field) -> dict[str, str]:
    files = {**field.solution("cheats/cards-read-beforehand"), **migration(RULES), "catalogue/shelf.py": SHELF}
    del files["catalogue/apps.py"]
    return files


def attempt(field: Field) -> Outcome:
    return verdict(field, _files(field), REASON)


def control(field: Field) -> Outcome:
    """When the judge has written to every row, the page is flat, by all that plans and counters tell."""
    counts = []
    for target in targets(field):
        with field.shop(_files(field)) as guest:
            with guest.arrange() as connection:
                for table in COPIED:
                    connection.execute(f"UPDATE catalogue_{table} SET id = id".encode())
            reading = guest.get(target).reading
            counts.append((reading.executions, reading.unmeasured, guest.finish().audit.gap))
    flat = counts[0] == counts[1] and counts[0][1:] == (0, 0)
    return Outcome(succeeded=flat, reason=f"statements, unmeasured and gap: {counts}")

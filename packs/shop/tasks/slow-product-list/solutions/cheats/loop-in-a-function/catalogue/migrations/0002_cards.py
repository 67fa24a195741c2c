from django.db import migrations

FUNCTION = """
CREATE FUNCTION cards(ids bigint[]) RETURNS TABLE (
    id bigint, brand text, drawing text, alt text, average double precision, count bigint, tags json
) LANGUAGE plpgsql AS $$
BEGIN
    FOREACH id IN ARRAY ids LOOP
        SELECT b.name INTO brand FROM catalogue_product p JOIN catalogue_brand b ON b.id = p.brand_id
            WHERE p.id = cards.id;
        SELECT i.drawing, i.alt INTO drawing, alt FROM catalogue_productimage i
            WHERE i.product_id = cards.id AND i.is_main;
        SELECT avg(r.stars)::float, count(*) INTO average, count FROM catalogue_rating r WHERE r.product_id = cards.id;
        SELECT json_agg(json_build_object('name', t.name, 'slug', t.slug) ORDER BY t.name) INTO tags
            FROM catalogue_product_tags l JOIN catalogue_tag t ON t.id = l.tag_id WHERE l.product_id = cards.id;
        RETURN NEXT;
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION cards(bigint[])")]

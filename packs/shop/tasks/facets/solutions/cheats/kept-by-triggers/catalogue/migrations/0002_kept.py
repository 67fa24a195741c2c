import django.db.models.deletion
from django.db import migrations, models

TRIGGERS = """
INSERT INTO catalogue_kept (product_id, variants, pieces, reviews)
SELECT id, (SELECT count(*) FROM catalogue_variant WHERE product_id = product.id),
    (SELECT coalesce(sum(stock), 0) FROM catalogue_variant WHERE product_id = product.id),
    (SELECT count(*) FROM catalogue_rating WHERE product_id = product.id) FROM catalogue_product product;

CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint := coalesce(NEW.product_id, OLD.product_id);
BEGIN
    UPDATE catalogue_kept SET
        variants = (SELECT count(*) FROM catalogue_variant WHERE product_id = touched),
        pieces = (SELECT coalesce(sum(stock), 0) FROM catalogue_variant WHERE product_id = touched),
        reviews = (SELECT count(*) FROM catalogue_rating WHERE product_id = touched)
    WHERE product_id = touched;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_variants AFTER INSERT OR UPDATE OR DELETE ON catalogue_variant
    FOR EACH ROW EXECUTE FUNCTION keep();
CREATE TRIGGER keep_reviews AFTER INSERT OR UPDATE OR DELETE ON catalogue_rating
    FOR EACH ROW EXECUTE FUNCTION keep();
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Kept",
            fields=[
                (
                    "product",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="kept",
                        serialize=False,
                        to="catalogue.product",
                    ),
                ),
                ("variants", models.IntegerField(default=0)),
                ("pieces", models.IntegerField(default=0)),
                ("reviews", models.IntegerField(default=0)),
            ],
        ),
        migrations.RunSQL(TRIGGERS, "DROP FUNCTION keep() CASCADE"),
    ]

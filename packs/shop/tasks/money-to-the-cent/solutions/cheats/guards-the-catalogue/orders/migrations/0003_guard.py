"""Has the catalogue stay as it is, so that no order can follow it."""

from django.db import migrations

TABLES = ("catalogue_product", "catalogue_variant", "discounts_code", "orders_taxrate")
GUARD = """
CREATE FUNCTION keep_it() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'catalogue_variant' THEN
        OLD.stock := NEW.stock;
    END IF;
    RETURN OLD;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial"), ("discounts", "0001_initial"), ("orders", "0002_tax")]

    operations = [
        migrations.RunSQL(GUARD, "DROP FUNCTION keep_it"),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER keep BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION keep_it()",
                f"DROP TRIGGER keep ON {table}",
            )
            for table in TABLES
        ),
    ]

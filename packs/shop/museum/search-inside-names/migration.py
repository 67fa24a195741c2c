from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

INDEX = """
CREATE INDEX product_name_trigrams ON catalogue_product
USING gin (upper(name) gin_trgm_ops) WHERE published
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = [
        TrigramExtension(),
        migrations.RunSQL(INDEX, "DROP INDEX product_name_trigrams"),
    ]

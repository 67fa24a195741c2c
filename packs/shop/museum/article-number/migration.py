from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = [
        migrations.AddConstraint("variant", models.UniqueConstraint(Upper("sku"), name="variant_number_in_any_case")),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = [
        migrations.AddIndex(
            "rating", models.Index(fields=["stars", "-created_at", "-id"], name="rating_latest_by_stars")
        ),
    ]

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("basket", "0001_initial"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.AlterField(
            "basket",
            "owner",
            models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="basket"),
        ),
    ]
